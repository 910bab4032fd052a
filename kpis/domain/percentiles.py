"""Percentiles that interpolate linearly between neighbours, as ``percentile_cont``."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

MEDIAN = Decimal("0.5")
P90 = Decimal("0.9")


@dataclass(frozen=True)
class Place:
    """The two neighbours (counted from 0) and how far from the lower one it lies."""

    lower: int
    upper: int
    share: Decimal


def place(n: int, fraction: Decimal) -> Place:
    """Return where the percentile of ``n`` sorted values lies (n ≥ 1)."""
    exact = fraction * (n - 1)
    return Place(floor(exact), ceil(exact), exact - floor(exact))


def between(lower: Decimal, upper: Decimal, share: Decimal) -> Decimal:
    """Interpolate: ``lower`` at share 0, ``upper`` at share 1."""
    return lower + (upper - lower) * share


def percentile(ordered: Sequence[Decimal], fraction: Decimal) -> Decimal | None:
    """Return a percentile of values in rising order; no value without any."""
    if not ordered:
        return None
    at = place(len(ordered), fraction)
    return between(ordered[at.lower], ordered[at.upper], at.share)
