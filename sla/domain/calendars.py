"""When a team works: opening hours of the week, days off and special days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla.domain import calendar_form
from sla.domain.errors import NeverOpens, WrongInput
from sla.domain.spans import DAY, Spans, union

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Opening hours in local wall-clock time; equal calendars count time alike.

    A minute is open when it lies in an interval that begins on its own local date, or
    in the tail of one that began the evening before, **and its own local date is no
    day off**. So a holiday cuts the tail of the shift that began on its eve, and the
    tail of a shift that "begins" on a holiday is open on the morning after.

    ``special`` replaces what begins on a date, and wins over a holiday on it; a
    special day without intervals is a day off. The tail of the evening before a
    special working day stays open.

    Special days alone make no calendar: after the last of them every clock would
    stand still, so at least one weekday must have hours.

    Attributes:
        tz: IANA name of the zone whose wall clock the hours mean.
        weekly: the intervals that begin on each weekday, Monday first.
        holidays: local dates that are closed from midnight to midnight.
        special: date and the intervals that begin on it, in order of date.
        holiday_names: names shown in explanations; they change no result.
        note: a remark for readers.
    """

    tz: str
    weekly: tuple[Spans, ...]
    holidays: frozenset[date] = frozenset()
    special: tuple[tuple[date, Spans], ...] = ()
    holiday_names: Mapping[date, str] = field(default_factory=dict, compare=False)
    note: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Refuse an unknown zone, a week without hours, names without a holiday."""
        _check_zone(self.tz)
        if len(self.weekly) != len(calendar_form.WEEKDAYS):
            raise WrongInput("weekly", "has not seven days", "Give each its intervals")
        if not any(self.weekly):
            raise NeverOpens(
                "weekly",
                "no weekday has opening hours",
                'Give at least one an interval, such as "mon": [["09:00", "17:00"]]',
            )
        for day in sorted(set(self.holiday_names) - self.holidays):
            raise WrongInput(
                f"holiday_names.{day}", "is no holiday", "Add the date to holidays"
            )

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> Self:
        """Read the written form: ``tz``, ``weekly``, ``holidays`` and optional parts.

        ``weekly`` maps ``mon`` … ``sun`` to lists of ``[from, to]`` in ``HH:MM``, in
        any order, overlapping or not; ``to`` at or before ``from`` lies in the next
        day. ``special`` maps a date to such a list, ``holiday_names`` a date to text.

        Raises:
            NeverOpens: no weekday has an interval.
            WrongInput: anything else; the message names the place and the mend.
        """
        return cls(**calendar_form.read(form))

    def to_dict(self) -> dict[str, Any]:
        """Return the written form; ``from_dict`` makes an equal calendar of it."""
        return calendar_form.write(self)

    def is_day_off(self, day: date) -> bool:
        """Tell whether every minute of this local date is closed by decree."""
        spans = self._special.get(day)
        return day in self.holidays if spans is None else not spans

    def is_working_day(self, day: date) -> bool:
        """Tell whether hours begin on this date: no day off, no free weekday."""
        return bool(self._begins_on(day)) and not self.is_day_off(day)

    def open_minutes(self, day: date) -> list[tuple[int, int]]:
        """Return the open wall-clock minutes of a local date, in order and apart.

        Minutes count from its midnight: ``[(0, 360), (1320, 1440)]`` is open until
        06:00 and from 22:00. What the clocks skip or repeat is not looked at here.
        """
        if self.is_day_off(day):
            return []
        # The first date of all has no eve.
        eve = self._begins_on(day - ONE_DAY) if day > date.min else ()
        own = ((span.opens, min(span.closes, DAY)) for span in self._begins_on(day))
        tails = ((0, span.closes - DAY) for span in eve if span.closes > DAY)
        return union((*own, *tails))

    def _begins_on(self, day: date) -> Spans:
        spans = self._special.get(day)
        return self.weekly[day.weekday()] if spans is None else spans

    @cached_property
    def _special(self) -> dict[date, Spans]:
        return dict(self.special)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongInput(
            "tz", f"{name!r} is no time zone", "Use an IANA name like Europe/Bucharest"
        ) from None
