"""Say which local days were touched. Rows are only inserted, so nobody waits."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from foundation.accounts.queries import workspace
from kpis.domain.days import days_of_hours
from leads.domain.sets import Rows

# An array, because nobody has counted the rows of this entry yet: where the planner
# takes them for a single one, it would compare every row with every other.
_OF_ROWS = """lead_id = ANY(ARRAY(SELECT lead_id FROM leads_stagechange
    WHERE id BETWEEN %(first)s AND %(last)s AND entry_id = %(entry)s))"""
_OF_NEW_LEADS = "id BETWEEN %(first)s AND %(last)s AND entry_id = %(entry)s"
_OF_LEADS = "lead_id = ANY(%(leads)s)"
_HOURS = """
    SELECT DISTINCT date_trunc('hour', occurred_at, 'UTC') FROM leads_stagechange WHERE
"""
_INSERT = "INSERT INTO kpis_mark (day, zone) SELECT unnest(%s::date[]), %s"


def touch_rows(rows: Rows) -> None:
    """Mark every day on which a lead of these stage changes entered anything.

    Changes out of force count too: they say which days were right until now. The
    number of statements is constant.
    """
    leads = _OF_NEW_LEADS if rows.of_new_leads else _OF_ROWS
    _touch(leads, {"first": rows.first, "last": rows.last, "entry": rows.entry})


def touch_moments(moments: Iterable[datetime]) -> None:
    """Mark the days on which leads that were not there before entered anything."""
    with connection.cursor() as cursor:
        _mark(cursor, moments)


def touch_leads(lead_ids: Collection[int]) -> None:
    """Mark every day on which one of these leads entered anything."""
    _touch(_OF_LEADS, {"leads": list(lead_ids)})


def touch_everything() -> None:
    """Mark every day there is, so that all daily facts are worked out again."""
    _touch("true", {})


def _touch(leads: str, params: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HOURS + leads, params)
        _mark(cursor, (hour for (hour,) in cursor.fetchall()))


def _mark(cursor: CursorWrapper, moments: Iterable[datetime]) -> None:
    zone = workspace.zone()
    hours = {moment.replace(minute=0, second=0, microsecond=0) for moment in moments}
    cursor.execute(_INSERT, [sorted(days_of_hours(hours, zone)), zone.key])
