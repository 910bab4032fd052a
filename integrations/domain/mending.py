"""Cells that go out to be mended in a spreadsheet and come back.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line
end as a formula, with or without spaces before it. Such a cell goes out with an
apostrophe before it, and so does one that begins with an apostrophe; the apostrophe is
taken off when the file comes back. Numbers below zero stay as they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from integrations.domain.problems import Problem

ADDED_COLUMNS = ("alignment_row", "alignment_error")
"""Columns of a file of rejected rows that are not read when it comes back."""

# The escapes are the full-width forms of = + - @, which some spreadsheets run too.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20", "'")
_NEGATIVE_NUMBER = re.compile(r"-\d[\d .,\u00a0\u202f]*")


def escaped(cell: str) -> str:
    """Return a cell that no spreadsheet runs. `unescaped` undoes it exactly."""
    begun = cell.lstrip(" ")
    if begun.startswith(_DANGEROUS) and not _NEGATIVE_NUMBER.fullmatch(begun):
        return f"'{cell}"
    return cell


def unescaped(cell: str) -> str:
    """Return the cell as it was before `escaped`."""
    if cell.startswith("'") and cell[1:].lstrip(" ").startswith(_DANGEROUS):
        return cell[1:]
    return cell


@dataclass(frozen=True, slots=True)
class Mended:
    """A file of rejected rows: which of its columns are the original ones."""

    header: tuple[str, ...]
    _places: tuple[int, ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Mended":
        """Find the original columns among all of them."""
        own = [place for place, name in enumerate(names) if name not in ADDED_COLUMNS]
        return cls(tuple(unescaped(names[place]) for place in own), tuple(own))

    def restored(
        self, rows: Iterator[tuple[int, list[str], Problem | None]]
    ) -> Iterator[tuple[int, list[str], Problem | None]]:
        """Return the rows with their own columns only and the added apostrophes off.

        A row with nothing in its own columns has been given up and is left out.
        """
        for number, cells, problem in rows:
            own = cells if problem else [cells[place] for place in self._places]
            original = [unescaped(cell) for cell in own]
            if "".join(original).strip():
                yield number, original, problem
