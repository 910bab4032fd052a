"""What stands beside the bottleneck: the oldest that waits, and the reasons given."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from foundation.kernel.periods import DAY, Period
from kpis.domain.questions import Question
from kpis.domain.ratios import ratio
from kpis.domain.spreads import spread
from kpis.domain.writing import written
from kpis.enums import Dimension, Unit
from kpis.queries import passages
from kpis.queries.asks import Ask, prepare
from kpis.queries.cells import added_up, neighbours
from kpis.queries.reading import Reading

NORM = timedelta(days=90)
TOP = 3
_TICK = timedelta(microseconds=1)
_OLDEST = """
    SELECT split, count(*), max(wait), (array_agg(lead_id ORDER BY wait DESC, id))[1]
    FROM staying GROUP BY split
"""
_REASONS = """
    SELECT to_stage, reason, count(*) FROM refusals
    WHERE slot = 1 GROUP BY to_stage, reason ORDER BY count(*) DESC, to_stage, reason
"""


def oldest(seen: Reading, stage: str | None) -> dict[str, Any] | None:
    """Return the lead that has waited longest, as a scorecard holds it.

    It is the oldest of those at ``stage`` now; without one, that of the stage whose
    oldest has waited longest against the stage's norm. The norm is the median of the
    stays that ended in the last 90 days. None where nobody waits.
    """
    today = seen.today
    period = Period(today - NORM + DAY, today + DAY, "")
    ask = prepare(Question("stage_wait", period, by=Dimension.STAGE), seen, [period])
    placed = passages.staying(ask, stage or "")
    rows = seen.rows(f"WITH {placed.relations} {_OLDEST}", placed.params)
    norms = _norms(ask, stage or "")
    found = [_waiting(row, norms) for row in rows]
    return max(found, key=_against_norm, default=None)


def _norms(ask: Ask, stage: str) -> dict[str | None, Decimal]:
    columns = ["count(*)", *neighbours("wait")]
    found = added_up(ask, passages.visits(ask, stage), columns)
    return {
        split: spread(n, ends, DAY).median for (_, split), (n, *ends) in found.items()
    }


def _waiting(row: Sequence[Any], norms: Mapping[str | None, Decimal]) -> dict[str, Any]:
    stage, n, wait, lead = row
    days = ratio(Decimal(wait // _TICK), DAY // _TICK)
    return {
        "stage": stage,
        "n": n,
        "lead": lead,
        "days": written(days, Unit.DAYS),
        "norm": written(norms.get(stage), Unit.DAYS),
    }


def _against_norm(each: Mapping[str, Any]) -> tuple[Decimal, str]:
    norm = Decimal(each["norm"] or 0)
    return (Decimal(each["days"]) / norm if norm else Decimal(0), each["stage"])


def reasons(seen: Reading, period: Period) -> dict[str, Any]:
    """Return why leads that qualified in a period were refused, most often first.

    ``n`` counts the refusals of `mql_acceptance`; of the reasons the first three are
    told, each with where the lead went.
    """
    ask = prepare(Question("mql_acceptance", period), seen, [period])
    placed = passages.refusals(ask)
    rows = seen.rows(f"WITH {placed.relations} {_REASONS}", placed.params)
    top = [list(row) for row in rows if row[1]][:TOP]
    return {"n": sum(n for *_, n in rows), "top": top}
