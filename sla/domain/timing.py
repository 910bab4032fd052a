"""Due, breach and elapsed time of clocks in sets. Moments are microseconds since 1970.

A clock that one owner has had all the time, without a pause, is counted in whole
numbers at once; one that was handed over or paused as `sla.domain.hand_over` does.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sla.domain import hand_over
from sla.domain.terms import CalendarTerms, ClauseTerms, Moment

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000


class Holding(NamedTuple):
    """From a moment on somebody had the clock, counted in this calendar."""

    owner: int | None
    calendar: CalendarTerms
    since: Moment


class Times(NamedTuple):
    """When a promise is due, and when it is broken."""

    due: Moment
    breach: Moment


type Pauses = Sequence[tuple[Moment, Moment]]


def to_moment(instant: datetime) -> Moment:
    """Return the microseconds from 1970 to an instant."""
    return (instant - EPOCH) // MICROSECOND


def to_instant(moment: Moment) -> datetime:
    """Return the instant, in UTC, so many microseconds after 1970 began."""
    return EPOCH + moment * MICROSECOND


def schedule(
    holdings: Sequence[Holding], clause: ClauseTerms, pauses: Pauses = ()
) -> Times:
    """Return the times of a clock that began when its first holder had it.

    Args:
        holdings: in order of time, at least one.
        clause: its target and warning are business seconds.
        pauses: from and to, each ended or certain to end.
    """
    if len(holdings) == 1 and not pauses:
        earliest = holdings[0].calendar.hours.earliest
        start = _second(holdings[0].since)
        return Times(
            earliest(start, clause.target) * SECOND,
            (earliest(start, clause.target + 1) - 1) * SECOND,
        )
    segments = _segments(holdings, pauses)
    return Times(
        _reached(hand_over.due_segments(segments, clause.target)),
        _reached(hand_over.breach_at_segments(segments, clause.target)),
    )


def warning(
    holdings: Sequence[Holding], clause: ClauseTerms, pauses: Pauses = ()
) -> Moment:
    """Return when the owner is to be warned; arguments as for `schedule`."""
    return schedule(holdings, clause._replace(target=clause.warning), pauses).due


def elapsed(holdings: Sequence[Holding], until: Moment, pauses: Pauses = ()) -> int:
    """Return the business seconds from the first holder's start until a moment."""
    if len(holdings) == 1 and not pauses:
        begin, end = _second(holdings[0].since), _second(until)
        return holdings[0].calendar.hours.between(begin, end)
    had = [holding for holding in holdings if holding.since < until] or holdings[:1]
    return hand_over.elapsed_segments(_segments(had, pauses, until=until))


def between(calendar: CalendarTerms, begin: Moment, end: Moment) -> int:
    """Return the business seconds of one calendar between two moments."""
    return calendar.hours.between(_second(begin), _second(end))


def holder(holdings: Sequence[Holding], at: Moment) -> Holding:
    """Return who had the clock at a moment; the first one before it began."""
    had = [holding for holding in holdings if holding.since <= at]
    return (had or holdings[:1])[-1]


def _second(moment: Moment) -> int:
    """Return the whole second since 1970; a part of one counts as its end."""
    return -(-moment // SECOND)


def _segments(
    holdings: Sequence[Holding], pauses: Pauses, until: Moment | None = None
) -> list[hand_over.Segment]:
    ends = [*(holding.since for holding in holdings[1:]), until]
    spans = [(to_instant(since), to_instant(to)) for since, to in pauses]
    return [
        hand_over.Segment(
            holding.calendar.calendar,
            to_instant(holding.since),
            None if end is None else to_instant(max(end, holding.since)),
            spans,
        )
        for holding, end in zip(holdings, ends, strict=True)
    ]


def _reached(instant: datetime | None) -> Moment:
    """Return the moment; the last holder's time never ends, so there always is one."""
    if instant is None:
        raise ArithmeticError("A clock without end is never due.")
    return to_moment(instant)
