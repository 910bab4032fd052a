"""Business time as functions of the start that are straight lines, piece by piece.

Within a stretch of open or closed time, when a target is reached is either a fixed
moment or the start shifted by a fixed number of seconds. So the answers for all starts
of some years are a short table, which the database can look into for any number of
rows. All moments and results are whole seconds since 1970.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from sla.domain.open_hours import OpenHours


class Piece(NamedTuple):
    """From ``since`` on the result is ``value``, plus the start where ``slope`` is 1.

    A piece holds up to the next one.
    """

    since: int
    slope: int
    value: int


def reached(hours: OpenHours, begin: int, end: int, goal: int) -> list[Piece]:
    """Return the pieces of `OpenHours.earliest` for all starts of ``[begin, end]``.

    Args:
        hours: of the calendar.
        begin: the first start.
        end: the last start.
        goal: the business seconds to pass.

    Raises:
        WrongInput: as for `OpenHours.earliest`.
    """
    if goal <= 0:
        return [Piece(begin, 1, 0)]
    opens, closes = hours.intervals(begin, hours.earliest(end, goal))
    return list(_reached(_Line(opens, closes), begin, end, goal))


def passed(hours: OpenHours, begin: int, end: int) -> list[Piece]:
    """Return the pieces of the open seconds from ``begin`` up to each moment.

    The difference of two results is `OpenHours.between`; moments are those of
    ``[begin, end]``.
    """
    opens, closes = hours.intervals(begin, end)
    pieces = [Piece(begin, 0, 0)]
    for place, before in enumerate(_Line(opens, closes).before[:-1]):
        pieces.append(Piece(opens[place], 1, before - opens[place]))
        after = before + closes[place] - opens[place]
        pieces.append(Piece(closes[place], 0, after))
    return pieces


class _Line:
    """Open intervals one after the other, and the seconds open before each."""

    def __init__(self, opens: Sequence[int], closes: Sequence[int]) -> None:
        self.opens, self.closes = opens, closes
        lengths = (c - o for o, c in zip(opens, closes, strict=True))
        self.before = [0, *accumulate(lengths)]
        self._place = 0

    def holding(self, passed: int) -> int:
        """Return the interval in which so many seconds are reached; it only rises."""
        while self.before[self._place + 1] < passed:
            self._place += 1
        return self._place


def _reached(line: _Line, begin: int, end: int, goal: int) -> Iterator[Piece]:
    opens, closes, before = line.opens, line.closes, line.before
    closed = begin
    for place in range(len(opens)):
        if closed > end:
            return
        if closed < opens[place]:
            yield _still(line, closed, before[place] + goal)
        at = opens[place]
        while at < closes[place] and at <= end:
            # Moments of this interval, as long as they reach the goal in one other.
            shift = before[place] - opens[place] + goal
            other = line.holding(at + shift)
            yield Piece(at, 1, shift + opens[other] - before[other])
            at = before[other + 1] + 1 - shift
        closed = closes[place]
    if closed <= end:
        yield _still(line, closed, before[-1] + goal)


def _still(line: _Line, since: int, goal: int) -> Piece:
    """Return the piece of closed time: whenever it begins, the same moment ends it."""
    other = line.holding(goal)
    return Piece(since, 0, line.opens[other] + goal - line.before[other])
