"""Log lines: one event a line, UTC, no way for a value to start a new line."""

import logging
import time
from typing import override


class OneLine(logging.Formatter):
    """``2026-01-31T12:00:00Z WARNING leads: text`` with control characters encoded."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"
        )

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        return line.replace("\r", "\\r").replace("\n", "\\n")
