"""What became of the leads of a dry run since, and which leads they are.

Groups are as they were found; what came of them is read anew each time, so that a run
of last quarter tells more as time passes. Customers are active as everywhere else: the
running sum of their entries is above zero in one of its own currencies.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from foundation.kernel.periods import DAY
from kpis.domain.days import days
from kpis.domain.dry_runs import MONTHS, STEPS, Group, Reach
from kpis.queries.reading import Reading
from kpis.queries.revenues import COUNTED_NOW, CUSTOMER, SIGN
from kpis.queries.subqueries import rows
from leads.enums import Outcome
from leads.models import DryRun, DryRunLead, Lead

_DUE = {
    step: f"(w.day + interval '{months} months')::date"
    for step, months in MONTHS.items()
}
_RUNNING = ", ".join(
    f"coalesce(sum(s.amount) FILTER (WHERE s.starts_on < {due}), 0) > 0 AS {step}"
    for step, due in _DUE.items()
)
_HELD = ", ".join(f"bool_or({step}) AS {step}" for step in MONTHS)
_ACTIVE = ", ".join(
    f"""coalesce({due} > %(today)s, false) AS {step}_waits,
        coalesce({due} <= %(today)s AND h.{step}, false) AS {step}"""
    for step, due in _DUE.items()
)
_MEMBERS = f"""
    found AS MATERIALIZED (
        SELECT g.outcome, g.source, g.lead_id,
            coalesce(r.first_sql_at >= g.judged_at, false) AS sql,
            coalesce(r.first_opportunity_at >= g.judged_at, false) AS opportunity,
            coalesce(r.first_customer_at >= g.judged_at, false) AS customer,
            r.first_customer_at, r.company_id
        FROM leads_dryrunlead g JOIN leads_lead r ON r.id = g.lead_id
        WHERE g.run_id = %(run)s
    ), won AS MATERIALIZED (
        SELECT r.lead_id, {CUSTOMER} AS who, %(first)s::date - 1
            + width_bucket(r.first_customer_at, %(starts)s::timestamptz[]) AS day
        FROM found r WHERE r.customer
    ), {COUNTED_NOW}, sums AS (
        SELECT {CUSTOMER} AS who, r.currency, r.starts_on, {SIGN} * r.amount AS amount
        FROM counted r LEFT JOIN deals_deal d ON d.id = r.deal_id
        WHERE NOT EXISTS (
            SELECT FROM strangers s WHERE s.lead_id = coalesce(r.lead_id, d.lead_id))
    ), held AS (
        SELECT lead_id, {_HELD} FROM (
            SELECT w.lead_id, {_RUNNING} FROM won w JOIN sums s ON s.who = w.who
            GROUP BY w.lead_id, w.day, s.currency) AS by_currency
        GROUP BY lead_id
    ), members AS (
        SELECT f.outcome, f.source, f.lead_id, f.sql, f.opportunity, f.customer,
            {_ACTIVE}
        FROM found f LEFT JOIN won w ON w.lead_id = f.lead_id
            LEFT JOIN held h ON h.lead_id = f.lead_id
    )
"""  # noqa: S608 -- names are ours
_COUNTS = ", ".join(
    f"count(*) FILTER (WHERE {step})"
    for step in (*STEPS, *(f"{step}_waits" for step in MONTHS))
)
_TOLD = f"""
    WITH {_MEMBERS}
    SELECT outcome, GROUPING(source) = 1, source, count(*), {_COUNTS}
    FROM members GROUP BY GROUPING SETS ((outcome), (outcome, source))
"""  # noqa: S608 -- names are ours
PARTS = {
    "all": "true",
    **{step: step for step in STEPS},
    "only_sql": "sql AND NOT customer",
    "no_sql": "NOT sql AND NOT customer",
    "only_opportunity": "opportunity AND NOT customer",
    "no_opportunity": "NOT opportunity AND NOT customer",
}
"""Which leads of a group are meant, as a condition on ``members``."""


def told(run: DryRun, seen: Reading) -> list[Group]:
    """Return each group with what became of it, then its leads of each source.

    All three groups are there, also empty ones; sources come in order of size. One
    statement.
    """
    found: dict[tuple[str, str | None], Sequence[int]] = {}
    for outcome, whole, source, *counts in seen.rows(_TOLD, _params(run, seen)):
        found[outcome, None if whole else source] = counts
    for outcome in Outcome:
        found.setdefault((outcome, None), [0] * (1 + len(STEPS) + len(MONTHS)))
    order = list(Outcome)
    keys = sorted(
        found,
        key=lambda key: (
            key[1] is not None,
            order.index(Outcome(key[0])),
            -found[key][0],
            key[1] or "",
        ),
    )
    passed = matures_on(run, seen) <= seen.today
    return [_group(*key, found[key], passed=passed) for key in keys]


def matures_on(run: DryRun, seen: Reading) -> date:
    """Return from when on the leads have had the usual time for the whole path."""
    return run.end_on + timedelta(seen.workspace.path_window_days)


def _group(
    outcome: str, source: str | None, counts: Sequence[int], *, passed: bool
) -> Group:
    n, *reached = counts
    waits = dict(zip(MONTHS, reached[len(STEPS) :], strict=True))
    reach = {
        step: Reach(count, n, waits.get(step, 0), passed and not waits.get(step))
        for step, count in zip(STEPS, reached, strict=False)
    }
    return Group(outcome, source, n, reach)


def leads_of(
    run: DryRun, seen: Reading, outcome: str, *, part: str, source: str | None
) -> QuerySet[Lead]:
    """Return the leads behind a figure, each with ``judged_at``."""
    chosen = PARTS[part] if source is None else f"{PARTS[part]} AND source = %(source)s"
    statement = f"""
        WITH {_MEMBERS} SELECT lead_id FROM members
        WHERE outcome = %(outcome)s AND {chosen}
    """  # noqa: S608 -- names are ours
    params = {**_params(run, seen), "outcome": outcome, "source": source}
    judged = DryRunLead.objects.filter(run=run, outcome=outcome, lead=OuterRef("pk"))
    return rows(Lead, statement, params).annotate(
        judged_at=Subquery(judged.values("judged_at")[:1])
    )


def _params(run: DryRun, seen: Reading) -> dict[str, Any]:
    calendar = days(seen.zone, run.first_on, max(run.end_on, seen.today) + DAY)
    return {
        "run": run.pk,
        "first": run.first_on,
        "starts": calendar.literal,
        "today": seen.today,
    }
