"""Records as a file for spreadsheets, in the reader's language."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import get_language

from kpis.views.columns import Cell, Sort, headings

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff20")
_COMMA = {"ro", "pl"}
"""Languages that write a comma in decimals: their spreadsheets part cells by ``;``."""


class _Echo:
    def write(self, text: str) -> str:
        return text


def download(records: Iterable[Any], sort: Sort, name: str) -> StreamingHttpResponse:
    """Answer a CSV file with all records, written as they are read.

    A byte order mark tells spreadsheets that it is UTF-8. A text that a spreadsheet
    would run as a formula has an apostrophe before it (CWE-1236).
    """
    heads = ["id", *headings(sort.columns)]
    cells = ([r.pk, *(column.of(r) for column in sort.columns)] for r in records)
    return file(heads, cells, name)


def file(
    heads: Iterable[str], rows: Iterable[Iterable[Cell]], name: str
) -> StreamingHttpResponse:
    """Answer a CSV file with these rows; as `download`."""
    response = StreamingHttpResponse(
        _lines(heads, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(heads: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    comma = get_language() in _COMMA
    writer = csv.writer(_Echo(), delimiter=";" if comma else ",")
    yield "\ufeff"
    yield writer.writerow(map(_safe, heads))
    for row in rows:
        yield writer.writerow(_plain(cell, comma=comma) for cell in row)


def _plain(cell: Cell, *, comma: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return localtime(cell.astimezone(UTC)).isoformat(" ", "seconds")
    if isinstance(cell, str):
        return _safe(cell)
    if isinstance(cell, Decimal) and comma:
        return f"{cell:f}".replace(".", ",")
    return str(cell)


def _safe(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text
