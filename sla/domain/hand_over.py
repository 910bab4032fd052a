"""A clock that was handed over: each owner's time counts in the owner's calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sla.domain.business_time import due, elapsed
from sla.domain.calendars import Calendar
from sla.domain.errors import WrongInput
from sla.domain.instants import SECOND, Pause


@dataclass(frozen=True, slots=True)
class Segment:
    """A clock's time with one owner, in the version of the calendar in force then.

    ``end`` is the hand-over, or None while this owner has it.
    """

    calendar: Calendar
    start: datetime
    end: datetime | None = None
    pauses: Sequence[Pause] = ()


def elapsed_segments(segments: Iterable[Segment]) -> int:
    """Return the seconds of all segments, each counted in its calendar, added up.

    Raises:
        WrongInput: as for ``elapsed``; also a segment without end, which is to be
            given the moment up to which to count.
    """
    return sum(_elapsed(segment) for segment in segments)


def due_segments(segments: Iterable[Segment], target_seconds: int) -> datetime | None:
    """Return ``due`` of the whole clock, in whichever owner's time it falls.

    Args:
        segments: in order of time; the last one usually without end.
        target_seconds: the agreed business seconds over all of them.

    Returns:
        The moment in UTC; None when the segments end first, or a pause lasts.
    """
    used = 0
    for segment in segments:
        counted = 0 if segment.end is None else _elapsed(segment)
        if segment.end is None or used + counted >= target_seconds:
            return due(
                segment.calendar,
                segment.start,
                target_seconds,
                segment.pauses,
                used=used,
            )
        used += counted
    return None


def breach_at_segments(
    segments: Iterable[Segment], target_seconds: int
) -> datetime | None:
    """Return ``breach_at`` of the whole clock; arguments as for ``due_segments``.

    A moment before a hand-over means that the breach belongs to the owner of then.
    """
    exceeded = due_segments(segments, target_seconds + 1)
    return None if exceeded is None else exceeded - SECOND


def _elapsed(segment: Segment) -> int:
    if segment.end is None:
        raise WrongInput("segment", "has no end", "Count up to a moment")
    return elapsed(segment.calendar, segment.start, segment.end, segment.pauses)
