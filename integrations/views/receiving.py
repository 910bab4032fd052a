"""Takes in uploads chunk by chunk and no more of them than the settings allow."""

from typing import override

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class Limited(TemporaryFileUploadHandler):
    """Writes files to disk as they come; drops one that grows too large.

    What is left of such a file is read and thrown away, because a browser that is cut
    off in the middle shows an error of its own in place of our sentence.
    """

    too_large = False
    _received = 0

    @override
    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._received += len(raw_data)
        if self._received > settings.IMPORT_MAX_BYTES:
            self.too_large = True
            raise SkipFile
        super().receive_data_chunk(raw_data, start)
