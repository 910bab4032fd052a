"""Why a clock shows what it shows: every stretch of time, counted or not, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from foundation.accounts.models import User
from sla.domain import business_time
from sla.domain.business_time import Cause, Pause, Stretch
from sla.enums import ClockState
from sla.models import Calendar, Clock, Segment
from sla.models import Pause as PauseRow


@dataclass(frozen=True)
class Line:
    """A stretch of time with one reason why it was counted or not.

    ``name`` is the public holiday's or day off's. ``to_come`` tells that it lies ahead.
    """

    starts_at: datetime
    ends_at: datetime
    cause: Cause
    seconds: int
    name: str = ""
    to_come: bool = False

    @property
    def counted(self) -> bool:
        """Return whether the time passed for the promise."""
        return self.cause is Cause.OPEN


@dataclass(frozen=True)
class Holder:
    """Who had the clock from a moment until the next one, and in whose hours."""

    owner: User | None
    calendar: Calendar
    starts_at: datetime
    ends_at: datetime | None
    seconds: int
    lines: Sequence[Line]

    @property
    def owner_id(self) -> int | None:
        """Return whose it was; None where it was nobody's yet."""
        return None if self.owner is None else self.owner.pk


@dataclass(frozen=True)
class Explanation:
    """A clock told from its start: to when it was done or ended, else to when due.

    ``elapsed`` is the business time counted until then or until now, ``target`` what
    was promised; ``late`` what it was done late by, or is late by until now.
    """

    clock: Clock
    target: int
    elapsed: int
    late: int | None
    until_at: datetime
    holders: Sequence[Holder]

    @property
    def holidays(self) -> list[str]:
        """Return the names of the holidays in between, each once, in order."""
        lines = (line for holder in self.holders for line in holder.lines)
        return list(dict.fromkeys(line.name for line in lines if line.name))


def explain(clock: Clock, *, at: datetime) -> Explanation:
    """Tell how the time of a clock was counted, by whom it was had and why it paused.

    The seconds of the counted lines that are not to come add up to ``elapsed``, unless
    the clock is past its time: then the lines end where it was due.

    Args:
        clock: with its clause.
        at: now; what lies after it is to come.
    """
    until = _until(clock)
    pauses = _pauses(clock)
    holders = [
        _holder(row, ends_at, until, pauses, at)
        for row, ends_at in _segments(clock)
        if row.starts_at <= until
    ]
    target = clock.clause.target_seconds or 0
    elapsed = sum(holder.seconds for holder in holders)
    late = clock.late_seconds
    if clock.state == ClockState.BREACHED and clock.done_at is None:
        late = business_time.elapsed(clock.calendar.hours, clock.due_at, at)
    if clock.elapsed_seconds is not None:
        elapsed = clock.elapsed_seconds
    elif late is not None:
        elapsed = target + late
    return Explanation(clock, target, elapsed, late, until, holders)


def _until(clock: Clock) -> datetime:
    """Return where the story ends: done or cancelled, at the latest when due."""
    ended = clock.done_at
    if clock.state == ClockState.CANCELLED:
        ended = clock.ended_at
    if ended is None or (clock.state != ClockState.MET and ended > clock.due_at):
        return clock.due_at
    return ended


def pauses_of(clock: Clock) -> list[PauseRow]:
    """Return a clock's pauses, in order of time."""
    if not clock.pauses:
        return []
    return list(PauseRow.objects.filter(clock=clock).order_by("starts_at", "pk"))


def _pauses(clock: Clock) -> list[Pause]:
    rows = pauses_of(clock)
    return [(row.starts_at, row.ended_at or row.until_at) for row in rows]


def _segments(clock: Clock) -> Iterator[tuple[Segment, datetime | None]]:
    """Give who had the clock, each with the moment of the next hand-over."""
    rows = [
        Segment(owner=clock.owner, calendar=clock.calendar, starts_at=clock.started_at)
    ]
    if clock.segments:
        found = Segment.objects.filter(clock=clock).select_related("owner", "calendar")
        rows = _from(list(found.order_by("starts_at", "pk")), clock.started_at)
    # Of several that begin together the last one counts (`sla.domain.recounting`).
    rows = list({row.starts_at: row for row in rows}.values())
    ends = [row.starts_at for row in rows[1:]]
    yield from zip(rows, [*ends, None], strict=True)


def _from(rows: list[Segment], start: datetime) -> list[Segment]:
    """Return the rows from the start on; the last one before it began then."""
    begun = sum(row.starts_at <= start for row in rows) or 1
    rows[begun - 1].starts_at = start
    return rows[begun - 1 :]


def _holder(
    row: Segment,
    ends_at: datetime | None,
    until: datetime,
    pauses: Sequence[Pause],
    at: datetime,
) -> Holder:
    end = until if ends_at is None else min(ends_at, until)
    hours = row.calendar.hours
    now = min(max(at, row.starts_at), end)
    past = business_time.explain(hours, row.starts_at, now, pauses)
    ahead = business_time.explain(hours, now, end, pauses)
    lines = [*_lines(past, to_come=False), *_lines(ahead, to_come=True)]
    seconds = sum(s.seconds for s in past if s.cause is Cause.OPEN)
    return Holder(row.owner, row.calendar, row.starts_at, ends_at, seconds, lines)


def _lines(stretches: Sequence[Stretch], *, to_come: bool) -> Iterator[Line]:
    """Join stretches of one cause that follow each other, such as a night's two."""
    for (cause, name), group in groupby(stretches, lambda s: (s.cause, s.name)):
        of_one = list(group)
        yield Line(
            of_one[0].starts_at,
            of_one[-1].ends_at,
            cause,
            sum(stretch.seconds for stretch in of_one),
            name,
            to_come,
        )


def spans(explanation: Explanation) -> list[tuple[Line, float, float]]:
    """Return the lines with their place in a picture: from and width, 0 to 1 of all."""
    lines = [line for holder in explanation.holders for line in holder.lines]
    if not lines:
        return []
    begin, end = lines[0].starts_at, lines[-1].ends_at
    whole = (end - begin).total_seconds() or 1.0
    return [
        (
            line,
            (line.starts_at - begin).total_seconds() / whole,
            (line.ends_at - line.starts_at).total_seconds() / whole,
        )
        for line in lines
    ]
