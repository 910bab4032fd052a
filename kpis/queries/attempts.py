"""Rounds in place of leads: of the rounds that came to a stage, which came further."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from kpis.domain.registry import Cell
from kpis.enums import Dimension
from kpis.queries import journeys
from kpis.queries.asks import Ask
from kpis.queries.entries import CALENDAR
from kpis.queries.subqueries import rows
from leads.models import StageChange

_ROUNDS = """
    came AS (
        SELECT DISTINCT ON (c.lead_id, c.round) c.*, {value} AS split
        FROM changes c JOIN journeys j ON j.lead_id = c.lead_id
        WHERE c.to_stage = %(stage)s AND c.round > 0
        ORDER BY c.lead_id, c.round, c.occurred_at, c.id
    ), further AS (
        SELECT lead_id, round, min(occurred_at) AS at FROM changes
        WHERE to_stage = %(to_stage)s AND round > 0 GROUP BY lead_id, round
    ), rounds AS (
        SELECT came.id, came.split, d.place, further.at IS NOT NULL AND (
            %(within)s::int IS NULL
            OR further.at < calendar.starts[d.place + %(within)s::int + 1]) AS reached
        FROM came CROSS JOIN calendar
            CROSS JOIN LATERAL (
                SELECT width_bucket(came.occurred_at, calendar.starts) AS place) d
            LEFT JOIN further USING (lead_id, round)
        WHERE came.occurred_at >= %(low)s AND came.occurred_at < %(high)s
    )
"""


def counts(ask: Ask, stage: str, to_stage: str) -> Mapping[Cell, tuple[int, int]]:
    """Return by period and split how many rounds came to ``stage``, and further.

    The first is how many reached ``to_stage`` in the same round, within the window if
    there is one; the second how many there were. Leads have no rounds before they
    qualify, so there are none from ``lead``. One statement.
    """
    text, params = _rounds(ask, stage, to_stage)
    sets = "(slot), (slot, split)" if ask.by else "(slot)"
    whole = "GROUPING(split) = 1" if ask.by else "true"
    statement = f"""
        {text} SELECT slot, {whole}, {"split" if ask.by else "NULL"},
            count(*) FILTER (WHERE reached), count(*)
        FROM (SELECT *, width_bucket(%(first)s + place - 1, %(cuts)s::date[]) AS slot
              FROM rounds) AS placed GROUP BY GROUPING SETS ({sets})
    """  # noqa: S608 -- names are ours
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return {
            (slot, None if is_whole else split): (above, below)
            for slot, is_whole, split, above, below in cursor.fetchall()
        }


def changes(
    ask: Ask, split: str | None, stage: str, to_stage: str
) -> QuerySet[StageChange]:
    """Return the changes by which rounds came to a stage, one for each round.

    With ``to_stage`` those of rounds that came there.
    """
    text, params = _rounds(ask, stage, to_stage)
    conditions = ["reached"] if to_stage else []
    conditions += ["split = %(split)s"] if split is not None else []
    where = " AND ".join(conditions) or "true"
    statement = f"{text} SELECT id FROM rounds WHERE {where}"  # noqa: S608 -- names are ours
    return rows(StageChange, statement, {**params, "split": split})


def _rounds(ask: Ask, stage: str, to_stage: str) -> tuple[str, dict[str, Any]]:
    text, more = journeys.prelude(ask.reading)
    value = journeys.VALUES[Dimension(ask.by)] if ask.by else "''"
    params = {**ask.params, **more, "stage": stage, "to_stage": to_stage}
    return f"WITH {text}, {CALENDAR}, {_ROUNDS.format(value=value)}", params
