"""Agreed hours as people read them: the week in lines, and the next days off."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from sla.domain.calendar_form import WEEKDAYS
from sla.models import Calendar
from sla.queries.holiday_names import holiday_name

MOST_DAYS = 6
_TO = "\N{EN DASH}"


@dataclass(frozen=True)
class Week:
    """The hours that some teams share: ``lines`` are days with their times."""

    names: list[str]
    time_zone: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class DayOff:
    """A day on which nothing counts, or only ``times``; without names, for all."""

    day: date
    title: str
    times: str
    names: list[str]


def weeks(calendars: Sequence[Calendar]) -> list[Week]:
    """Return the weeks of the calendars, such as are alike together."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for row in calendars:
        key = (row.time_zone, tuple(_lines(row)))
        found.setdefault(key, []).append(name_of(row))
    return [Week(names, zone, list(lines)) for (zone, lines), names in found.items()]


def days_off(calendars: Sequence[Calendar], *, today: date) -> list[DayOff]:
    """Return the next days off and days with hours of their own, today included."""
    found: dict[tuple[date, str, str], list[str]] = defaultdict(list)
    for row in calendars:
        for day in _special(row, today):
            found[day].append(name_of(row))
    return [
        DayOff(*day, names if len(names) < len(calendars) else [])
        for day, names in sorted(found.items())[:MOST_DAYS]
    ]


def name_of(row: Calendar) -> str:
    """Say whose hours these are."""
    return row.team.name if row.team else _("All others")


def _lines(row: Calendar) -> Iterator[tuple[str, str]]:
    """Join neighbouring days with the same hours; closed days are left out."""
    hours = [(n, _times(row.weekly.get(day, ()))) for n, day in enumerate(WEEKDAYS)]
    for times, group in groupby(hours, key=lambda day: day[1]):
        numbers = [number for number, _ in group]
        if times:
            yield _span(numbers), times


def _span(numbers: list[int]) -> str:
    first, last = WEEKDAYS_ABBR[numbers[0]], WEEKDAYS_ABBR[numbers[-1]]
    return str(first) if len(numbers) == 1 else f"{first}{_TO}{last}"


def _times(spans: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{opens}{_TO}{closes}" for opens, closes in spans)


def _special(row: Calendar, today: date) -> Iterator[tuple[date, str, str]]:
    """Go through the days that differ; a special day's hours win over a holiday."""
    titles = {**row.public_holidays, **row.days_off}
    coming = {day for day in (*titles, *row.special) if day >= today.isoformat()}
    for day in sorted(coming)[:MOST_DAYS]:
        at, times = date.fromisoformat(day), _times(row.special.get(day, ()))
        yield at, holiday_name(row.country, at, titles.get(day, "")), times
