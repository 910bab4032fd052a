"""A meeting from its plan to its minutes, with what is refused on the way."""

from datetime import timedelta

import pytest

from foundation.ledger.models import Event
from foundation.ledger.queries import position
from meetings.actions import agenda, meetings
from meetings.actions.claims import NotNow
from meetings.enums import ItemState, MeetingState
from meetings.models import Meeting
from tests.factories.meetings import (
    current,
    hold,
    make_meeting,
    make_running,
    make_topic,
    next_of,
)

pytestmark = pytest.mark.django_db


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_begin_writes_the_agenda_if_nobody_did_and_takes_up_the_first_item(sally, at):
    meeting = make_meeting(at=at)

    begun = meetings.start(meeting, by=sally, at=meeting.starts_at)

    first = begun.items.earliest("place", "pk")
    assert (begun.state, begun.started_at, begun.started_by) == (
        MeetingState.RUNNING,
        meeting.starts_at,
        sally,
    )
    assert (current(begun), first.begun_at) == (first, meeting.starts_at)
    assert kinds()[-3:] == [
        "meetings.agenda.written",
        "meetings.meeting.started",
        "meetings.item.taken_up",
    ]


def test_begin_twice_changes_nothing(sally, mark, at):
    meeting = make_running(at=at, by=sally)
    before = position()

    again = meetings.start(meeting, by=mark, at=at + timedelta(days=2))

    assert (again.started_by, position()) == (sally, before)


def test_end_closes_and_plans_the_next(sally, at):
    meeting = make_running(at=at, by=sally)

    held = meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=30))

    assert (held.state, held.ended_at, held.ended_by) == (
        MeetingState.HELD,
        meeting.starts_at + timedelta(minutes=30),
        sally,
    )
    assert next_of(meeting.series).starts_at == meeting.starts_at + timedelta(weeks=1)
    assert kinds()[-2:] == ["meetings.meeting.ended", "meetings.meeting.planned"]
    ended = Event.objects.get(kind="meetings.meeting.ended")
    assert ended.payload == {"scorecard": held.scorecard_id, "seal": held.digest}


def test_end_twice_gives_the_same_minutes(sally, mark, at):
    held = hold(make_meeting(at=at), by=sally)
    before = position()

    again = meetings.end(held, by=mark, at=held.starts_at + timedelta(hours=2))

    assert (again.ended_by, again.digest, position()) == (sally, held.digest, before)


@pytest.mark.parametrize(
    "act",
    [
        lambda m, by, at: meetings.end(m, by=by, at=at),
        lambda m, by, at: agenda.take_up(make_topic(m, by=by), by=by, at=at),
        lambda m, by, at: agenda.settle(
            make_topic(m, by=by), ItemState.DISCUSSED, by=by, at=at
        ),
        lambda m, by, at: agenda.settle(
            make_topic(m, by=by), ItemState.PARKED, by=by, at=at
        ),
    ],
)
def test_what_needs_a_running_meeting_is_refused_before(sally, at, act):
    with pytest.raises(NotNow, match="has not begun"):
        act(make_meeting(at=at), sally, at)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda m, by, at: meetings.start(m, by=by, at=at), "has ended"),
        (lambda m, by, at: meetings.skip(m, by=by, at=at), "has ended"),
        (lambda m, by, at: make_topic(m, by=by), "has ended"),
        (lambda m, by, at: agenda.take_up(m.items.first(), by=by, at=at), "has ended"),
        (
            lambda m, by, at: agenda.settle(
                m.items.first(), ItemState.PARKED, by=by, at=at
            ),
            "has ended",
        ),
    ],
)
def test_nothing_goes_on_in_a_meeting_that_was_held(sally, at, act, why):
    held = hold(make_meeting(at=at), by=sally)
    before = position()

    with pytest.raises(NotNow, match=why):
        act(held, sally, at + timedelta(days=3))

    assert position() == before


def test_a_running_meeting_cannot_be_skipped(sally, at):
    with pytest.raises(NotNow, match="has begun already"):
        meetings.skip(make_running(at=at), by=sally, at=at)


def test_a_skipped_meeting_cannot_begin(sally, at):
    meeting = make_meeting(at=at)
    meetings.skip(meeting, by=sally, at=at)

    with pytest.raises(NotNow, match="did not take place"):
        meetings.start(meeting, by=sally, at=meeting.starts_at)


def test_skipping_twice_changes_nothing(sally, at):
    meeting = make_meeting(at=at)
    meetings.skip(meeting, by=sally, at=at)
    before = position()

    meetings.skip(meeting, by=sally, at=at)

    assert (position(), Meeting.objects.count()) == (before, 2)


def test_a_meeting_held_before_its_time_is_followed_by_the_next_turn(sally, at):
    meeting = make_meeting(at=at)
    meetings.start(meeting, by=sally, at=at)
    meetings.end(meeting, by=sally, at=at + timedelta(minutes=20))

    assert next_of(meeting.series).starts_at == meeting.starts_at + timedelta(weeks=1)
