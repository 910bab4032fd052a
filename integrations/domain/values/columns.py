"""A column of texts read at once.

A hundred thousand rows leave a microsecond for a cell. Cells repeat (days, sources,
countries), so what was read once is remembered; texts are looked at all together, and
one by one only where something in them is unusual.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Protocol

from integrations.domain.problems import BadValue, Problem

type Value = object
"""What a cell says; None where it is blank; a `Problem` where it cannot be read."""

type Parser[V] = Callable[[str], V]
"""Reads one trimmed text that is not blank, or raises `BadValue`."""

REMEMBERED_CELLS = 100_000
_CUT = 60
_UNUSUAL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Column(Protocol):
    """Reads the cells of one column, batch after batch."""

    def read(self, texts: Sequence[str]) -> list[Value]:
        """Return one value for each text."""


class Cells(dict[str, Value]):
    """Reads each text with ``parse`` and remembers what it said."""

    def __init__(self, parse: Parser[Value], blank: Value = None) -> None:
        super().__init__()
        self._parse = parse
        self._blank = blank

    def __missing__(self, text: str) -> Value:
        value = self[text] = self._read(text.strip())
        return value

    def _read(self, text: str) -> Value:
        if not text:
            return self._blank
        try:
            return self._parse(text)
        except BadValue as error:
            return error.problem

    def read(self, texts: Sequence[str]) -> list[Value]:
        """Return one value for each text."""
        if len(self) > REMEMBERED_CELLS:
            self.clear()
        return list(map(self.__getitem__, texts))


class Texts:
    """Reads texts in a line or, where ``parse`` says so, in several.

    Expects that almost all are usual: short enough, in composed form, and without line
    ends, tabs and other control characters. The unusual ones go to ``parse``.
    """

    def __init__(self, parse: Parser[Value], limit: int, blank: Value = None) -> None:
        self._one_by_one = Cells(parse, blank)
        self._limit = limit
        self._blank = blank

    def read(self, texts: Sequence[str]) -> list[Value]:
        """Return one value for each text."""
        if not self._are_usual(texts):
            return self._one_by_one.read(texts)
        return [text.strip() or self._blank for text in texts]

    def _are_usual(self, texts: Sequence[str]) -> bool:
        if max(map(len, texts), default=0) > self._limit:
            return False
        joined = "\ufffe".join(texts)
        if _UNUSUAL.search(joined):
            return False
        return joined.isascii() or unicodedata.is_normalized("NFC", joined)


def cut(text: str) -> str:
    """Return enough of a text to find it again in its cell."""
    return text if len(text) <= _CUT else f"{text[: _CUT - 1]}…"


def is_bad(value: Value) -> bool:
    """Tell whether the cell could not be read."""
    return type(value) is Problem
