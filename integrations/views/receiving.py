"""Takes in uploads chunk by chunk and no more of them than the settings allow."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, override

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class Arriving(TemporaryUploadedFile):
    """A file on its way in, beside those that have come.

    From there it is moved in no time, and a system's folder for passing files, which
    may be memory, stays empty.
    """

    def __init__(self, name: str, content_type: str, extra: Any) -> None:  # noqa: ANN401
        folder = Path(default_storage.path("loads"))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = NamedTemporaryFile(suffix=".arriving", dir=folder)  # noqa: SIM115
        UploadedFile.__init__(self, file, name, content_type, 0, None, extra)


class Limited(TemporaryFileUploadHandler):
    """Writes files to disk as they come; drops one that grows too large.

    What is left of such a file is read and thrown away, because a browser that is cut
    off in the middle shows an error of its own in place of our sentence.
    """

    too_large = False
    _received = 0

    @override
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super(TemporaryFileUploadHandler, self).new_file(*args, **kwargs)
        self.file = Arriving(
            self.file_name or "", self.content_type or "", self.content_type_extra
        )

    @override
    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._received += len(raw_data)
        if self._received > settings.IMPORT_MAX_BYTES:
            self.too_large = True
            raise SkipFile
        super().receive_data_chunk(raw_data, start)
