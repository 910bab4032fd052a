"""Refuses workbooks that unpack to more than the machine can hold.

The reader of sheets puts aside memory for the whole rectangle between the first and the
last cell, so four hundred bytes that name the cells A1 and XFD1048576 would end the
process. All parts are therefore unpacked once, counted, and searched for the farthest
cell they name, before the reader sees them. What the archive's directory says of sizes
is checked first and not believed: unpacking stops at the size it says.
"""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from integrations.domain.problems import NotATable
from integrations.domain.tables.limits import (
    MAX_XLSX_CELLS,
    MAX_XLSX_ENTRIES,
    MAX_XLSX_RATIO,
    MAX_XLSX_UNPACKED_BYTES,
    MB,
    RATIO_MATTERS_FROM_BYTES,
)

_ENCRYPTED_FLAG = 0x1
# The attribute r of a row or cell. It begins with its letter, which is found fastest.
_PLACE = re.compile(rb"""r(?<=["'\s]r)\s*=\s*["']([A-Za-z]*[0-9]{1,12})""")
_CELL = re.compile(rb"<(?:[^\s<>/]*:)?c[\s/>]")
_NOT_CELLS = (b"<col", b"<cf", b"<con", b"<cus", b"<cel")
_LONGEST_PLACE = 256
_DIGITS = string.digits.encode()
_LETTERS = string.ascii_letters.encode()


def check_workbook(path: Path) -> None:
    """Refuse an archive that is no workbook, is locked, or unpacks to too much.

    Raises:
        NotATable: with the reason. What else is raised means that the archive is
            damaged or lies about itself.
    """
    with ZipFile(path) as archive:
        parts = archive.infolist()
        _check_kind({part.filename for part in parts})
        _check_directory(parts)
        for part in parts:
            _check_extent(archive, part)


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    other = {"xl/workbook.bin", "content.xml", "Index/Document.iwa"} & names
    raise NotATable("other_spreadsheet" if other else "archive")


def _check_directory(parts: list[ZipInfo]) -> None:
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise NotATable("encrypted")
    if len(parts) > MAX_XLSX_ENTRIES:
        raise _too_large(f"{len(parts)} parts")
    size = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if size > MAX_XLSX_UNPACKED_BYTES:
        raise _too_large(f"{size // MB} MB")
    if size > RATIO_MATTERS_FROM_BYTES and size > MAX_XLSX_RATIO * packed:
        raise _too_large(f"{size // max(packed, 1)} : 1")


def _check_extent(archive: ZipFile, part: ZipInfo) -> None:
    extent = Extent()
    for block in blocks_of(archive, part):
        extent.add(block)
    if extent.cells > MAX_XLSX_CELLS:
        raise _too_large(f"{extent.rows} x {extent.columns}")


def blocks_of(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    """Yield the part in blocks that end where a tag ends, where there are tags."""
    rest = b""
    with archive.open(part) as file:
        while read := file.read(4 * MB):
            block = rest + read
            end = block.rfind(b">") + 1 or max(len(block) - _LONGEST_PLACE, 0)
            rest = block[end:]
            yield block[:end]
    yield rest


@dataclass(slots=True)
class Extent:
    """The rectangle of cells that a part may span, never too small.

    Cells and rows that do not say where they are stand behind the one before.
    """

    last_row: int = 0
    last_column: int = 0
    unplaced_rows: int = 0
    unplaced_cells: int = 0

    @property
    def rows(self) -> int:
        return self.last_row + max(self.unplaced_rows, 0)

    @property
    def columns(self) -> int:
        return self.last_column + max(self.unplaced_cells, 0)

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def add(self, block: bytes) -> None:
        """Take in a block of the part."""
        places = _PLACE.findall(block)
        joined = b" ".join(places)
        columns = joined.translate(None, _DIGITS).split(b" ")
        rows = joined.translate(None, _LETTERS).split()
        self.last_row = max(self.last_row, *map(int, set(rows)), 0)
        self.last_column = max(self.last_column, *map(_column, set(columns)), 0)
        bare = columns.count(b"") if places else 0
        self.unplaced_rows += block.count(b"<row") + block.count(b":row") - bare
        self.unplaced_cells += _unplaced_cells(block, len(places) - bare)


def _unplaced_cells(block: bytes, placed: int) -> int:
    """Return how many cells do not say where they are."""
    likely = block.count(b"<c") + block.count(b":c")
    likely -= sum(map(block.count, _NOT_CELLS))
    return len(_CELL.findall(block)) - placed if likely > placed else 0


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, XFD is 16384, none is 0."""
    number = 0
    for letter in letters[:9].upper():
        number = number * 26 + letter - 64
    return number


def _too_large(reason: str) -> NotATable:
    return NotATable("workbook_too_large", reason=reason)
