from datetime import datetime

from django.db import connection

from foundation.accounts.queries import vacations

_DUE = {
    "breach": "state = 'running' AND breach_at < %s",
    "resume": "state = 'paused' AND resumes_at <= %s",
    "warn": "state = 'running' AND warned_at IS NULL AND warn_at <= %s",
}


def is_due(kind: str, *, at: datetime) -> bool:
    """Tell whether a ``breach``, the end of a pause or a warning waits for the sweep.

    Raises:
        KeyError: there is nothing else to sweep.
    """
    statement = f"SELECT EXISTS (SELECT FROM sla_clock WHERE {_DUE[kind]})"  # noqa: S608 -- words are ours
    with connection.cursor() as cursor:
        cursor.execute(statement, [at])
        return bool(cursor.fetchone()[0])


def anything_due() -> bool:
    """Tell whether there is anything to sweep, by the database's time."""
    now = database_now()
    return any(is_due(kind, at=now) for kind in _DUE)


def database_now() -> datetime:
    """Return the database's time, which is the same for all workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def anybody_to_settle() -> bool:
    """Tell whether clocks have to pass because a vacation began, changed or ended."""
    return bool(vacations.unsettled(at=database_now()))
