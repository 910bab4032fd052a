"""Dates and times, read in the zone of the file and kept in UTC.

- A time without offset is local time in the zone. One that the clocks skipped is moved
  forward by the gap (02:30 becomes 03:30); one that they showed twice is the first.
- A bare date is the first existing instant of that day in the zone.
- Read are: ISO 8601 in all its forms, with or without offset; ``2026-3-5 9:05`` with
  ``-``, ``/`` or ``.``; ``5.3.2026`` and ``05-03-2026``, day first, with or without
  time; ``05/03/2026`` only where the file says what comes first.
"""

import re
from datetime import UTC, date, datetime
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from foundation.kernel.periods import start_of
from integrations.domain.problems import BadValue
from integrations.domain.values.columns import Parser, cut
from integrations.domain.values.reading import Reading

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_TIME = r"(?:,?[ T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?"
_YEAR_FIRST = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})" + _TIME, re.ASCII)
_NAMED_UTC = re.compile(r" ?(UTC|GMT|Z)$")
_SPACED_OFFSET = re.compile(r"\s+([+-]\d\d(?::?\d\d)?)$")
_LONGEST_DATE = len("2026-03-05")


def moment_reader(reading: Reading) -> Parser[datetime]:
    """Read an instant as an aware datetime in UTC.

    Raises:
        BadValue: no date or time, or one that may be read two ways.
    """

    def parse(text: str) -> datetime:
        found = _found(text, reading)
        if isinstance(found, datetime):
            return _in_utc(found, reading.zone)
        return start_of(found, reading.zone)

    return parse


def day_reader(reading: Reading) -> Parser[date]:
    """Read a calendar day; of an instant, the day it falls on in the file's zone.

    Raises:
        BadValue: no date or time, or one that may be read two ways.
    """

    def parse(text: str) -> date:
        found = _found(text, reading)
        if not isinstance(found, datetime):
            return found
        return found.astimezone(reading.zone).date() if found.tzinfo else found.date()

    return parse


def _in_utc(found: datetime, zone: ZoneInfo) -> datetime:
    """Local times take the zone with fold 0, which is all that the rules above ask."""
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def _found(text: str, reading: Reading) -> date | datetime:
    """Return a date if there is no time of day, else a naive or aware datetime."""
    try:
        found = _iso(text) or _written(text, reading)
    except ValueError as error:
        raise BadValue("not_a_moment", text=cut(text)) from error
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise BadValue("date_out_of_range", text=cut(text))
    return found


def _iso(text: str) -> date | datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if len(text) > _LONGEST_DATE else found.date()


def _written(text: str, reading: Reading) -> date | datetime:
    if zoned := _with_iso_offset(text):
        return datetime.fromisoformat(zoned)
    if match := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, *time = match.groups()
    elif match := _YEAR_LAST.fullmatch(text):
        day, mark, month, year, *time = match.groups()
        if mark == "/" and _month_first(text, reading):
            day, month = month, day
    else:
        raise ValueError(text)
    day_written = date(int(year), int(month), int(day))
    if not time[0]:
        return day_written
    hour, minute, second = (int(part or 0) for part in time)
    return datetime.combine(day_written, clock_time(hour, minute, second))


def _with_iso_offset(text: str) -> str | None:
    zoned = _NAMED_UTC.sub("+00:00", _SPACED_OFFSET.sub(r"\1", text))
    return zoned if zoned != text else None


def _month_first(text: str, reading: Reading) -> bool:
    if not reading.slashes:
        raise BadValue("ambiguous_date", text=cut(text))
    return reading.slashes == "month"
