"""Shares: so many of so many, with the interval in which the true share lies."""

from kpis.domain.questions import Measure
from kpis.domain.ratios import ratio, wilson


def share(above: int, below: int, *, mature: bool) -> Measure:
    """Tell a share; of nobody there is no value."""
    between = wilson(above, below)
    return Measure(
        n=below,
        value=ratio(above, below),
        numerator=above,
        denominator=below,
        low=between.low if between else None,
        high=between.high if between else None,
        mature=mature,
    )
