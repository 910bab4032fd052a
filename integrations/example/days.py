"""When the company works, and when the market sleeps."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from foundation.kernel.periods import DAY, day_of, start_of
from integrations.example.setting import HOME, TIME_ZONES
from sla.domain.public_holidays import public_holidays

_SEASON = {1: 0.85, 7: 0.78, 8: 0.6, 9: 1.1, 10: 1.2, 11: 1.1, 12: 0.7}
_CHRISTMAS = 19
_OPENS, _CLOSES = 9, 18
_MORNING_MINUTES = 75


def midnight(at: datetime) -> datetime:
    """Return when the day of a moment began where the company is at home."""
    zone = ZoneInfo(TIME_ZONES[HOME])
    return start_of(day_of(at, zone), zone)


def likelihood(at: datetime) -> float:
    """Return how likely somebody asks at a moment, from 0 to 1.

    By day, on working days, less in summer and at the turn of the year.
    """
    local = at.astimezone(ZoneInfo(TIME_ZONES[HOME]))
    if not 7 <= local.hour < 22:
        return 0.03
    season = _SEASON.get(local.month, 1.0)
    if local.month == 12 and local.day >= _CHRISTMAS:
        season = 0.25
    return season / 1.2 * (1.0 if _is_working_day(HOME, local.date()) else 0.22)


def office(draw: Random, country: str, at: datetime) -> datetime:
    """Move a moment into the office hours of a country, never before it.

    What comes in at night or on a day off is looked at within the morning's first hour
    and a bit.
    """
    local = at.astimezone(ZoneInfo(TIME_ZONES[country]))
    minutes = draw.randrange(0, _MORNING_MINUTES)
    if local.hour >= _CLOSES:
        local = _morning(local + DAY, minutes)
    elif local.hour < _OPENS:
        local = _morning(local, minutes)
    while not _is_working_day(country, local.date()):
        local = _morning(local + DAY, minutes)
    return max(local.astimezone(UTC), at.astimezone(UTC))


def _morning(local: datetime, minutes: int) -> datetime:
    start = datetime.combine(local.date(), time(_OPENS), local.tzinfo)
    return start + timedelta(minutes=minutes)


def _is_working_day(country: str, day: date) -> bool:
    return day.weekday() < 5 and day not in _days_off(country, day.year)


@cache
def _days_off(country: str, year: int) -> frozenset[date]:
    return frozenset(public_holidays(country, [year]))
