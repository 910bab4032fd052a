"""Meetings and actions as lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from meetings.models import Action, Meeting
from meetings.queries import meetings as queries
from meetings.views import wording

_SOON = timedelta(days=3)


@dataclass(frozen=True)
class Line:
    """An item in short."""

    title: str
    box_minutes: int


@dataclass(frozen=True)
class Card:
    """A meeting that runs or is planned."""

    meeting: Meeting
    when: str
    lines: list[Line]

    @property
    def box_total(self) -> int:
        return sum(line.box_minutes for line in self.lines)


@dataclass(frozen=True)
class OpenAction:
    """An action and how near its date is: ``past``, ``soon`` or neither."""

    action: Action
    is_mine: bool
    nearness: str


def coming(user: User, at: datetime) -> list[Card]:
    """Return the meetings that run or are planned, as somebody reads them."""
    return [
        Card(
            meeting,
            wording.when(meeting.started_at or meeting.starts_at, at),
            [
                Line(wording.title(item), item.box_minutes)
                for item in meeting.items.all()
            ],
        )
        for meeting in queries.coming(user)
    ]


def actions(user: User, rows: Iterable[Action], at: datetime) -> list[OpenAction]:
    """Return open actions as somebody reads them."""
    today = workspace.current().today(at)
    return [
        OpenAction(row, row.owner_id == user.pk, _nearness(row.due_on, today))
        for row in rows
    ]


def _nearness(due_on: date, today: date) -> str:
    if due_on < today:
        return "past"
    return "soon" if due_on <= today + _SOON else ""
