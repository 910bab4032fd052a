"""How long things took: the median is the value, p90 stands beside it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Model

from kpis.domain.questions import Measure
from kpis.domain.registry import Cell, Method
from kpis.domain.spreads import Spread, spread
from kpis.enums import Dimension
from kpis.queries.asks import Ask
from kpis.queries.cells import Placed, added_up, listed, neighbours

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def wait(
    place: Callable[[Ask], Placed],
    model: type[Model],
    splits: tuple[Dimension, ...],
    *,
    unit: timedelta = DAY,
) -> Method:
    """Return how the column ``wait`` of placed rows of ``model`` is told."""

    def read(ask: Ask) -> Mapping[Cell, Spread]:
        found = added_up(ask, place(ask), ["count(*)", *neighbours("wait")])
        return {cell: spread(n, ends, unit) for cell, (n, *ends) in found.items()}

    def records(ask: Ask, split: str | None, part: str) -> Any:  # noqa: ANN401 -- rows of ``model``
        return listed(model, place(ask), split)

    return Method(read, told, records, splits)


def told(ask: Ask, slot: int, found: Spread | None) -> Measure:
    """Tell a spread; without cases there is no value."""
    if found is None:
        return Measure(n=0, value=None, mature=ask.has_ended(slot))
    return Measure(
        n=found.n,
        value=found.median,
        percentiles={"p90": found.p90},
        mature=ask.has_ended(slot),
    )
