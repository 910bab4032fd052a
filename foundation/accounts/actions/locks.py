"""Locks held to the end of the transaction; whoever comes second sees the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """The numbers of this app's advisory locks. The ledger has 4 207 001 and 002."""

    IDEMPOTENCY = 4_207_003
    OWNERS = 4_207_004
    KEEPERS = 4_207_005


_unneeded: ContextVar[bool] = ContextVar("locks_unneeded", default=False)


@contextmanager
def unneeded() -> Iterator[None]:
    """Let `take` take nothing, for a transaction that writes only copies of its own."""
    token = _unneeded.set(True)
    try:
        yield
    finally:
        _unneeded.reset(token)


def take(lock: Lock) -> None:
    """Wait for the lock and hold it until the transaction ends."""
    if _unneeded.get():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def try_take(lock: Lock, name: str) -> bool:
    """Take the lock of that name for this transaction, unless somebody holds it."""
    with connection.cursor() as cursor:
        statement = "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))"
        cursor.execute(statement, [lock, name])
        return bool(cursor.fetchone()[0])
