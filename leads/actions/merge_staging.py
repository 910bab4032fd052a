"""Bring many rows to the database at once."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from operator import is_

from django.db import connection


def stage(
    table: str, columns: dict[str, str], rows: Iterable[Sequence[object]]
) -> None:
    """Make a temporary table, gone with the transaction, and COPY rows into it.

    ``columns`` gives each column its SQL type. None becomes NULL, except in columns of
    type ``text``, which hold an empty text instead.
    """
    names = ", ".join(columns)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    texts = ", ".join(name for name, kind in columns.items() if kind == "text")
    filled = f", FORCE_NOT_NULL ({texts})" if texts else ""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMP TABLE {table} ({typed}) ON COMMIT DROP")
        cursor.copy_expert(
            f"COPY {table} ({names}) FROM STDIN (FORMAT csv{filled})", buffer
        )
        cursor.execute(f"ANALYZE {table}")


def stage_columns(
    table: str, types: Mapping[str, str], columns: Mapping[str, Sequence[object]]
) -> None:
    """As `stage`, from columns; those without any value are not sent.

    A moment that is another one in every row is sent once: writing moments out is most
    of the work. Made for one look through the whole table, so nothing is counted for
    the planner.
    """
    told = {
        name: column
        for name, column in columns.items()
        if any(value is not None for value in column)
    }
    same = _same(told, [name for name in told if types[name] == "timestamptz"])
    typed = ", ".join(
        _typed(name, kind, same.get(name)) for name, kind in types.items()
    )
    sent = [name for name in told if name not in same]
    texts = ", ".join(name for name in sent if types[name] == "text")
    filled = f", FORCE_NOT_NULL ({texts})" if texts else ""
    buffer = io.StringIO()
    rows = zip(*(told[name] for name in sent), strict=True)
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMP TABLE {table} ({typed}) ON COMMIT DROP")
        cursor.copy_expert(
            f"COPY {table} ({', '.join(sent)}) FROM STDIN (FORMAT csv{filled})", buffer
        )


def _same(
    columns: Mapping[str, Sequence[object]], names: Sequence[str]
) -> dict[str, str]:
    """Return which of these columns hold the very objects of one before them."""
    same: dict[str, str] = {}
    for place, name in enumerate(names):
        for other in names[:place]:
            if other not in same and all(map(is_, columns[name], columns[other])):
                same[name] = other
                break
    return same


def _typed(name: str, kind: str, same: str | None) -> str:
    if kind == "text":
        return f"{name} text NOT NULL DEFAULT ''"
    return (
        f"{name} {kind} GENERATED ALWAYS AS ({same}) STORED"
        if same
        else f"{name} {kind}"
    )


def allocate(table: str, count: int) -> list[int]:
    """Return that many new ids of a table, in rising order."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            # The sequence is looked up once, not for each number.
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) "
            "FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]
