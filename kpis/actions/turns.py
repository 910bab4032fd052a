"""One at a time, so that many who want the same thing have it worked out once."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def turn(name: str) -> Iterator[None]:
    """Wait until nobody else is at what ``name`` says.

    The lock is the session's, for the snapshot of what is worked out must begin after
    the wait; it goes with the connection, however that ends. Inside a transaction,
    whose snapshot is taken already, there is nothing to wait for.
    """
    if connection.in_atomic_block:
        yield
        return
    digest = hashlib.sha256(f"kpis.{name}".encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [number])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
