"""Single passages: time in a stage, and time to customer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from kpis.domain.questions import Measure
from kpis.domain.registry import Cell, Method
from kpis.domain.spreads import Spread, spread
from kpis.enums import Dimension
from kpis.queries import passages
from kpis.queries.asks import Ask
from kpis.queries.cells import Placed, added_up, listed, neighbours
from kpis.queries.methods import waits
from kpis.queries.methods.paths import SPLITS
from leads.models import StageChange

_SPREAD = ["count(*)", *neighbours("wait")]


@dataclass(frozen=True)
class Stay:
    """Stays that ended in a period, and those that last."""

    ended: Spread | None
    lasting: Spread | None


def stage_wait(stage: str = "") -> Method:
    """Return days in a stage, of stays that ended; and the age of those that last."""

    def read(ask: Ask) -> Mapping[Cell, Stay]:
        ended = _spreads(ask, passages.visits(ask, stage))
        slots = range(1, len(ask.periods) + 1)
        is_over = ask.has_ended(len(ask.periods))
        lasting = {} if is_over else _spreads(ask, passages.staying(ask, stage))
        cells = set(ended) | {(slot, split) for _, split in lasting for slot in slots}
        return {c: Stay(ended.get(c), lasting.get((1, c[1]))) for c in cells}

    def make(ask: Ask, slot: int, found: Stay | None) -> Measure:
        found = found or Stay(None, None)
        told = waits.told(ask, slot, found.ended)
        last = found.lasting
        if last is None or ask.has_ended(slot):
            return told
        ages = {"age_median": last.median, "age_p90": last.p90}
        percentiles = {**told.percentiles, **ages}
        return replace(told, percentiles=percentiles, apart={"there_now": last.n})

    def records(ask: Ask, split: str | None, part: str) -> QuerySet[StageChange]:
        placed = passages.staying if part == "there_now" else passages.visits
        return listed(StageChange, placed(ask, stage), split)

    splits = SPLITS if stage else (Dimension.STAGE,)
    return Method(read, make, records, splits, beside=["there_now"])


def _spreads(ask: Ask, placed: Placed) -> dict[Cell, Spread]:
    found = added_up(ask, placed, _SPREAD)
    return {cell: spread(n, ends, waits.DAY) for cell, (n, *ends) in found.items()}


def lead_to_customer_days() -> Method:
    """Return days from a lead's creation to its first being a customer."""
    return waits.wait(passages.to_customer, StageChange, SPLITS)
