"""XLSX workbooks: checked against bombs, then the first sheet that holds anything."""

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from operator import methodcaller
from pathlib import Path
from zipfile import BadZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from integrations.domain.problems import NotATable
from integrations.domain.tables.table import Rows, Table, table_of
from integrations.domain.tables.workbook_checks import check_workbook

# What the readers of archives and sheets raise where bytes make no sense.
_DAMAGE = (
    *(CalamineError, BadZipFile, zlib.error, struct.error),
    *(EOFError, NotImplementedError, OverflowError, RuntimeError, ValueError),
)


def xlsx_table(path: Path) -> Table:
    """Open the first visible sheet that holds anything.

    Raises:
        NotATable: it is another kind of archive, locked, damaged, too large unpacked,
            or empty.
    """
    with _damage_told():
        check_workbook(path)
        sheet = _sheet(path)
    last_row, _ = sheet.end or (0, 0)
    return table_of("xlsx", partial(_records, sheet), lines=last_row + 1)


def _sheet(path: Path) -> CalamineSheet:
    with CalamineWorkbook.from_path(path) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(about.name)
            if any(any(row) for row in sheet.iter_rows()):
                return sheet
    raise NotATable("empty_workbook")


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise NotATable("damaged_workbook", reason=str(error)[:100]) from error


def _records(sheet: CalamineSheet) -> Rows:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield number, [_TEXTS[type(cell)](cell) for cell in cells], None


def _number(value: float) -> str:
    """Write a number as the sheet shows it at full width: fifteen digits, no exponent.

    Whole numbers have no decimals. What lies beyond the fifteenth digit is rounding
    noise of binary fractions (0.1 + 0.2) that no spreadsheet shows.
    """
    if value.is_integer():
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f")


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _flag(value: bool) -> str:  # noqa: FBT001 - a cell is what is being written
    return "true" if value else "false"


# A NUL, which a workbook can hold and a database cannot, becomes the sign for that;
# like all control characters it has its row rejected.
_TEXTS: dict[type, Callable[..., str]] = {
    str: methodcaller("replace", "\x00", "\x1a"),
    float: _number,
    int: str,
    bool: _flag,
    datetime: partial(datetime.isoformat, sep=" "),
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _duration,
}
