"""Rounds in place of leads: of the rounds that came to a stage, which came further."""

from kpis.queries import journeys
from kpis.queries.asks import Ask
from kpis.queries.cells import Placed, split
from kpis.queries.entries import CALENDAR

_ROUNDS = """
    came AS (
        SELECT DISTINCT ON (c.lead_id, c.round) c.*, {split} AS split
        FROM changes c JOIN journeys j ON j.lead_id = c.lead_id
        WHERE c.to_stage = %(stage)s AND c.round > 0
        ORDER BY c.lead_id, c.round, c.occurred_at, c.id
    ), further AS (
        SELECT lead_id, round, min(occurred_at) AS at FROM changes
        WHERE to_stage = %(to_stage)s AND round > 0 GROUP BY lead_id, round
    ), rounds AS (
        SELECT came.id, came.split,
            width_bucket(%(first)s + d.place - 1, %(cuts)s::date[]) AS slot,
            further.at IS NOT NULL AND (
                %(within)s::int IS NULL
                OR further.at < calendar.starts[d.place + %(within)s::int + 1]
            ) AS reached
        FROM came CROSS JOIN calendar
            CROSS JOIN LATERAL (
                SELECT width_bucket(came.occurred_at, calendar.starts) AS place) AS d
            LEFT JOIN further USING (lead_id, round)
        WHERE came.occurred_at >= %(low)s AND came.occurred_at < %(high)s
    )
"""


def rounds(ask: Ask, stage: str, to_stage: str) -> Placed:
    """Return the rounds that came to ``stage``, by the change with which they did.

    ``reached`` says which of them came to ``to_stage`` in the same round, within the
    window if there is one. Leads have no rounds before they qualify, so there are
    none from ``lead``.
    """
    text, more = journeys.prelude(ask.reading)
    params = {**ask.params, **more, "stage": stage, "to_stage": to_stage}
    relations = f"{text}, {CALENDAR}, {_ROUNDS.format(split=split(ask))}"
    return Placed(relations, "rounds", params)
