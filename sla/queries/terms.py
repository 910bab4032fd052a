"""The agreement and the calendars as clocks need them, in one statement."""

import json
from functools import lru_cache
from typing import Any

from django.db import connection

from sla.domain.terms import AgreementTerms, CalendarTerms, ClauseTerms, Terms
from sla.models import Calendar

_READ = """
    SELECT (
        SELECT json_agg(json_build_object(
            'version', a.version,
            'since', (extract(epoch FROM a.effective_at) * 1000000)::bigint,
            'clauses', (
                SELECT coalesce(json_agg(json_build_array(
                    c.id, c.kind, c.target_seconds,
                    round(c.target_seconds * a.warning_share)::bigint,
                    c.source, c.segment, c.priority) ORDER BY c.place), '[]')
                FROM sla_clause c
                WHERE c.agreement_id = a.id AND c.target_seconds IS NOT NULL
            )) ORDER BY a.entry_id IS NOT NULL, a.effective_at)
        FROM sla_agreement a
    )::text, (
        SELECT json_agg(json_build_array(
            id, team_id, person_id, follows,
            (extract(epoch FROM effective_at) * 1000000)::bigint,
            time_zone, weekly, public_holidays, days_off, special) ORDER BY version)
        FROM sla_calendar
    )::text
"""


# Every version of a row names the transaction that wrote it, so nothing can change and
# leave these alone. Looking at some dozen rows is cheaper than writing them out.
_WRITTEN = """
    SELECT (SELECT ROW(count(*), sum(xmin::text::bigint)) FROM sla_agreement)::text
        || (SELECT ROW(count(*), sum(xmin::text::bigint)) FROM sla_clause)::text
        || (SELECT ROW(count(*), sum(xmin::text::bigint)) FROM sla_calendar)::text
"""


def current() -> Terms:
    """Return every version of the agreement and the calendars.

    One statement, and another where one of them changed since this process last asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        (written,) = cursor.fetchone()
    return _read(written)


@lru_cache(maxsize=4)
def _read(written: str) -> Terms:
    """Read them as they are, which is as, or after, they were ``written``."""
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        agreements, calendars = cursor.fetchone()
    return Terms(
        [
            AgreementTerms(
                version["version"],
                version["since"],
                tuple(ClauseTerms(*clause) for clause in version["clauses"]),
            )
            for version in json.loads(agreements or "[]")
        ],
        [_calendar(*columns) for columns in json.loads(calendars or "[]")],
    )


def _calendar(
    pk: int,
    team: int | None,
    person: int | None,
    follows: bool,  # noqa: FBT001 -- a column
    since: int,
    *written: Any,  # noqa: ANN401 -- JSON
) -> CalendarTerms:
    names = ("time_zone", "weekly", "public_holidays", "days_off", "special")
    row = Calendar(**dict(zip(names, written, strict=True)))
    hours = row.hours
    return CalendarTerms.of(pk, team, since, hours, person=person, follows=follows)
