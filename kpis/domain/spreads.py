"""Median and p90 from a count and the neighbours of each, exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Context, Decimal

from kpis.domain.percentiles import MEDIAN, P90, between, place
from kpis.domain.ratios import tenth

_TICK = timedelta(microseconds=1)
_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Spread:
    """How long ``n`` cases took, at ten places."""

    n: int
    median: Decimal
    p90: Decimal


def spread(n: int, neighbours: Sequence[timedelta], unit: timedelta) -> Spread:
    """Return median and p90 of ``n`` durations, counted in ``unit``.

    ``neighbours`` are the durations below and above the median, then those below and
    above the 90th percentile (the same one where it lies on a duration).
    """
    median = _between(neighbours[:2], place(n, MEDIAN).share, unit)
    return Spread(n, median, _between(neighbours[2:], place(n, P90).share, unit))


def _between(ends: Sequence[timedelta], share: Decimal, unit: timedelta) -> Decimal:
    lower, upper = (Decimal(wait // _TICK) for wait in ends)
    exact = between(lower, upper, share)
    return tenth(_EXACT.divide(exact, Decimal(unit // _TICK)))
