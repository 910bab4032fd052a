"""Ages in whole days, and how points fade with them, the same in both readings.

Days are those of the workspace's time zone: a touch at 23:59 is a day old a minute
later. A day begins at the first moment that has its date, so days follow each other in
time whatever the clocks do. Weights are whole millionths from one table, so nothing is
rounded twice.
"""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from zoneinfo import ZoneInfo

from foundation.kernel.periods import day_of, start_of

WHOLE = 1_000_000
"""The weight of a touch of today."""


class Days:
    """The first moments of the days that end with today, the oldest first."""

    def __init__(self, at: datetime, zone: ZoneInfo, back: int) -> None:
        """Take the days from ``back`` days before ``at`` to its own."""
        self.at, self.zone = at, zone
        self.today = day_of(at, zone)
        self.starts = [
            _start(self.today - timedelta(days=n), zone) for n in range(back, -1, -1)
        ]

    def since(self, days: int) -> datetime:
        """Return the first moment that is at most ``days`` days old."""
        return _start(self.today - timedelta(days=days), self.zone)

    def start(self, day: date) -> datetime:
        """Return the first moment of a day."""
        return _start(day, self.zone)

    def age(self, moment: datetime) -> int:
        """Return how many days old a moment is; beyond the table one more than it has.

        A moment of today is 0 days old.
        """
        return len(self.starts) - bisect_right(self.starts, moment)


def starts_between(
    first: datetime, last: datetime, zone: ZoneInfo, back: int
) -> list[datetime]:
    """Return the first moments of days, the oldest first.

    From ``back`` days before the one on which ``first`` lies to that of ``last``.
    """
    day, end = day_of(first, zone) - timedelta(days=back), day_of(last, zone)
    return [_start(day + timedelta(days=n), zone) for n in range((end - day).days + 1)]


@lru_cache(maxsize=50_000)
def _start(day: date, zone: ZoneInfo) -> datetime:
    return start_of(day, zone)


@lru_cache(maxsize=256)
def weights(half_life_days: int | None) -> tuple[int, ...]:
    """Return the weight of a touch by its age in days; beyond the table it is 0.

    It halves every ``half_life_days``: ``2 ** (-age / half-life)`` in millionths,
    rounded half up. Without a half-life nothing fades, and the table is empty.
    """
    if half_life_days is None:
        return ()
    found = []
    with localcontext(prec=30):
        base = Decimal(2) ** (Decimal(-1) / half_life_days)
        age = 0
        while weight := _rounded(WHOLE * base**age):
            found.append(weight)
            age += 1
    return tuple(found)


def _rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))
