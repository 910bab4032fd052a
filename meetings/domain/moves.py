"""Which of many numbers moved more than chance moves them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

BEYOND_CHANCE = Decimal("1.96")
"""How many standard errors; below, one difference in twenty is chance alone."""


@dataclass(frozen=True)
class Pair:
    """A number in two periods of the same length.

    A count has only ``before`` and ``now``; a share is ``before`` of ``before_of`` and
    ``now`` of ``now_of`` cases.
    """

    key: str
    before: int
    now: int
    before_of: int | None = None
    now_of: int | None = None

    @property
    def surprise(self) -> Decimal:
        """Return the difference in standard errors, signed; 0 where there is none.

        Two counts: their difference ÷ √ of their sum, as for two Poisson counts over
        equal times (Przyborowski and Wilenski 1940, normal approximation). Two shares:
        the pooled two-proportion z.
        """
        if self.before_of is None or self.now_of is None:
            both = Decimal(self.before + self.now)
            return (self.now - self.before) / both.sqrt() if both else Decimal()
        return _of_shares(self.before, self.before_of, self.now, self.now_of)


def _of_shares(before: int, before_of: int, now: int, now_of: int) -> Decimal:
    if not before_of or not now_of:
        return Decimal()
    pooled = Decimal(before + now) / (before_of + now_of)
    spread = pooled * (1 - pooled) * (1 / Decimal(before_of) + 1 / Decimal(now_of))
    if not spread:
        return Decimal()
    return (Decimal(now) / now_of - Decimal(before) / before_of) / spread.sqrt()


def most(pairs: Sequence[Pair], limit: int) -> list[Pair]:
    """Return the numbers that moved beyond chance, the most surprising first.

    Ties keep their order.
    """
    moved = [pair for pair in pairs if abs(pair.surprise) >= BEYOND_CHANCE]
    return sorted(moved, key=lambda pair: -abs(pair.surprise))[:limit]
