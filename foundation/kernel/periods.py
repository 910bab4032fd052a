"""Days, weeks, months, quarters and years as half-open ranges of local dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Step(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class BadPeriod(ValueError):
    """The text is not a period; the message says which forms there are."""


@dataclass(frozen=True)
class Period:
    """Local dates from ``first`` up to and without ``end``.

    ``label`` is how the period is written, e.g. ``2018-Q1``. The dates are those of
    the workspace's time zone; `instants` turns them into moments.
    """

    first: date
    end: date
    label: str

    @property
    def last(self) -> date:
        return self.end - DAY

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the half-open range of moments, in UTC."""
        return start_of(self.first, zone), start_of(self.end, zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first existing moment of ``day`` in ``zone``, in UTC.

    Where clocks skip midnight the day begins at the first minute after the gap;
    where midnight happens twice, at the earlier one.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    moment = midnight.astimezone(UTC)
    local = moment.astimezone(zone)
    if local.date() == day and (local.hour, local.minute) == (0, 0):
        return moment
    return _end_of_gap(midnight, zone)


def _end_of_gap(midnight: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment at which the gap that swallows a midnight ends, to the second.

    Read with the offset after the gap, the wall time lies before it; with the offset
    before the gap, after it or at its end.
    """
    early = midnight.replace(fold=1).astimezone(UTC)
    late = midnight.replace(fold=0).astimezone(UTC)
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).date() < midnight.date():
            early = middle
        else:
            late = middle
    return late


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the local date of a moment."""
    return moment.astimezone(zone).date()


_FORMS = [
    ("day", re.compile(r"(\d{4})-(\d\d)-(\d\d)")),
    ("week", re.compile(r"(\d{4})-W(\d\d)")),
    ("quarter", re.compile(r"(FY)?(\d{4})-Q([1-4])")),
    ("month", re.compile(r"(\d{4})-(\d\d)")),
    ("year", re.compile(r"(FY)?(\d{4})")),
]


def parse(text: str, *, fiscal_start: int = 1) -> Period:
    """Read a period: ``2018-01-05``, ``2018-W05``, ``2018-01``, ``2018-Q1``, ``2018``.

    Also ``FY2018-Q1`` and ``FY2018`` (a fiscal year is named after the calendar year
    in which it begins, in month ``fiscal_start``), ``2018-01-15/2018-03-31`` (both
    days included) and ``all``.

    Raises:
        BadPeriod: the text is none of these.
    """
    try:
        return _parse(text.strip(), fiscal_start)
    except (ValueError, OverflowError) as error:
        raise BadPeriod(
            f"“{text}” is not a period. Write 2018-01-05, 2018-W05, 2018-01, 2018-Q1, "
            "2018, FY2018, FY2018-Q1, 2018-01-15/2018-03-31 or all."
        ) from error


def _parse(text: str, fiscal_start: int) -> Period:
    if text == "all":
        return Period(date(1970, 1, 1), date(2200, 1, 1), "all")
    if "/" in text:
        first, last = (date.fromisoformat(part) for part in text.split("/"))
        if last < first:
            raise ValueError(text)
        return Period(first, last + DAY, text)
    for step, form in _FORMS:
        if found := form.fullmatch(text):
            return _named(step, found.groups(), text, fiscal_start)
    raise ValueError(text)


def _named(
    step: str, groups: tuple[str | None, ...], text: str, fiscal_start: int
) -> Period:
    if step == "day":
        day = date.fromisoformat(text)
        return Period(day, day + DAY, text)
    if step == "week":
        monday = date.fromisocalendar(int(groups[0] or 0), int(groups[1] or 0), 1)
        return Period(monday, monday + 7 * DAY, text)
    if step == "month":
        first = date(int(groups[0] or 0), int(groups[1] or 0), 1)
        return Period(first, add_months(first, 1), text)
    start = date(int(groups[1] or 0), fiscal_start if groups[0] else 1, 1)
    if step == "year":
        return Period(start, add_months(start, 12), text)
    first = add_months(start, 3 * (int(groups[2] or 0) - 1))
    return Period(first, add_months(first, 3), text)


def add_months(first: date, months: int) -> date:
    """Return the first day of the month ``months`` after the month of ``first``."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def around(day: date, step: Step) -> Period:
    """Return the day, ISO week, month, calendar quarter or year that holds ``day``."""
    if step is Step.DAY:
        return Period(day, day + DAY, day.isoformat())
    if step is Step.WEEK:
        monday = day - timedelta(days=day.weekday())
        year, week, _ = monday.isocalendar()
        return Period(monday, monday + 7 * DAY, f"{year}-W{week:02}")
    months = _MONTHS[step]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, add_months(first, months), _label(first, step))


def _label(first: date, step: Step) -> str:
    if step is Step.MONTH:
        return f"{first:%Y-%m}"
    if step is Step.QUARTER:
        return f"{first.year}-Q{(first.month - 1) // 3 + 1}"
    return f"{first.year}"


def cut(period: Period, step: Step) -> Iterator[Period]:
    """Cut a range into steps; the first and last are clipped to the range."""
    day = period.first
    while day < period.end:
        whole = around(day, step)
        first, end = max(whole.first, period.first), min(whole.end, period.end)
        clipped = (first, end) != (whole.first, whole.end)
        label = f"{first}/{end - DAY}" if clipped else whole.label
        yield Period(first, end, label)
        day = whole.end
