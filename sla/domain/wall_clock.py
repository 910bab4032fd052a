"""Local wall-clock time turned into instants, whatever the clocks do."""

from datetime import UTC, date, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla.domain.instants import FIRST, FOREVER, SECOND, to_instant

DAY = 24 * 60 * 60
BLOCK = 400 * DAY
"""Time is cut into blocks of 400 days, so that each is worked out only once."""

MARGIN = 2 * DAY
"""No zone is further than this from UTC: local dates of a block lie within it."""

EPOCH_DAY = date(1970, 1, 1).toordinal()


class Offset(NamedTuple):
    """In ``[since, until)`` the wall clock shows UTC plus ``seconds``."""

    since: int
    until: int
    seconds: int


@lru_cache(maxsize=512)
def offsets(tz: str, block: int) -> tuple[Offset, ...]:
    """Return the zone's offsets in a block and its margins, in order, no gaps.

    Looks once a day and halves the distance to where a change lies. Clock changes of
    one zone are never less than 95 hours apart (all of the IANA data), so none hides.
    """
    zone = ZoneInfo(tz)
    since, end = block * BLOCK - MARGIN, (block + 1) * BLOCK + MARGIN
    found: list[Offset] = []
    seconds = _offset(zone, since)
    for day in range(since + DAY, end + 1, DAY):
        if (changed := _offset(zone, day)) != seconds:
            change = _first_second_of(zone, changed, after=day - DAY, until=day)
            found.append(Offset(since, change, seconds))
            since, seconds = change, changed
    return (*found, Offset(since, end, seconds))


def instants_of(tz: str, day: date, opens: int, closes: int) -> list[tuple[int, int]]:
    """Return when a local date's clock shows a time in ``[opens, closes)`` minutes.

    In epoch seconds, in order. Skipped time yields nothing, repeated time comes twice,
    and a date that a zone left out has no instants at all.
    """
    midnight = (day.toordinal() - EPOCH_DAY) * DAY
    begin, end = midnight + opens * 60, midnight + closes * 60
    return [
        (max(begin - seconds, since), min(end - seconds, until))
        for since, until, seconds in offsets(tz, midnight // BLOCK)
        if max(begin - seconds, since) < min(end - seconds, until)
    ]


def local_date(tz: str, second: int) -> date:
    """Return the date that calendars on the wall show in this second."""
    shown = to_instant(second).replace(tzinfo=None)
    block = offsets(tz, second // BLOCK)
    seconds = next(o.seconds for o in block if second < o.until)
    return (shown + timedelta(seconds=seconds)).date()


def _first_second_of(zone: ZoneInfo, offset: int, *, after: int, until: int) -> int:
    while until - after > 1:
        middle = (after + until) // 2
        if _offset(zone, middle) == offset:
            until = middle
        else:
            after = middle
    return until


def _offset(zone: ZoneInfo, second: int) -> int:
    # Python's dates end where local time would leave the years 1 to 9999.
    within = min(max(second, FIRST + DAY), FOREVER - MARGIN)
    at = to_instant(within)
    return (at.astimezone(zone).replace(tzinfo=UTC) - at) // SECOND
