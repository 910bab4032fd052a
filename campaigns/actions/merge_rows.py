"""Write fields of many rows in one statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def update_rows(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields (attribute names) of rows of one model, which are in memory.

    One statement, whatever the number of rows.
    """
    if not rows or not names:
        return
    meta = rows[0]._meta
    fields = {field.attname: field for field in meta.concrete_fields}
    wanted = [fields[name] for name in ("id", *names)]
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in wanted)
    columns = [str(field.column) for field in wanted]
    sets = ", ".join(f"{name} = new.{name}" for name in columns[1:])
    statement = (
        f"UPDATE {meta.db_table} AS old SET {sets} "  # noqa: S608 -- names are ours
        f"FROM unnest({arrays}) AS new({', '.join(columns)}) WHERE old.id = new.id"
    )
    values: list[list[Any]] = [
        [getattr(row, field.attname) for row in rows] for field in wanted
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
