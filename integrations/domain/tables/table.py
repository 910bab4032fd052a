"""A table: the names of its columns and its rows, whatever file they come from."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import Literal

from integrations.domain.mending import ADDED_COLUMNS, Mended
from integrations.domain.problems import NotATable, Problem
from integrations.domain.tables.limits import MAX_COLUMNS

type Row = tuple[int, list[str], Problem | None]
"""Number in the file, cells, and what makes the row unreadable, if anything does."""

type Rows = Generator[Row, None, None]

type Records = Callable[[], Rows]
"""Begins to read the file anew; the row of column names and blank rows included."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened as a table. Nothing of it is held in memory but its header.

    ``header``: the names of the columns, trimmed, none empty, no two equal.
    ``rows_hint``: about how many rows there are, for a progress bar: exact, unless
    there are blank rows or line ends inside cells, which count as rows too.
    ``separator`` and ``encoding`` are those of a CSV file, ``,`` and ``utf-8`` else.
    """

    format: Literal["csv", "xlsx"]
    header: tuple[str, ...]
    rows_hint: int
    separator: str
    encoding: str
    _records: Records
    _header_row: int
    _width: int
    _mended: Mended | None

    def rows(self) -> Rows:
        """Read the rows below the header from the beginning of the file.

        The number of a row is the one a spreadsheet shows beside it: records are
        counted from 1, the header and blank rows included, and a record with line
        ends inside its cells counts once. Blank rows are left out. Each readable row
        has as many cells as the header: what is missing at its end is blank, blank
        cells beyond are dropped. Other rows come with their problem and the cells as
        they stand; an unreadable one has its first line as its only cell.
        """
        with closing(self._records()) as records:
            below = dropwhile(lambda row: row[0] <= self._header_row, records)
            fitted = _fitted(below, self._width)
            yield from (self._mended.restored(fitted) if self._mended else fitted)

    def preview(self, count: int = 20) -> list[Row]:
        """Return the first rows."""
        with closing(self.rows()) as rows:
            return list(islice(rows, count))


def table_of(
    form: Literal["csv", "xlsx"],
    records: Records,
    *,
    lines: int,
    separator: str = ",",
    encoding: str = "utf-8",
) -> Table:
    """Make a table of records: the first that is not blank names the columns.

    ``lines`` is how many there are in all, the header and blank ones included.

    Raises:
        NotATable: there is no such record, or its names cannot be used.
    """
    number, cells = _header(records)
    names = _names(cells)
    mended = Mended.of(names) if set(ADDED_COLUMNS) <= set(names) else None
    return Table(
        format=form,
        header=mended.header if mended else names,
        rows_hint=max(lines - number, 0),
        separator=separator,
        encoding=encoding,
        _records=records,
        _header_row=number,
        _width=len(names),
        _mended=mended,
    )


def _header(records: Records) -> tuple[int, list[str]]:
    with closing(records()) as rows:
        for number, cells, problem in rows:
            if problem:
                raise NotATable("bad_header")
            if not _blank(cells):
                return number, cells
    raise NotATable("empty_file")


def _names(cells: list[str]) -> tuple[str, ...]:
    """Trim the names; separators left over at the end of the row are no columns."""
    names = [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]
    while not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise NotATable("too_many_columns", count=len(names), limit=MAX_COLUMNS)
    seen: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name:
            raise NotATable("nameless_column", number=number)
        if (first := seen.setdefault(name, number)) != number:
            raise NotATable("duplicate_column", first=first, second=number, column=name)
    return tuple(names)


def _blank(cells: list[str]) -> bool:
    return not any(cells) or not "".join(cells).strip()


def _fitted(records: Iterator[Row], width: int) -> Iterator[Row]:
    """Leave out blank rows and give every other as many cells as there are columns.

    After a broken quotation mark nobody knows where the next row begins: rows are
    rejected until one has exactly as many cells as the header.
    """
    doubtful = False
    for row in records:
        number, cells, problem = row
        if problem:
            doubtful = doubtful or problem.code == "bad_quotes"
            yield row
        elif len(cells) == width and cells[0].strip():
            doubtful = False
            yield row
        elif not _blank(cells):
            doubtful = doubtful and len(cells) != width
            yield _refitted(number, cells, width, doubtful=doubtful)


def _refitted(number: int, cells: list[str], width: int, *, doubtful: bool) -> Row:
    if doubtful:
        return number, cells, Problem("after_bad_quotes")
    if not _blank(cells[width:]):
        counts = {"cells": len(cells), "columns": width}
        return number, cells, Problem("too_many_cells", counts)
    return number, cells[:width] + [""] * (width - len(cells)), None
