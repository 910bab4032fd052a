from datetime import datetime

from django.db import connection

_DUE = """
    SELECT
        EXISTS (SELECT FROM sla_clock WHERE state = 'running' AND breach_at < %(at)s),
        EXISTS (SELECT FROM sla_clock WHERE state = 'paused' AND resumes_at <= %(at)s),
        EXISTS (SELECT FROM sla_clock
            WHERE state = 'running' AND warned_at IS NULL AND warn_at <= %(at)s)
"""


def by_kind(*, at: datetime) -> tuple[bool, bool, bool]:
    """Tell whether breaches, ends of pauses and warnings wait for the sweep."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at})
        breaches, pauses, warnings = cursor.fetchone()
        return breaches, pauses, warnings


def anything_due() -> bool:
    """Tell whether there is anything to sweep, by the database's time."""
    return any(by_kind(at=database_now()))


def database_now() -> datetime:
    """Return the database's time, which is the same for all workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now
