from datetime import date, datetime, time, timedelta
from typing import Any

from foundation.accounts.enums import Role
from meetings.actions import agenda, meetings, records
from meetings.actions import series as series_actions
from meetings.domain.plan import Plan
from meetings.enums import ItemState
from meetings.models import Action, AgendaItem, Decision, Meeting, Series
from meetings.queries.meetings import upcoming
from tests.factories.accounts import make_user

SUNDAY = date(2026, 3, 1)
"""The day before the fixture `at`, a Monday 12:00 in Bucharest."""


def make_plan(**fields) -> Plan:
    given: dict[str, Any] = {
        "name": "Weekly meeting",
        "weekday": 1,
        "local_time": time(10),
        "time_zone": "Europe/Bucharest",
        "first_on": SUNDAY,
    }
    return Plan(**(given | fields))


def make_series(*, at: datetime, by=None, **fields) -> Series:
    """Set up a series as the product does: Tuesdays at 10:00 in Bucharest."""
    return series_actions.create(make_plan(**fields), by=by, at=at)


def make_meeting(*, at: datetime, **fields) -> Meeting:
    """Return the first planned meeting of a new series."""
    meeting = upcoming(make_series(at=at, **fields))
    assert meeting is not None
    return meeting


def make_running(*, at: datetime, by=None, **fields) -> Meeting:
    """Return a meeting that began at its time."""
    meeting = make_meeting(at=at, **fields)
    by = by or make_user(Role.SALES_REP)
    return meetings.start(meeting, by=by, at=meeting.starts_at)


def current(meeting: Meeting) -> AgendaItem:
    return meeting.items.get(begun_at__isnull=False)


def hold(meeting: Meeting, *, by, minutes: int = 45) -> Meeting:
    """Begin a meeting at its time and end it after some minutes."""
    meetings.start(meeting, by=by, at=meeting.starts_at)
    return meetings.end(
        meeting, by=by, at=meeting.starts_at + timedelta(minutes=minutes)
    )


def next_of(series: Series) -> Meeting:
    meeting = upcoming(series)
    assert meeting is not None
    return meeting


def make_topic(meeting: Meeting, text: str = "Trade fair leads", *, by, at=None):
    at = at or meeting.starts_at - timedelta(hours=1)
    return agenda.add_topic(meeting, text, box_minutes=10, by=by, at=at)


def make_action(meeting: Meeting, *, by, owner=None, due_on=None, **fields) -> Action:
    """Agree an action about the item that is talked about."""
    return records.agree(
        current(meeting),
        fields.pop("text", "Call every refused lead again"),
        owner=owner or by,
        due_on=due_on or date(2026, 3, 9),
        by=by,
        at=fields.pop("at", meeting.starts_at + timedelta(minutes=5)),
    )


def make_decision(meeting: Meeting, *, by, **fields) -> Decision:
    return records.decide(
        current(meeting),
        fields.pop("text", "A new script for first calls"),
        by=by,
        at=fields.pop("at", meeting.starts_at + timedelta(minutes=6)),
        **fields,
    )


def park(item: AgendaItem, *, by, at) -> None:
    agenda.settle(item, ItemState.PARKED, by=by, at=at)
