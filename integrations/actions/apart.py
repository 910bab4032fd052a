"""A transaction that works on copies, so that nobody waits for it.

Whoever rehearses a large file would otherwise hold, for minutes, the rows and the
unique identifiers that other people write. Temporary tables come before others of the
same name, and only their session sees them: inside, the very statements of a load read
and write copies. Why, and what it costs: `docs/decisions/imports.md`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from foundation.accounts.actions import locks

COPIED = (
    *("accounts_user",),
    *("leads_company", "leads_lead", "leads_stagechange"),
    *("leads_touchpoint", "leads_attributechange", "leads_note"),
    *("campaigns_campaign", "campaigns_spendentry"),
    *("deals_deal", "deals_dealchange", "deals_revenueentry"),
    *("sla_clock", "sla_clockversion", "sla_segment", "sla_breach"),
    *("currencies_exchangerate",),
)
"""Tables in which a load looks up what is there, and writes."""

ONLY_ADDED_TO = ("ledger_entry", "ledger_event", "leads_unjudged", "kpis_mark")
"""Tables to which it only adds: their copies begin empty."""

_PLACE = """
    SELECT c.oid, format('%%I.%%I', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = %s::regclass
"""
_COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
_KEYS = """
    SELECT format('%%I %%s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE conrelid = %s AND contype IN ('p', 'u', 'x') ORDER BY oid
"""
_INDEXES = """
    SELECT pg_get_indexdef(indexrelid) FROM pg_index i
    WHERE indrelid = %s AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND conrelid = %s)
    ORDER BY indexrelid
"""
_SEQUENCES = """
    SELECT attname, pg_get_serial_sequence(%s, attname) FROM pg_attribute
    WHERE attrelid = %s AND attidentity <> ''
"""


@contextmanager
def on_copies(*, alive: Callable[[], None]) -> Iterator[None]:
    """Let everything inside read and write copies, and forget them in the end.

    All that is read is of one moment. The transaction never commits, so a table of
    which there is no copy is not written either. ``alive`` is called before each table
    is copied; what it raises ends everything.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in (*COPIED, *ONLY_ADDED_TO):
            alive()
            _copy(cursor, table, filled=table in COPIED)
        with locks.unneeded():
            yield
        transaction.set_rollback(True)


def count_anew() -> None:
    """Count what is in the copies for the planner; nobody else does it for these."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(f"pg_temp.{table}" for table in COPIED))


def _copy(cursor: CursorWrapper, table: str, *, filled: bool) -> None:
    """Make the copy of a table: its rows, then its keys and indexes, then its ids."""
    ((oid, source),) = _asked(cursor, _PLACE, [table])
    ((columns,),) = _asked(cursor, _COLUMNS, [oid])
    keys = _asked(cursor, _KEYS, [oid])
    indexes = _asked(cursor, _INDEXES, [oid, oid])
    sequences = _asked(cursor, _SEQUENCES, [source, oid])
    copy = f"pg_temp.{table}"
    cursor.execute(
        f"CREATE TEMP TABLE {table} "
        f"(LIKE {source} INCLUDING ALL EXCLUDING INDEXES) ON COMMIT DROP"
    )
    if filled:
        cursor.execute(f"INSERT INTO {copy} ({columns}) SELECT {columns} FROM {source}")  # noqa: S608 -- names are ours
    for (key,) in keys:
        cursor.execute(f"ALTER TABLE {copy} ADD CONSTRAINT {key}")
    for (index,) in indexes:
        cursor.execute(index.replace(f" ON {source} ", f" ON {copy} ", 1))
    for column, sequence in sequences:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), last_value, is_called) "  # noqa: S608 -- names are ours
            f"FROM {sequence}",
            [copy, column],
        )


def _asked(
    cursor: CursorWrapper, statement: str, params: list[Any]
) -> list[tuple[Any, ...]]:
    cursor.execute(statement, params)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
