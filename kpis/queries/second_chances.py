"""What became of refused leads that were worked all the same, beside accepted ones.

A case is one round of one lead; its record is the change by which that round was
entered, or accepted. Of the sample only those count that sales has decided about
again: before that nobody is told which they are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from foundation.kernel.periods import start_of
from kpis.queries import journeys
from kpis.queries.reading import Reading
from kpis.queries.subqueries import rows
from leads.models import StageChange

SAMPLE, ACCEPTED = "sample", "accepted"
GROUPS = (SAMPLE, ACCEPTED)
PARTS = {"all": "true", "sql": "sqls", "customer": "customers"}
"""Which cases of a group are meant, as a condition on ``told``."""

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Group:
    """How many cases there were, and how many reached what in that round."""

    leads: int
    sqls: int
    customers: int


@dataclass(frozen=True)
class Span:
    """From when up to when cases began, and within how many local days they came far.

    Without ``within`` it does not matter when.
    """

    since: datetime
    until: datetime
    within: int | None = None


_CASES = """
    counted AS (
        SELECT c.* FROM changes c JOIN journeys j ON j.lead_id = c.lead_id
        WHERE c.to_stage IN ('mql', 'sal')
            AND c.occurred_at >= %(since)s AND c.occurred_at < %(until)s
    ), drawn AS (
        SELECT c.id, c.lead_id, c.round, c.occurred_at FROM counted c
        JOIN leads_secondchance s ON s.entered_id = c.id
    ), cases AS (
        SELECT 'sample' AS which, d.* FROM drawn d WHERE EXISTS (
            SELECT FROM changes n WHERE n.lead_id = d.lead_id AND n.round = d.round
                AND n.to_stage <> 'mql')
        UNION ALL (
            SELECT DISTINCT ON (c.lead_id, c.round) 'accepted', c.id, c.lead_id,
                c.round, c.occurred_at
            FROM counted c
            WHERE c.to_stage = 'sal' AND c.cause = 'accepted' AND NOT c.implied
                AND NOT EXISTS (
                    SELECT FROM leads_secondchance s JOIN changes e
                        ON e.id = s.entered_id
                    WHERE e.lead_id = c.lead_id AND e.round = c.round)
            ORDER BY c.lead_id, c.round, c.occurred_at, c.id)
    ), told AS (
        SELECT cases.which, cases.id, reached.* FROM cases CROSS JOIN LATERAL (
            SELECT coalesce(bool_or(r.to_stage = 'sql'), false) AS sqls,
                coalesce(bool_or(r.to_stage = 'customer'), false) AS customers
            FROM changes r
            WHERE r.lead_id = cases.lead_id AND r.round = cases.round AND (
                %(within)s::int IS NULL
                OR timezone(%(zone)s, r.occurred_at)::date
                    - timezone(%(zone)s, cases.occurred_at)::date <= %(within)s::int)
            ) AS reached
    )
"""


def results(seen: Reading, span: Span) -> dict[str, Group]:
    """Compare the sample with leads that sales accepted in so many words.

    As of the position that is read. One statement.
    """
    relations, params = _told(seen, span)
    statement = f"""
        WITH {relations} SELECT which, count(*), count(*) FILTER (WHERE sqls),
            count(*) FILTER (WHERE customers)
        FROM told GROUP BY which
    """  # noqa: S608 -- names are ours
    found = {which: Group(*n) for which, *n in seen.rows(statement, params)}
    return {which: found.get(which, Group(0, 0, 0)) for which in GROUPS}


def records(
    seen: Reading, span: Span, group: str, part: str = "all"
) -> QuerySet[StageChange]:
    """Return the records behind a figure of `results`: there are as many."""
    relations, params = _told(seen, span)
    statement = f"""
        WITH {relations}
        SELECT id FROM told WHERE which = %(group)s AND {PARTS[part]}
    """  # noqa: S608 -- names are ours
    return rows(StageChange, statement, {**params, "group": group})


def _told(seen: Reading, span: Span) -> tuple[str, dict[str, Any]]:
    text, params = journeys.prelude(seen)
    asked = {"since": span.since, "until": span.until, "within": span.within}
    return f"{text}, {_CASES}", {
        **params,
        **asked,
        "zone": seen.zone.key,
        "as_of": seen.as_of,
    }


def last_year(seen: Reading) -> Span:
    """Return the last 365 days up to the moment of a reading."""
    return Span(seen.at - YEAR, seen.at)


def mature(seen: Reading, within: int) -> Span:
    """Return the last 365 local days whose cases have all had so many days."""
    end = seen.today - timedelta(within)
    return Span(
        start_of(end - YEAR, seen.zone), start_of(end, seen.zone), within=within
    )
