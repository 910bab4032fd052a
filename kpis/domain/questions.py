"""What is asked of the numbers, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from foundation.kernel.periods import Period, Step


@dataclass(frozen=True)
class Question:
    """Which number, of when, split how.

    Args:
        key: a registered KPI.
        period: local days of the workspace.
        by: a `Dimension`; the total is always answered too.
        step: cuts the period into a series.
        kind: a `Kind`, for conversions; cohort where none is given.
        within: days a cohort or an attempt has; None for "ever".
        as_of: a ledger position; None for now.
        persons: ids whose own rows a split by owner may show; None for everybody's.
            The total never depends on it.
    """

    key: str
    period: Period
    by: str | None = None
    step: Step | None = None
    kind: str | None = None
    within: int | None = None
    as_of: int | None = None
    persons: frozenset[int] | None = None


@dataclass(frozen=True)
class Measure:
    """One number with its company, before it is put beside the others.

    ``n`` is how many records it was made from. ``missing`` counts records that should
    be in it and could not be, ``problem`` says why (``missing_rate``): such a number
    has no value.
    """

    n: int
    value: Decimal | None
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    mature: bool = True
    percentiles: Mapping[str, Decimal | None] = field(default_factory=dict)
    apart: Mapping[str, Decimal | int | None] = field(default_factory=dict)
    missing: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Value:
    """One number of a series.

    ``split`` is None for the total and empty for a blank; ``label`` is what people
    call it, where the split is an id.
    """

    split: str | None
    label: str
    period: Period
    measure: Measure
    small_sample: bool


@dataclass(frozen=True)
class Series:
    """The answer: total first, then the splits; periods in order of time.

    ``position`` is the ledger position that it stands for, ``as_of`` its moment.
    """

    key: str
    unit: str
    kind: str | None
    within: int | None
    by: str | None
    as_of: datetime
    position: int
    values: tuple[Value, ...]

    @property
    def total(self) -> Measure:
        """The first total; the one there is, where the period was not cut."""
        return self.values[0].measure
