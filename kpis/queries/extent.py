"""From when to when there is anything at all. Two index look-ups for each kind."""

from datetime import datetime

from django.db import connection

from leads.domain.path import ORDER

_ENTRIES = """
    SELECT ends.low, ends.high FROM unnest(%s::text[]) AS stage, LATERAL (
        SELECT min(occurred_at) AS low, max(occurred_at) AS high
        FROM leads_stagechange WHERE to_stage = stage) AS ends
"""
_OTHERS = """
    SELECT min(opened_at), max(opened_at) FROM deals_deal
    UNION ALL SELECT min(starts_on), max(starts_on) FROM deals_revenueentry
    UNION ALL SELECT min(day), max(day) FROM campaigns_spendentry
"""


def of_entries() -> tuple[datetime, datetime] | None:
    """Return the first and the last moment at which a stage was entered."""
    return _ends(_ENTRIES)


def of_everything() -> tuple[datetime, datetime] | None:
    """Return the first and the last moment of any fact that numbers are made of."""
    return _ends(f"{_ENTRIES} UNION ALL {_OTHERS}")


def _ends(statement: str) -> tuple[datetime, datetime] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(low), max(high) FROM ({statement}) AS ends(low, high)",  # noqa: S608 -- ours
            [list(ORDER)],
        )
        low, high = cursor.fetchone()
    return None if low is None else (low, high)
