"""The open seconds of a calendar, worked out once per block and then looked up."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from sla.domain.calendars import Calendar
from sla.domain.errors import WrongInput
from sla.domain.instants import FOREVER
from sla.domain.spans import union
from sla.domain.wall_clock import BLOCK, DAY, EPOCH_DAY, instants_of

HORIZON = 400
"""A target not reached after so many blocks (over 400 years) is a mistake."""

KEPT = 64
"""Blocks kept per calendar, some 30 kB each: seventy years of office hours."""


class Block(NamedTuple):
    """The open intervals of one block in epoch seconds, and seconds open up to each."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    sums: tuple[int, ...]
    total: int


class OpenHours:
    """Counts and finds open seconds of one calendar; all moments are epoch seconds."""

    def __init__(self, calendar: Calendar) -> None:
        """Begin with nothing worked out."""
        self._calendar = calendar
        self._blocks: dict[int, Block] = {}
        self._totals: dict[int, int] = {}

    def between(self, begin: int, end: int) -> int:
        """Return the open seconds of ``[begin, end)``; 0 if it ends before it begins.

        A sum over blocks: years apart cost as little as minutes apart.
        """
        if end <= begin:
            return 0
        whole = sum(map(self._total, range(begin // BLOCK, end // BLOCK)))
        return whole + self._before(end) - self._before(begin)

    def earliest(self, begin: int, goal: int) -> int:
        """Return the first moment from ``begin`` on with ``goal`` open seconds passed.

        Raises:
            WrongInput: it lies beyond the horizon or the end of Python's calendar.
        """
        if goal <= 0:
            return begin
        number = first = begin // BLOCK
        goal += self._before(begin)
        while (block := self._block(number)).total < goal:
            goal -= block.total
            number += 1
            if number > first + HORIZON or number * BLOCK > FOREVER:
                raise WrongInput(
                    "target_seconds", "is not reached in 400 years", "Make it shorter"
                )
        place = bisect_left(block.sums, goal)
        return block.closes[place] - (block.sums[place] - goal)

    def intervals(self, begin: int, end: int) -> tuple[list[int], list[int]]:
        """Return when open intervals begin and end, cut to ``begin`` and ``end``.

        One that lies in two blocks comes in two parts.
        """
        opens: list[int] = []
        closes: list[int] = []
        for number in range(begin // BLOCK, end // BLOCK + 1):
            block = self._block(number)
            for since, until in zip(block.opens, block.closes, strict=True):
                if until > begin and since < end:
                    opens.append(max(since, begin))
                    closes.append(min(until, end))
        return opens, closes

    def _before(self, moment: int) -> int:
        """Return the open seconds from the start of the moment's block up to it."""
        block = self._block(moment // BLOCK)
        place = bisect_right(block.opens, moment) - 1
        if place < 0:
            return 0
        return block.sums[place] - max(block.closes[place] - moment, 0)

    def _total(self, number: int) -> int:
        if number not in self._totals:
            self._totals[number] = self._block(number).total
        return self._totals[number]

    def _block(self, number: int) -> Block:
        block = self._blocks.get(number)
        if block is None:
            if len(self._blocks) >= KEPT:
                self._blocks.clear()
            block = self._blocks[number] = _work_out(self._calendar, number)
        return block


@lru_cache(maxsize=256)
def open_hours(calendar: Calendar) -> OpenHours:
    """Return the shared counter of all calendars equal to this one."""
    return OpenHours(calendar)


def _work_out(calendar: Calendar, number: int) -> Block:
    begin, end = number * BLOCK, (number + 1) * BLOCK
    intervals = [
        (max(opens, begin), min(closes, end))
        for opens, closes in union(_open_intervals(calendar, number))
        if closes > begin and opens < end
    ]
    sums = tuple(accumulate(closes - opens for opens, closes in intervals))
    return Block(
        opens=tuple(opens for opens, _ in intervals),
        closes=tuple(closes for _, closes in intervals),
        sums=sums,
        total=sums[-1] if sums else 0,
    )


def _open_intervals(calendar: Calendar, number: int) -> Iterator[tuple[int, int]]:
    """Give the open instants of all local dates that reach into the block."""
    first = EPOCH_DAY + number * BLOCK // DAY - 2
    last = EPOCH_DAY + (number + 1) * BLOCK // DAY + 2
    for ordinal in range(max(first, 1), min(last, date.max.toordinal()) + 1):
        day = date.fromordinal(ordinal)
        for opens, closes in calendar.open_minutes(day):
            yield from instants_of(calendar.tz, day, opens, closes)
