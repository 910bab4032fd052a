"""The funnel by month and source, and waits, from rows: ours beside hand-written SQL.

Ours is the product's own question with every day of the daily facts owed, so that all
of it comes from the rows; both are asked in turn in one run, and tell the same.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from tools.bench.company import Place, example, multiply

COPIES = 16
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
    "funnel by month and source, all leads, from rows": "at most 2",
    "the same from the daily facts": "at most 2",
    "median and p90 from lead to customer by month": "at most 1.35",
    "median and p90 in each stage by month, age of those there": "at most 1.35",
}


def main() -> list[tuple[str, str, str, str]]:
    """Run it; return rows of (path, ours, hand-written, ratio)."""
    with example() as place:
        leads = multiply(place.url, COPIES)
        found = _measured(place)
    return [
        (
            f"{line}, {leads} leads",
            f"{ours:.0f} ms",
            f"{bare:.0f} ms",
            f"{ours / bare:.2f} ({_LINES[line]})",
        )
        for line, (ours, bare) in found.items()
    ]


def _measured(place: Place) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = json.loads(
        place.run("-m", "tools.bench.funnel").splitlines()[-1]
    )
    return found


def inside() -> dict[str, tuple[float, float]]:
    """Measure in this process, on the database that its environment names."""
    import django  # noqa: PLC0415 -- only where there is a database

    django.setup()
    from kpis.actions import facts  # noqa: PLC0415

    lines = list(_LINES)
    found = {
        lines[0]: _funnel(),
        lines[2]: _both(lambda: _asked("lead_to_customer_days"), _DAYS, 1),
        lines[3]: _both(lambda: _asked("stage_wait", by="stage"), _WAITS, -2),
    }
    facts.refresh_all()
    found[lines[1]] = _funnel()
    return {line: found[line] for line in lines}


def _funnel() -> tuple[float, float]:
    return _both(lambda: _asked("leads", by="source"), _FUNNEL, 2)


def _asked(key: str, by: str | None = None) -> int:
    """Ask by month; return how many there were in all."""
    from foundation.kernel import clock  # noqa: PLC0415
    from foundation.kernel.periods import Step, parse  # noqa: PLC0415
    from kpis.domain.questions import Question  # noqa: PLC0415
    from kpis.queries import entries, values  # noqa: PLC0415
    from kpis.queries.asks import prepare  # noqa: PLC0415
    from kpis.queries.reading import reading  # noqa: PLC0415
    from leads.domain.path import ORDER  # noqa: PLC0415

    question = Question(key, parse("all"), by=by, step=Step.MONTH)
    with reading(at=clock.now()) as seen:
        if key != "leads":
            series = values.answer(question, seen)
            return sum(v.measure.n for v in series.values if v.split is None)
        ask = prepare(question, seen)
        found = entries.counts(ask, ORDER[0], ORDER[1:])
        return sum(n[""] for (_, split), n in found.items() if split is None)


def _both(ours: Callable[[], int], bare: str, place: int) -> tuple[float, float]:
    """Time both in turn; what they count must be the same."""
    counts: set[int] = set()
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(TIMES + 1):
        for name, work in (("ours", ours), ("bare", lambda: _by_hand(bare, place))):
            begun = time.perf_counter()
            counts.add(work())
            times[name].append((time.perf_counter() - begun) * 1_000)
    if len(counts) != 1:
        raise AssertionError(counts)
    return statistics.median(times["ours"][1:]), statistics.median(times["bare"][1:])


def _by_hand(statement: str, place: int) -> int:
    from django.db import connection  # noqa: PLC0415

    from foundation.accounts.queries import workspace  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(statement, {"zone": workspace.current().time_zone})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return sum(row[place] for row in rows if len(row) != 4 or row[1] is None)


if __name__ == "__main__":
    print(json.dumps(inside()))
    sys.exit()
