"""Sums of money, and averages of them. A missing rate leaves a number without value."""

from decimal import Decimal

from kpis.domain.questions import Measure
from kpis.domain.ratios import ratio

NOTHING = (0, Decimal(), 0)
MISSING_RATE = "missing_rate"

type Sum = tuple[int, Decimal, int]
"""How many were added up, their sum, and how many could not be converted."""


def total(found: Sum, *, mature: bool) -> Measure:
    """Tell a sum."""
    n, amount, missing = found
    return Measure(
        n=n,
        value=None if missing else amount,
        numerator=amount,
        mature=mature,
        missing=missing,
        problem=MISSING_RATE if missing else "",
    )


def average(found: Sum, *, mature: bool) -> Measure:
    """Tell a sum divided by how many were added up; of none there is no value."""
    n, amount, missing = found
    return Measure(
        n=n,
        value=None if missing else ratio(amount, n),
        numerator=amount,
        denominator=n,
        mature=mature,
        missing=missing,
        problem=MISSING_RATE if missing else "",
    )
