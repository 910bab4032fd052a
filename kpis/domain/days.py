"""Which local day a moment belongs to, as tables that SQL can search.

A day is the half-open range from its first existing moment to that of the next day
(`foundation.kernel.periods.start_of`). The time-zone rules are Python's everywhere:
the database gets moments, never the name of a zone, so that two releases of the zone
data can not tell two numbers apart.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from foundation.kernel.periods import DAY, Period, day_of, start_of

_HOUR = timedelta(hours=1)
_TICK = timedelta(microseconds=1)
_start = lru_cache(maxsize=8_192)(start_of)


@dataclass(frozen=True)
class Days:
    """Consecutive local days from ``first`` up to and without ``end``."""

    first: date
    end: date
    starts: tuple[datetime, ...]
    """The first moment of each day, and that of ``end``."""

    @property
    def literal(self) -> str:
        """The starts as PostgreSQL reads an array of moments."""
        return _literal(self.starts)

    def day_of(self, moment: datetime) -> date:
        """Return the local day of a moment that lies in the range."""
        return self.first + DAY * (bisect_right(self.starts, moment) - 1)


@lru_cache(maxsize=64)
def days(zone: ZoneInfo, first: date, end: date) -> Days:
    """Return the local days from ``first`` up to and without ``end`` (≥ first)."""
    count = (end - first).days
    starts = tuple(_start(first + DAY * i, zone) for i in range(count + 1))
    return Days(first, end, starts)


@lru_cache(maxsize=64)
def _literal(moments: tuple[datetime, ...]) -> str:
    return "{" + ",".join(f'"{moment.isoformat()}"' for moment in moments) + "}"


def day_at(moment: datetime, zone: ZoneInfo) -> date:
    """Return the local day whose range holds the moment.

    It is the moment's local date, but for the minutes that some zones repeat after
    midnight with the date of the day before: they belong to the day that had begun.
    """
    day = day_of(moment, zone)
    return day + DAY if _start(day + DAY, zone) <= moment else day


def days_of_hours(hours: Iterable[datetime], zone: ZoneInfo) -> set[date]:
    """Return every local day that shares a moment with one of these hours."""
    ends = ((hour, hour + _HOUR - _TICK) for hour in hours)
    return {day_at(moment, zone) for pair in ends for moment in pair}


def cut_at(periods: Sequence[Period]) -> list[date]:
    """Return the first days of consecutive periods and the end of the last.

    The place of a day among them, counted from 1, is the number of its period.
    """
    if any(before.end != after.first for before, after in pairwise(periods)):
        raise ValueError("The periods have gaps.")
    return [*(period.first for period in periods), periods[-1].end]
