"""What was spent, and what one lead, MQL or customer cost."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from campaigns.models import SpendEntry
from kpis.domain.questions import Measure
from kpis.domain.ratios import ratio
from kpis.domain.registry import Cell, Method
from kpis.enums import Dimension, Part
from kpis.queries import entries, spending
from kpis.queries.asks import Ask
from kpis.queries.cells import added_up, listed
from kpis.queries.methods import money
from kpis.queries.methods.paths import leads

_SUM = [
    "count(*)",
    "coalesce(sum(base_amount), 0)",
    "count(*) FILTER (WHERE base_amount IS NULL)",
]
_SPLITS = (Dimension.CAMPAIGN,)


def spend() -> Method:
    """Return what was spent in a period."""

    def read(ask: Ask) -> Mapping[Cell, tuple[Any, ...]]:
        return added_up(ask, spending.spending(ask), _SUM)

    def make(ask: Ask, slot: int, found: tuple[int, Decimal, int] | None) -> Measure:
        return money.total(found or money.NOTHING, mature=ask.has_ended(slot))

    def records(ask: Ask, split: str | None, part: str) -> QuerySet[SpendEntry]:
        return listed(SpendEntry, spending.spending(ask), split)

    return Method(read, make, records, _SPLITS)


def cost_per(stage: str) -> Method:
    """Return spend ÷ first entries into a stage, both of the same period."""

    def read(ask: Ask) -> Mapping[Cell, tuple[tuple[Any, ...], int]]:
        costs = added_up(ask, spending.spending(ask), _SUM)
        counts = entries.counts(ask, stage)
        return {
            cell: (costs.get(cell, money.NOTHING), counts.get(cell, {}).get("", 0))
            for cell in costs.keys() | counts.keys()
        }

    def make(ask: Ask, slot: int, found: Any) -> Measure:  # noqa: ANN401 -- of read
        (_, amount, missing), n = found or (money.NOTHING, 0)
        told = money.total((n, amount, missing), mature=ask.has_ended(slot))
        value = None if missing else ratio(amount, n)
        return replace(told, value=value, denominator=n)

    def records(ask: Ask, split: str | None, part: str) -> QuerySet[Any]:
        if part == Part.NUMERATOR:
            return listed(SpendEntry, spending.spending(ask), split)
        return leads(ask, split, stage)

    return Method(read, make, records, _SPLITS)
