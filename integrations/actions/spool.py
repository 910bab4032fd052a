"""Errors on disk, until they can be written: a file may have a million of them."""

import json
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

from integrations.models import Load, LoadError

_TOLD = ("row", "column", "code", "message", "params", "cells")


class Spool:
    """Errors of one load, in their order; gone when it is closed."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._file = TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 -- see __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, errors: Iterable[LoadError]) -> None:
        """Put errors behind those that are there."""
        for error in errors:
            told = {name: getattr(error, name) for name in _TOLD}
            self._file.write(json.dumps(told) + "\n")

    def errors(self) -> Iterator[LoadError]:
        """Yield all errors, not saved yet."""
        self._file.seek(0)
        for line in self._file:
            yield LoadError(load=self._load, **json.loads(line))
