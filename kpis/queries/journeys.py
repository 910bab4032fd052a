"""SQL about first entries into stages: the same text for now and for any position.

Every statement begins with a `prelude`, which defines two relations:

- ``changes``: the stage changes that count, withdrawals left out;
- ``journeys``: for each lead that is counted, its number of rounds and when it first
  entered each stage (``lead_at`` … ``customer_at``).

Now they are the table's rows in force and the lead rows, which are kept equal to them.
As of a position they are worked out from the facts written up to it: a row is in force
unless a row in force corrects it, and a lead is left out if the last thing said of its
exclusion by then was that it is.
"""

from collections import defaultdict
from typing import Any

from django.db import connection

from kpis.enums import Dimension
from kpis.queries.reading import Reading
from leads.domain.path import ORDER

VALUES = {
    Dimension.SOURCE: "c.source",
    Dimension.CAMPAIGN: "coalesce(c.campaign_id::text, '')",
    Dimension.SEGMENT: "c.segment",
    Dimension.COUNTRY: "c.country",
    Dimension.OWNER: "coalesce(c.owner_id::text, '')",
}
"""The split values stamped on a change ``c``."""

NOW = """
    changes AS NOT MATERIALIZED (
        SELECT * FROM leads_stagechange WHERE in_force AND NOT is_withdrawal
    ), journeys AS NOT MATERIALIZED (
        SELECT id AS lead_id, round, created_at AS lead_at, first_mql_at AS mql_at,
            first_sal_at AS sal_at, first_sql_at AS sql_at,
            first_opportunity_at AS opportunity_at, first_customer_at AS customer_at
        FROM leads_lead WHERE exclusion = ''
    )
"""
_FIRSTS = ", ".join(
    f"min(occurred_at) FILTER (WHERE to_stage = '{stage}') AS {stage}_at"
    for stage in ORDER
)
_AS_OF = f"""
    changes AS MATERIALIZED (
        SELECT c.* FROM leads_stagechange c JOIN ledger_entry e ON e.id = c.entry_id
        WHERE e.position <= %(as_of)s AND NOT c.is_withdrawal AND NOT EXISTS (
            {{corrections}})
    ), journeys AS MATERIALIZED (
        SELECT lead_id, max(round) AS round, {_FIRSTS} FROM changes
        WHERE lead_id NOT IN (SELECT lead_id FROM excluded) GROUP BY lead_id
    )
"""  # noqa: S608 -- names are ours
_EXCLUDED = """
    exclusions AS (
        SELECT DISTINCT ON (c.subject_id) c.subject_id AS lead_id, c.value
        FROM leads_attributechange c JOIN ledger_entry e ON e.id = c.entry_id
        WHERE c.subject = 'lead' AND c.field = 'exclusion' AND e.position <= %(as_of)s
            AND NOT c.is_withdrawal AND NOT EXISTS ({corrections})
        ORDER BY c.subject_id, c.id DESC
    ), excluded AS (
        SELECT lead_id, value FROM exclusions WHERE value <> ''
        UNION ALL SELECT l.id, l.exclusion FROM leads_lead l
        WHERE l.exclusion <> '' AND NOT EXISTS (
            SELECT FROM leads_attributechange a WHERE a.subject = 'lead'
                AND a.subject_id = l.id AND a.field = 'exclusion')
    )
"""
_CORRECTED = """
    SELECT FROM {table} k JOIN ledger_entry ke ON ke.id = k.entry_id
    WHERE k.corrects_id = c.id AND ke.position <= %(as_of)s
        AND k.id <> ALL(%({revoked})s::bigint[])
"""


def prelude(reading: Reading) -> tuple[str, dict[str, Any]]:
    """Return the relations ``changes`` and ``journeys``, and their parameters.

    The parameter ``as_of`` is the caller's.
    """
    if reading.as_of is None:
        return NOW, {}
    text = _AS_OF.format(corrections=corrected("leads_stagechange", "revoked_changes"))
    left_out, params = excluded(reading.as_of)
    params["revoked_changes"] = revoked("leads_stagechange", reading.as_of)
    return f"{left_out}, {text}", params


def excluded(as_of: int) -> tuple[str, dict[str, Any]]:
    """Return the relation ``excluded`` of leads left out as of a position, and why."""
    table = "leads_attributechange"
    text = _EXCLUDED.format(corrections=corrected(table, "revoked_attributes"))
    return text, {"revoked_attributes": revoked(table, as_of)}


def corrected(table: str, parameter: str) -> str:
    """Return the query for rows in force as of a position that correct ``c``.

    ``parameter`` names the one that holds what `revoked` found for the table.
    """
    return _CORRECTED.format(table=table, revoked=parameter)


def revoked(table: str, as_of: int) -> list[int]:
    """Return the corrections that a correction in force has taken back by then.

    Corrections of corrections are few, whatever the number of rows.
    """
    statement = f"""
        SELECT k.id, k.corrects_id FROM {table} k
        JOIN {table} c ON c.id = k.corrects_id AND c.corrects_id IS NOT NULL
        JOIN ledger_entry e ON e.id = k.entry_id
        WHERE e.position <= %s ORDER BY k.id DESC
    """  # noqa: S608 -- names are ours
    with connection.cursor() as cursor:
        cursor.execute(statement, [as_of])
        pairs = cursor.fetchall()
    corrections: dict[int, list[int]] = defaultdict(list)
    standing: dict[int, bool] = {}
    for row, corrects in pairs:
        standing[row] = not any(standing[later] for later in corrections[row])
        corrections[corrects].append(row)
    return [row for row, later in corrections.items() if any(map(standing.get, later))]


FIRST_OF_TIES = """(j.round <= 1 OR NOT EXISTS (
    SELECT FROM changes t WHERE t.lead_id = c.lead_id AND t.to_stage = c.to_stage
        AND t.occurred_at = c.occurred_at AND t.id < c.id))"""
"""Leaves out a second change of the same lead into the same stage at the same time."""


def entered(stage: str, reading: Reading, *, on_dirty_days: bool) -> str:
    """Return FROM and WHERE for the first entries ``c`` into a stage, with ``j``.

    ``d.place`` is the number of the day of entry, counted from 1. On dirty days they
    are looked up day by day; else they are those from ``low`` to ``high``.
    """
    if on_dirty_days and reading.as_of is None:
        rows = f"""dirty {_PLACES} CROSS JOIN LATERAL ({of_day(f"'{stage}'")}) AS c"""
    else:
        rows = f"""(SELECT * FROM changes WHERE to_stage = '{stage}'
                AND occurred_at >= %(low)s AND occurred_at < %(high)s) AS c
            CROSS JOIN calendar CROSS JOIN LATERAL
            (SELECT width_bucket(c.occurred_at, calendar.starts) AS place) AS d"""  # noqa: S608 -- names are ours
    return f"""
        FROM {rows}
            JOIN journeys j ON j.lead_id = c.lead_id AND j.{stage}_at = c.occurred_at
        WHERE {FIRST_OF_TIES}
    """


def entered_any(reading: Reading) -> str:
    """Return FROM and WHERE for the first entries ``c`` into any of ``stages``.

    Of the dirty days, or of those from ``low`` to ``high`` as of a position.
    """
    rows = """(SELECT * FROM changes WHERE to_stage = ANY(%(stages)s)
        AND occurred_at >= %(low)s AND occurred_at < %(high)s) AS c"""
    if reading.as_of is None:
        rows = f"""dirty {_PLACES} CROSS JOIN unnest(%(stages)s::text[]) AS s(stage)
            CROSS JOIN LATERAL ({of_day("s.stage")}) AS c"""
    return f"""
        FROM {rows} JOIN journeys j ON j.lead_id = c.lead_id
            AND c.occurred_at = CASE c.to_stage {FIRSTS} END
        WHERE {FIRST_OF_TIES}
    """


_PLACES = """CROSS JOIN calendar
    CROSS JOIN LATERAL (SELECT dirty.day - %(first)s + 1 AS place) AS d"""

FIRSTS = " ".join(f"WHEN '{stage}' THEN j.{stage}_at" for stage in ORDER)
"""The cases of a stage's name, and when ``j`` first entered it."""


def of_day(stage: str) -> str:
    """Return the changes into a stage on the day at ``d.place`` of the ``calendar``.

    Looked up by index, day by day: OFFSET 0 keeps the planner from joining all changes
    with all days, which it prefers while a table has no statistics yet.
    """
    return f"""SELECT * FROM changes WHERE to_stage = {stage}
        AND occurred_at >= calendar.starts[d.place]
        AND occurred_at < calendar.starts[d.place + 1] OFFSET 0"""  # noqa: S608 -- names are ours
