"""The funnel by month and source, and waits, from rows: ours beside the best there is.

Ours is the product's own question with every day of the daily facts owed, so that all
of it comes from the rows. The funnel stands beside DuckDB over the same rows and beside
hand-written SQL, the waits beside hand-written SQL; all are asked in turn in one run,
and tell the same.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from tools.bench.company import COPIES, Place, example, multiply
from tools.bench.duck import same_rows

TIMES = 5

_FUNNEL = """
    SELECT date_trunc('month', c.occurred_at AT TIME ZONE %(zone)s), c.source, count(*),
        count(l.first_mql_at), count(l.first_sal_at), count(l.first_sql_at),
        count(l.first_opportunity_at), count(l.first_customer_at)
    FROM leads_lead l JOIN leads_stagechange c ON c.lead_id = l.id
        AND c.to_stage = 'lead' AND c.in_force AND NOT c.is_withdrawal
    WHERE l.exclusion = '' GROUP BY 1, 2
"""
_DAYS = """
    SELECT date_trunc('month', first_customer_at AT TIME ZONE %(zone)s), count(*),
        percentile_cont(ARRAY[0.5, 0.9])
            WITHIN GROUP (ORDER BY first_customer_at - created_at)
    FROM leads_lead WHERE exclusion = '' AND first_customer_at IS NOT NULL GROUP BY 1
"""
_WAITS = """
    SELECT date_trunc('month', left_at AT TIME ZONE %(zone)s), to_stage, count(*),
        percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY left_at - occurred_at)
    FROM (SELECT c.to_stage, c.occurred_at, c.implied, lead(c.occurred_at) OVER (
            PARTITION BY c.lead_id ORDER BY c.occurred_at, c.id) AS left_at
        FROM leads_stagechange c JOIN leads_lead l ON l.id = c.lead_id
        WHERE c.in_force AND NOT c.is_withdrawal AND l.exclusion = '') AS passages
    WHERE left_at IS NOT NULL AND NOT implied
        AND to_stage IN ('lead', 'mql', 'sal', 'sql', 'opportunity')
    GROUP BY GROUPING SETS ((1), (1, 2))
    UNION ALL
    SELECT NULL, to_stage, count(*), percentile_cont(ARRAY[0.5, 0.9])
        WITHIN GROUP (ORDER BY now() - occurred_at)
    FROM (SELECT DISTINCT ON (c.lead_id) c.to_stage, c.occurred_at
        FROM leads_stagechange c JOIN leads_lead l ON l.id = c.lead_id
        WHERE c.in_force AND NOT c.is_withdrawal AND l.exclusion = ''
        ORDER BY c.lead_id, c.occurred_at DESC, c.id DESC) AS latest
    WHERE to_stage IN ('lead', 'mql', 'sal', 'sql', 'opportunity') GROUP BY 2
"""
_LINES = {
    "funnel by month and source, all leads, from rows, beside DuckDB": "at most 2",
    "the same beside hand-written SQL": "",
    "the same from the daily facts, beside DuckDB": "at most 2",
    "median and p90 from lead to customer by month": "at most 1.35",
    "median and p90 in each stage by month, age of those there": "at most 1.35",
}


def main(copies: int = COPIES) -> list[tuple[str, str, str, str]]:
    """Run it; return rows of (path, ours, reference, ratio)."""
    with example() as place:
        leads = multiply(place.url, copies)
        found = _measured(place)
    return [
        (
            f"{line}, {leads} leads",
            f"{ours:.0f} ms",
            f"{bare:.0f} ms",
            f"{ours / bare:.2f} ({aim})" if aim else f"{ours / bare:.2f}",
        )
        for (line, aim), (ours, bare) in zip(_LINES.items(), found, strict=True)
    ]


def _measured(place: Place) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = json.loads(
        place.run("-m", "tools.bench.funnel").splitlines()[-1]
    )
    return found


def inside() -> list[tuple[float, float]]:
    """Measure in this process, on the database that its environment names."""
    import django  # noqa: PLC0415 -- only where there is a database

    django.setup()
    from foundation.accounts.queries import workspace  # noqa: PLC0415
    from kpis.actions import facts  # noqa: PLC0415

    zone = workspace.current().time_zone
    with same_rows(os.environ["DATABASE_URL"], zone) as duck:
        text = _FUNNEL.replace("%(zone)s", f"'{zone}'")

        def by_duck() -> Cells:
            return _cells(duck.execute(text).fetchall())

        ours, duckdb, by_hand = _in_turn(_funnel, by_duck, _funnel_by_hand)
        days = _in_turn(lambda: _n("lead_to_customer_days"), lambda: _by_hand(_DAYS, 1))
        waits = _in_turn(
            lambda: _n("stage_wait", "stage"), lambda: _by_hand(_WAITS, -2)
        )
        facts.refresh_all()
        kept, again = _in_turn(_funnel, by_duck)
    pairs = [(ours, duckdb), (ours, by_hand), (kept, again), days, waits]
    return [(mine, theirs) for mine, theirs in pairs]


type Cells = dict[tuple[date, str], tuple[int, ...]]
"""By month and source how many leads entered, and how many came to each stage."""


def _funnel() -> Cells:
    from foundation.kernel import clock  # noqa: PLC0415
    from foundation.kernel.periods import Step, parse  # noqa: PLC0415
    from kpis.domain.questions import Question  # noqa: PLC0415
    from kpis.queries import entries  # noqa: PLC0415
    from kpis.queries.asks import prepare  # noqa: PLC0415
    from kpis.queries.reading import reading  # noqa: PLC0415
    from leads.domain.path import ORDER  # noqa: PLC0415

    question = Question("leads", parse("all"), by="source", step=Step.MONTH)
    with reading(at=clock.now()) as seen:
        ask = prepare(question, seen)
        found = entries.counts(ask, ORDER[0], ORDER[1:])
    return {
        (ask.periods[slot - 1].first, split): tuple(
            n.get(stage, 0) for stage in ("", *ORDER[1:])
        )
        for (slot, split), n in found.items()
        if split is not None
    }


def _funnel_by_hand() -> Cells:
    return _cells(_rows(_FUNNEL))


def _cells(rows: Iterable[tuple[Any, ...]]) -> Cells:
    return {(month.date(), source): tuple(n) for month, source, *n in rows}


def _n(key: str, by: str | None = None) -> int:
    """Ask a wait by month; return how many there were in all."""
    from foundation.kernel import clock  # noqa: PLC0415
    from foundation.kernel.periods import Step, parse  # noqa: PLC0415
    from kpis.domain.questions import Question  # noqa: PLC0415
    from kpis.queries import values  # noqa: PLC0415

    question = Question(key, parse("all"), by=by, step=Step.MONTH)
    series = values.value(question, at=clock.now())
    return sum(v.measure.n for v in series.values if v.split is None)


def _by_hand(statement: str, place: int) -> int:
    rows = _rows(statement)
    return sum(row[place] for row in rows if len(row) != 4 or row[1] is None)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    from django.db import connection  # noqa: PLC0415

    from foundation.accounts.queries import workspace  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(statement, {"zone": workspace.current().time_zone})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _in_turn(*ways: Callable[[], object]) -> tuple[float, ...]:
    """Time them in turn; what they tell must be equal."""
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(TIMES + 1):
        told = []
        for way, taken in zip(ways, times, strict=True):
            begun = time.perf_counter()
            told.append(way())
            taken.append((time.perf_counter() - begun) * 1_000)
        if any(each != told[0] for each in told):
            raise AssertionError(told)
    return tuple(statistics.median(taken[1:]) for taken in times)


if __name__ == "__main__":
    print(json.dumps(inside()))
    sys.exit()
