"""Log lines: an event begins a line, in UTC, with the request it belongs to.

No value can begin a line of its own, and no secret is written: tokens, and the keys in
the links that people get by e-mail, are blotted out whoever logs them.
"""

import logging
import re
import time
from contextvars import ContextVar
from typing import override

request_id: ContextVar[str] = ContextVar("request_id", default="-")

_SECRETS = [
    re.compile(r"(alignment_token_\w{8}_)\w+"),
    re.compile(r"(/account/invitation/\d*-?)[^/\s\"']+"),
    re.compile(
        r"(/account/password/reset/key/[0-9A-Za-z]+-)(?!set-password)[^/\s\"']+"
    ),
    re.compile(
        r"(?i)(bearer\s+|(?:session|csrf|password|secret)\w*[\"']?\s*[=:]\s*)\S+"
    ),
    re.compile(r"(\w+://[^:/\s]*:)[^@/\s]+(?=@)"),
]
_BLOT = r"\1…"


def scrub(text: str) -> str:
    """Return the text without what somebody could sign in with."""
    for secret in _SECRETS:
        text = secret.sub(_BLOT, text)
    return text


class OneLine(logging.Formatter):
    """``2026-01-31T12:00:00Z WARNING leads [k3x9]: text``; what follows is indented."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)sZ %(levelname)s %(name)s [%(request_id)s]: %(message)s",
            "%Y-%m-%dT%H:%M:%S",
        )

    @override
    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        if record.levelno < logging.ERROR:
            record = logging.makeLogRecord({**record.__dict__, "exc_info": None})
        lines = scrub(super().format(record)).splitlines()
        return "\n  | ".join(lines)

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        return line.replace("\r", "\\r").replace("\n", "\\n")
