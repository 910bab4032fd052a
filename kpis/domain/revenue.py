"""What customers pay: monthly amounts by the day, and those who stay.

Recurring entries are monthly amounts that hold from their date on; `new` and
`expansion` add, `contraction` and `churn` take away. Sums are exact until the end.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from foundation.kernel.money import cents
from foundation.kernel.periods import add_months
from kpis.domain.ratios import ratio

_HUNDRED = 100


@dataclass(frozen=True)
class Day:
    """What the entries of one day add up to, in one currency.

    ``monthly`` is what was added to the running monthly amount less what was taken
    away, ``once`` what was paid once; ``entries`` and ``missing`` count those that
    there are and those without a rate, recurring ones first.
    """

    day: date
    monthly: Decimal = Decimal()
    once: Decimal = Decimal()
    entries: tuple[int, int] = (0, 0)
    missing: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Revenue:
    """Revenue of a range of days, from so many entries, of which some lack a rate."""

    amount: Fraction = Fraction()
    entries: int = 0
    missing: int = 0


@dataclass
class Flow:
    """The days on which what customers pay changed, in order."""

    days: list[Day]
    _dates: list[date] = field(init=False)
    _before: list[Day] = field(init=False)

    def __post_init__(self) -> None:
        self._dates = [day.day for day in self.days]
        self._before = list(accumulate(self.days, _add, initial=Day(date.min)))

    def revenue(self, first: date, end: date) -> Revenue:
        """Return the revenue of the days from ``first`` up to and without ``end``.

        Each day brings the running monthly amount ÷ the days of its month, and what
        was paid once on it.
        """
        if first >= end:
            return Revenue()
        low, high = (bisect_left(self._dates, day) for day in (first, end))
        before, after = self._before[low], self._before[high]
        amount = Fraction(before.monthly) * months(first, end)
        for day in self.days[low:high]:
            amount += Fraction(day.monthly) * months(day.day, end)
        return Revenue(
            amount + Fraction(after.once - before.once),
            after.entries[0] + after.entries[1] - before.entries[1],
            after.missing[0] + after.missing[1] - before.missing[1],
        )


def _add(before: Day, day: Day) -> Day:
    return Day(
        day.day,
        before.monthly + day.monthly,
        before.once + day.once,
        (before.entries[0] + day.entries[0], before.entries[1] + day.entries[1]),
        (before.missing[0] + day.missing[0], before.missing[1] + day.missing[1]),
    )


def flow(days: Iterable[Day]) -> Flow:
    """Put days in order; each day at most once."""
    return Flow(sorted(days, key=lambda day: day.day))


def months(first: date, end: date) -> Fraction:
    """Return how many months a range of days is, each day being its month's share."""
    total = Fraction()
    month = first.replace(day=1)
    while month < end:
        after = add_months(month, 1)
        days = (min(after, end) - max(month, first)).days
        total += Fraction(days, (after - month).days)
        month = after
    return total


def in_cents(amount: Fraction) -> Decimal:
    """Round an exact amount half-up, away from zero at the half, to cents."""
    scaled = abs(amount) * _HUNDRED
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return cents(Decimal(whole if amount >= 0 else -whole) / _HUNDRED)


@dataclass(frozen=True)
class Kept:
    """The customers active at a period's start, and what became of them.

    Money is monthly: ``start`` is what they paid as it began, the others what was
    added and taken away in it. ``missing`` counts their entries without a rate.
    """

    active: int = 0
    still: int = 0
    start: Decimal = Decimal()
    expansion: Decimal = Decimal()
    contraction: Decimal = Decimal()
    churn: Decimal = Decimal()
    missing: int = 0

    @property
    def retention(self) -> Decimal | None:
        """Share of those active at the start who are active at the end."""
        return ratio(self.still, self.active)

    @property
    def gross(self) -> Decimal:
        """What is left of the start, nothing added."""
        return self.start - self.contraction - self.churn

    @property
    def net(self) -> Decimal:
        """The same with what they expanded by."""
        return self.gross + self.expansion

    @property
    def grr(self) -> Decimal | None:
        """Gross revenue retention: never above one."""
        return ratio(self.gross, self.start)

    @property
    def nrr(self) -> Decimal | None:
        """Net revenue retention."""
        return ratio(self.net, self.start)
