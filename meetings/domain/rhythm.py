"""When the meetings of a series take place, and whose turn the chair is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Rhythm:
    """A weekday and a time on the wall of ``zone``, every ``weeks`` weeks.

    The weeks are counted from the first such weekday (Monday is 0) on or after
    ``first_on``, so that neither a year's end nor a 53rd week changes the turn.
    """

    weekday: int
    local_time: time
    zone: ZoneInfo
    weeks: int
    first_on: date

    @property
    def first_day(self) -> date:
        """The local date of the first meeting."""
        ahead = (self.weekday - self.first_on.weekday()) % 7
        return self.first_on + timedelta(days=ahead)

    def next_after(self, moment: datetime) -> datetime:
        """Return the first start strictly after ``moment``, in UTC."""
        step = self.weeks * WEEK
        passed = (moment.astimezone(self.zone).date() - self.first_day) // step
        for turn in count(max(passed, 0)):
            start = self._start_on(self.first_day + turn * step)
            if start > moment:
                return start
        raise AssertionError  # pragma: no cover -- days never end

    def _start_on(self, day: date) -> datetime:
        """Return the moment at which the wall shows the time.

        A time that clocks skip is taken as much later as they skip; of a time that
        comes twice the earlier one is meant.
        """
        wall = datetime.combine(day, self.local_time, tzinfo=self.zone)
        return wall.replace(fold=0).astimezone(UTC)


def other(side: str) -> str:
    """Return the other of the two teams."""
    return "marketing" if side == "sales" else "sales"
