"""Why a clock shows what it shows: what was counted and what closed the rest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sla.domain.calendars import ONE_DAY, Calendar
from sla.domain.instants import Pause, running, to_instant, to_seconds
from sla.domain.spans import DAY
from sla.domain.wall_clock import instants_of, local_date


class Cause(StrEnum):
    """What a stretch of time was; ``OPEN`` alone is counted."""

    OPEN = "open"
    PAUSE = "pause"
    HOLIDAY = "holiday"
    DAY_OFF = "day_off"
    """A special day without hours."""
    WEEKEND = "weekend"
    """A date on which no hours begin, whatever the weekday is called."""
    OFF_HOURS = "off_hours"
    """The night, or a break between two intervals, of a working day."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time of one local date and one cause, ``[starts_at, ends_at)`` in UTC.

    ``name`` is the holiday's, where the calendar has one.
    """

    starts_at: datetime
    ends_at: datetime
    day: date
    cause: Cause
    name: str = ""

    @property
    def seconds(self) -> int:
        """Return the real length in seconds."""
        return (self.ends_at - self.starts_at) // timedelta(seconds=1)


type _Piece = tuple[int, int, date, Cause]


def intervals(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    pauses: Iterable[Pause] = (),
) -> list[Stretch]:
    """Return what ``elapsed`` counted, one stretch per local date and interval.

    Their seconds add up to ``elapsed`` of the same arguments.
    """
    stretches = explain(calendar, start, end, pauses)
    return [stretch for stretch in stretches if stretch.cause is Cause.OPEN]


def explain(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    pauses: Iterable[Pause] = (),
) -> list[Stretch]:
    """Return all of ``[start, end)`` in order, without gaps, each part with its cause.

    Cut at each local midnight. Open time inside a pause has the cause pause; closed
    time keeps what closed it. Arguments and errors as for ``elapsed``.
    """
    begin, finish = to_seconds(start), to_seconds(end)
    if finish <= begin:
        return []
    paused = list(pauses)
    return [
        _stretch(calendar, piece)
        for dated in sorted(_pieces(calendar, begin, finish))
        for piece in _less_pauses(dated, paused)
    ]


def _pieces(calendar: Calendar, begin: int, finish: int) -> Iterator[_Piece]:
    """Give the open and closed parts of each local date within the bounds, unsorted."""
    # Clocks set back across midnight show a date again: begin and end a day further.
    day = local_date(calendar.tz, begin) - ONE_DAY
    last = local_date(calendar.tz, finish) + ONE_DAY
    while day <= last:
        for opens, closes, cause in _causes(calendar, day):
            for since, until in instants_of(calendar.tz, day, opens, closes):
                if max(since, begin) < min(until, finish):
                    yield max(since, begin), min(until, finish), day, cause
        day += ONE_DAY


def _causes(calendar: Calendar, day: date) -> Iterator[tuple[int, int, Cause]]:
    """Cut a date's wall clock from midnight to midnight into open and closed."""
    closed, minute = _closed_by(calendar, day), 0
    for opens, closes in calendar.open_minutes(day):
        yield minute, opens, closed
        yield opens, closes, Cause.OPEN
        minute = closes
    yield minute, DAY, closed


def _closed_by(calendar: Calendar, day: date) -> Cause:
    if calendar.is_day_off(day):
        return Cause.HOLIDAY if day in calendar.holidays else Cause.DAY_OFF
    return Cause.OFF_HOURS if calendar.is_working_day(day) else Cause.WEEKEND


def _less_pauses(piece: _Piece, pauses: list[Pause]) -> Iterator[_Piece]:
    begin, finish, day, cause = piece
    if cause is not Cause.OPEN:
        yield piece
        return
    for since, until in running(pauses, begin, finish):
        if begin < since:
            yield begin, since, day, Cause.PAUSE
        yield since, until, day, cause
        begin = until
    if begin < finish:
        yield begin, finish, day, Cause.PAUSE


def _stretch(calendar: Calendar, piece: _Piece) -> Stretch:
    begin, finish, day, cause = piece
    name = calendar.holiday_names.get(day, "") if cause is Cause.HOLIDAY else ""
    return Stretch(to_instant(begin), to_instant(finish), day, cause, name)
