"""CSV files: separators found out, broken rows survived, read as a stream."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from io import StringIO
from itertools import chain, count, islice
from pathlib import Path
from typing import Final, TextIO

from integrations.domain.problems import Problem
from integrations.domain.tables.encodings import Text, text_of
from integrations.domain.tables.table import Row, Rows, Table, table_of

# On a tie the one least likely to stand inside a cell wins.
SEPARATORS: Final = ("\t", ";", "|", ",")
_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_ROWS = 100
# Excel's own way to name the separator, in a line above the header.
_NAMED_SEPARATOR = re.compile(r'"?sep=(\t|[^\w\s"])"?\s*', re.IGNORECASE)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def csv_table(path: Path) -> Table:
    """Open a CSV file.

    Raises:
        NotATable: it is no text, is empty, or its header cannot be used.
    """
    text = text_of(path)
    separator = _separator(path, text)
    return table_of(
        "csv",
        partial(_records, path, text, separator),
        lines=text.lines,
        separator=separator,
        encoding=text.encoding,
    )


def _separator(path: Path, text: Text) -> str:
    """Return the separator that gives most rows as many cells as the first row."""
    with _opened(path, text) as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    lines = list(StringIO(sample, newline=""))
    if lines and (named := _NAMED_SEPARATOR.fullmatch(lines[0])):
        return named[1]
    whole = lines[:-1] if len(sample) == _SAMPLE_CHARACTERS else lines
    best = max(SEPARATORS, key=partial(_agreement, whole))
    return best if any(_agreement(whole, best)) else ","


def _agreement(lines: list[str], separator: str) -> tuple[float, int]:
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    widths = [len(cells) for cells in islice(reader, _SAMPLE_ROWS) if any(cells)]
    if not widths or widths[0] == 1:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def _opened(path: Path, text: Text) -> TextIO:
    return path.open(encoding=text.encoding, errors=text.errors, newline="")


def _records(path: Path, text: Text, separator: str) -> Rows:
    with _opened(path, text) as file:
        first = file.readline()
        named = _NAMED_SEPARATOR.fullmatch(first)
        rows = _rows(file if named else chain([first], file), separator)
        yield from rows if text.errors == "strict" else _legible(rows, text.encoding)


def _rows(lines: Iterable[str], separator: str) -> Iterator[Row]:
    """Read records. One that is broken costs its own line, not those after it."""
    feed = _Feed(lines)
    reader = _reader(feed, separator)
    for number in count(1):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, [feed.taken[0].rstrip("\r\n")], _broken(error, feed)
            feed.take_back_all_but_one()
            reader = _reader(feed, separator)
        else:
            yield number, cells, None
            feed.taken.clear()


class _Feed:
    """Lines that can be given back: those ``taken`` since the last whole record."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        take = self.taken.append
        while self._again:
            line = self._again.popleft()
            take(line)
            yield line
        for line in self._lines:
            take(line)
            yield line

    def take_back_all_but_one(self) -> None:
        self._again.extendleft(reversed(self.taken[1:]))
        self.taken.clear()


def _reader(feed: _Feed, separator: str) -> Iterator[list[str]]:
    return csv.reader(feed, delimiter=separator, skipinitialspace=True, strict=True)


def _broken(error: csv.Error, feed: _Feed) -> Problem:
    if len(feed.taken) == 1 and "field limit" in str(error):
        return Problem("cell_too_large", {"limit": csv.field_size_limit()})
    return Problem("bad_quotes")


def _legible(rows: Iterator[Row], encoding: str) -> Iterator[Row]:
    """Reject the rows that hold bytes which are no letters."""
    unreadable = Problem("bad_letters", {"encoding": encoding.upper()})
    for number, cells, problem in rows:
        if _LONE_SURROGATE.search("".join(cells)):
            shown = [cell.encode(errors="replace").decode() for cell in cells]
            yield number, shown, unreadable
        else:
            yield number, cells, problem
