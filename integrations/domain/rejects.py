"""Rejected rows as a file: mended in a spreadsheet, then loaded again.

It has the original columns, in the original separator, and two more: the number of the
row in the file it comes from, and what is wrong with it. `open_table` leaves those two
out and takes off the apostrophes of `mending` when the file comes back. It is UTF-8
with a byte order mark, which spreadsheets need to see that.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from io import TextIOWrapper
from itertools import groupby
from operator import attrgetter
from typing import IO

from integrations.domain.mending import ADDED_COLUMNS, escaped
from integrations.domain.rows import Rejection
from integrations.domain.tables import Table

ENCODING = "utf-8-sig"


class RejectsWriter:
    """Writes rejected rows to a binary file, in the order in which they are given."""

    def __init__(self, file: IO[bytes], table: Table) -> None:
        """Begin the file; ``table`` is the one that the rows come from."""
        self._text = TextIOWrapper(file, ENCODING, newline="", write_through=True)
        self._writer = csv.writer(self._text, delimiter=table.separator)
        self._width = len(table.header)
        self._write([*table.header, *ADDED_COLUMNS])

    def add_all(
        self,
        rejections: Iterable[Rejection],
        cells: Callable[[int], Sequence[str]],
        translate: Callable[[str], str] = str,
    ) -> None:
        """Write every row that is rejected, once.

        Args:
            rejections: in the order of rows.
            cells: gives the cells of a row by its number: ``batch.cells.__getitem__``.
            translate: turns an English sentence into the reader's language.
        """
        for number, of_row in groupby(rejections, key=attrgetter("row")):
            self._add(list(of_row), cells(number), translate)

    def _add(
        self,
        rejections: list[Rejection],
        cells: Sequence[str],
        translate: Callable[[str], str],
    ) -> None:
        """Write one row.

        Cells nobody knows the columns of come last, behind the added columns, so that
        the row is rejected again as long as they have not been put where they belong.
        """
        placed = 0 if any(map(_has_no_columns, rejections)) else self._width
        own = [*cells[:placed], *[""] * (self._width - len(cells[:placed]))]
        said = "\n".join(_sentence(rejection, translate) for rejection in rejections)
        self._write([*own, str(rejections[0].row), said, *cells[placed:]])

    def close(self) -> None:
        """End the file; the one beneath stays open."""
        self._text.detach()

    def _write(self, cells: Iterable[str]) -> None:
        self._writer.writerow([escaped(cell) for cell in cells])


def _has_no_columns(rejection: Rejection) -> bool:
    return not rejection.column and rejection.code != "too_many_cells"


def _sentence(rejection: Rejection, translate: Callable[[str], str]) -> str:
    said = rejection.problem.sentence(translate)
    return f"{rejection.column}: {said}" if rejection.column else said
