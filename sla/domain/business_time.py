"""Business time: open seconds of a calendar, and when an agreed time is used up.

Rules, from the agreement's section on business time:

- Opening hours are local wall-clock; durations are **real elapsed seconds**. An hour
  that the clocks skip has none, an hour they repeat counts twice.
- ``elapsed(a, b)`` = open seconds in ``[a, b)`` less pauses.
- ``due`` = the earliest moment with ``elapsed >= target``; shown to people.
- ``breach_at`` = the latest moment with ``elapsed <= target``; used by the sweep.
- **met**: done with ``elapsed <= target``, that is ``done <= breach_at``; **breached**:
  ``now > breach_at`` and not done. The two exclude each other.

Moments are datetimes with a time zone, results are in UTC. Precision is one second: a
moment inside a second counts as that second's end. Everything here is a pure function;
what a calendar works out is kept per process and shared by equal calendars.
"""

from collections.abc import Iterable
from datetime import datetime

from sla.domain.calendars import Calendar
from sla.domain.errors import BusinessTimeError, NeverOpens, WrongInput
from sla.domain.explanation import Cause, Stretch, explain, intervals
from sla.domain.instants import (
    FOREVER,
    SECOND,
    Pause,
    running,
    to_instant,
    to_seconds,
)
from sla.domain.open_hours import open_hours

__all__ = [
    "BusinessTimeError",
    "Calendar",
    "Cause",
    "NeverOpens",
    "Pause",
    "Stretch",
    "WrongInput",
    "breach_at",
    "due",
    "due_many",
    "elapsed",
    "elapsed_many",
    "explain",
    "intervals",
]


def elapsed(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    pauses: Iterable[Pause] = (),
) -> int:
    """Return the open **seconds** in ``[start, end)`` that lie in no pause.

    0 where ``end`` is not after ``start``: what was done before the clock began took
    no time.

    Args:
        calendar: whose open time counts.
        start: included.
        end: excluded.
        pauses: ``(from, to)`` in any order, also overlapping or beginning before
            ``start``; ``to`` None is a pause that still lasts.

    Raises:
        WrongInput: a moment without time zone, or a pause that ends before it begins.
    """
    hours = open_hours(calendar)
    stretches = running(pauses, to_seconds(start), to_seconds(end))
    return sum(hours.between(begin, until) for begin, until in stretches)


def due(
    calendar: Calendar,
    start: datetime,
    target_seconds: int,
    pauses: Iterable[Pause] = (),
    *,
    used: int = 0,
) -> datetime | None:
    """Return the earliest moment from ``start`` on with the target used up.

    A target that ends exactly at closing is due **at closing**. A target of 0, or one
    that ``used`` has reached already, is due at ``start`` even outside opening hours.

    Args:
        calendar: whose open time counts.
        start: when the clock began, or was handed over to this calendar.
        target_seconds: the agreed business seconds, 0 or more.
        pauses: as for ``elapsed``.
        used: business seconds that passed with earlier owners.

    Returns:
        The moment in UTC; None while a pause that still lasts prevents it.

    Raises:
        WrongInput: as for ``elapsed``; a negative or fractional number of seconds; a
            target beyond 400 years.
    """
    goal = _whole(target_seconds, "target_seconds") - _whole(used, "used")
    return _reach(calendar, start, goal, pauses)


def breach_at(
    calendar: Calendar,
    start: datetime,
    target_seconds: int,
    pauses: Iterable[Pause] = (),
    *,
    used: int = 0,
) -> datetime | None:
    """Return the latest moment at which the target is not yet exceeded.

    For a target that ends at closing it is the next opening; where a pause begins at
    that second, the pause's end or the next opening after it. Whoever is done by then
    kept the promise; a clock is breached when now is **past** it.

    Arguments as for ``due``.

    Returns:
        The moment in UTC; None while a pause that still lasts prevents any breach.

    Raises:
        WrongInput: as for ``due``; also when ``used`` is above the target, for then
            the breach lies before ``start``, with an earlier owner, and stays there
            (``hand_over.breach_at_segments`` finds it).
    """
    left = _whole(target_seconds, "target_seconds") - _whole(used, "used")
    if left < 0:
        raise WrongInput(
            "used", f"is {-left} s above the target", "Keep the breach found before"
        )
    exceeded = _reach(calendar, start, left + 1, pauses)
    return None if exceeded is None else exceeded - SECOND


def elapsed_many(
    calendar: Calendar, ranges: Iterable[tuple[datetime, datetime]]
) -> list[int]:
    """Return ``elapsed`` in seconds of each ``(start, end)``, in the same order."""
    between = open_hours(calendar).between
    return [between(to_seconds(start), to_seconds(end)) for start, end in ranges]


def due_many(
    calendar: Calendar, starts: Iterable[datetime], target_seconds: int
) -> list[tuple[datetime, datetime]]:
    """Return ``(due, breach_at)`` of each start, in the same order, without pauses.

    For hundreds of thousands of clocks at once; equals the single forms.
    """
    goal = _whole(target_seconds, "target_seconds")
    earliest = open_hours(calendar).earliest
    return [
        (
            to_instant(earliest(start, goal)),
            to_instant(earliest(start, goal + 1) - 1),
        )
        for start in map(to_seconds, starts)
    ]


def _reach(
    calendar: Calendar, start: datetime, goal: int, pauses: Iterable[Pause]
) -> datetime | None:
    """Return the first moment with ``goal`` counted seconds passed, if there is one.

    In whole seconds, the latest moment with at most n passed is one second before the
    first with n + 1: both questions are this one.
    """
    begin = to_seconds(start)
    if goal <= 0:
        return to_instant(begin)
    hours = open_hours(calendar)
    for since, until in running(pauses, begin):
        counted = 0 if until == FOREVER else hours.between(since, until)
        if until == FOREVER or counted >= goal:
            return to_instant(hours.earliest(since, goal))
        goal -= counted
    return None


def _whole(seconds: object, place: str) -> int:
    if not isinstance(seconds, int) or seconds < 0:
        raise WrongInput(
            place, f"{seconds!r} is no number of seconds", "Give a whole one, 0 or more"
        )
    return seconds
