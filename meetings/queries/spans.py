"""Of which days a meeting speaks."""

from datetime import date, datetime, timedelta

from foundation.accounts.queries import workspace
from foundation.kernel.periods import DAY, Period, Step, around
from meetings.models import Meeting
from meetings.queries import meetings as queries


def quarter(at: datetime) -> Period:
    """Return the running calendar quarter, whose result both teams answer for."""
    return around(workspace.current().today(at), Step.QUARTER)


def since_last(meeting: Meeting) -> Period:
    """Return the days since the last meeting of the series that was held.

    The day of that one is included and the day of this one is not, so that no day is
    missed or counted twice. Before the first one it is as long as the series' rhythm.
    """
    zone = meeting.series.rhythm.zone
    end = meeting.starts_at.astimezone(zone).date()
    last = queries.held_before(meeting)
    first = (
        last.starts_at.astimezone(zone).date()
        if last
        else end - timedelta(weeks=meeting.series.weeks)
    )
    return days(min(first, end - DAY), end)


def around_decision(taken_on: date, today: date) -> tuple[Period, Period]:
    """Return the days since a decision, and as many before it."""
    taken_on = min(taken_on, today - DAY)
    since = days(taken_on, today)
    return days(taken_on - timedelta(since.days), taken_on), since


def days(first: date, end: date) -> Period:
    """Return the days from ``first`` up to and without ``end``."""
    return Period(first, end, f"{first}/{end - DAY}")
