"""What became of the leads of a dry run: how many of each group came how far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.kernel.periods import DAY, Period, Step, around
from kpis.domain.ratios import Interval, is_small, ratio, wilson

STEPS = ("sql", "opportunity", "customer", "active_3m", "active_12m")
"""How far a lead can have come since: each is counted of the whole group."""

TOLD = {
    "mql": tuple(step for step in STEPS if step != "opportunity"),
    "sql": tuple(step for step in STEPS if step != "sql"),
}
"""What is told of a definition of a stage: the next stage, and the result."""

MONTHS = {"active_3m": 3, "active_12m": 12}


@dataclass(frozen=True)
class Reach:
    """How many of a group came so far.

    ``waiting`` are customers whose months have not passed; while there are some, or
    while the leads have not had the usual time, the share is not ``mature``.
    """

    reached: int
    n: int
    waiting: int
    mature: bool

    @property
    def value(self) -> Decimal | None:
        """The share of the group; none where nobody is in it."""
        return ratio(self.reached, self.n)

    @property
    def interval(self) -> Interval | None:
        """Where the true share lies with 95 % confidence."""
        return wilson(self.reached, self.n)

    @property
    def small(self) -> bool:
        """Whether the group is too small for its shares to say much."""
        return is_small(self.n)


@dataclass(frozen=True)
class Group:
    """A group of leads, or its leads of one source, and how far they came."""

    outcome: str
    source: str | None
    n: int
    reach: Mapping[str, Reach]


def window(first_on: date, end_on: date) -> Period:
    """Return the window as a period: a month, quarter or year by its name."""
    for step in (Step.MONTH, Step.QUARTER, Step.YEAR):
        found = around(first_on, step)
        if (found.first, found.end) == (first_on, end_on):
            return found
    return Period(first_on, end_on, f"{first_on}/{end_on - DAY}")


def last_quarter(today: date) -> Period:
    """Return the last calendar quarter that has passed in full."""
    return around(around(today, Step.QUARTER).first - DAY, Step.QUARTER)
