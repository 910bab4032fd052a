"""Several people and workers at the same time: one effect, no loss, no deadlock."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from foundation.accounts.enums import Role
from foundation.ledger.models import Event
from meetings.actions import agenda, followups, meetings, preparing, records
from meetings.actions.claims import NotNow
from meetings.enums import ItemKind, MeetingState
from meetings.models import Action, ActionChange, AgendaItem, Meeting, Note
from tests.factories.accounts import make_user
from tests.factories.meetings import (
    current,
    make_action,
    make_meeting,
    make_running,
    make_series,
    next_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Do all of it in threads that start together; return results and refusals."""
    gate = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(place, act):
        try:
            gate.wait(10)
            found[place] = act()
        except NotNow as refusal:
            found[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return found


def record_of(held):
    assert held.record is not None
    return held.record


def count(kind):
    return Event.objects.filter(kind=kind).count()


@pytest.fixture
def people():
    return [make_user(Role.SALES_REP), make_user(Role.MARKETER)]


def test_two_who_end_at_once_get_the_same_minutes(people, at):
    meeting = make_running(at=at, by=people[0])
    end = meeting.starts_at + timedelta(minutes=30)

    first, second = at_once(
        *(
            lambda by=by: meetings.end(Meeting.objects.get(), by=by, at=end)
            for by in people
        )
    )

    assert (first.digest, first.scorecard_id) == (second.digest, second.scorecard_id)
    assert (first.ended_by_id, first.state) == (second.ended_by_id, MeetingState.HELD)
    assert (count("meetings.meeting.ended"), count("meetings.meeting.planned")) == (
        1,
        2,
    )
    assert Meeting.objects.filter(series=meeting.series).count() == 2


def test_several_who_begin_at_once_begin_one_meeting(people, at):
    meeting = make_meeting(at=at)

    at_once(
        *(
            lambda by=by: meetings.start(
                Meeting.objects.get(), by=by, at=meeting.starts_at
            )
            for by in people * 2
        )
    )

    assert (count("meetings.meeting.started"), count("meetings.agenda.written")) == (
        1,
        1,
    )
    assert AgendaItem.objects.filter(begun_at__isnull=False).count() == 1


def test_notes_written_while_the_meeting_ends_are_in_the_minutes_or_refused(people, at):
    """Nothing slips in after the seal, and nothing that was kept is missing in it."""
    meeting = make_running(at=at, by=people[0])
    item, now = current(meeting), meeting.starts_at + timedelta(minutes=30)

    def write(text):
        return records.write_note(item, text, by=people[1], at=now)

    found = at_once(
        *(lambda n=n: write(f"Note {n}") for n in range(6)),
        lambda: meetings.end(Meeting.objects.get(), by=people[0], at=now),
    )

    kept = {note.pk for note in found if isinstance(note, Note)}
    held = Meeting.objects.get(pk=meeting.pk)
    sealed = {pk for row in record_of(held)["items"] for pk in row["notes"]}
    assert kept == sealed == set(Note.objects.values_list("pk", flat=True))
    refusals = [each for each in found if isinstance(each, NotNow)]
    assert len(kept) + len(refusals) == 6


def test_a_writer_that_forgets_to_claim_waits_for_the_end_and_is_refused(people, at):
    """The trigger holds even for code that goes past the actions."""
    meeting = make_running(at=at, by=people[0])
    item, now = current(meeting), meeting.starts_at
    errors = []

    def write():
        try:
            Note.objects.create(
                item_id=item.pk, text="Late", written_by=people[1], written_at=now
            )
        except Exception as error:  # noqa: BLE001 -- looked at below
            errors.append(type(error).__name__)

    def end():
        return meetings.end(Meeting.objects.get(), by=people[0], at=now)

    at_once(write, write, end)

    held = Meeting.objects.get(pk=meeting.pk)
    sealed = [pk for row in record_of(held)["items"] for pk in row["notes"]]
    assert sealed == list(Note.objects.order_by("pk").values_list("pk", flat=True))
    assert errors == ["IntegrityError"] * (2 - len(sealed))


def test_everybody_takes_up_something_else_and_one_item_is_current(people, at):
    meeting = make_running(at=at, by=people[0])
    topics = [
        agenda.add_topic(meeting, f"Topic {n}", box_minutes=5, by=people[0], at=at)
        for n in range(4)
    ]

    at_once(
        *(
            lambda item=item: agenda.take_up(
                item, by=people[1], at=meeting.starts_at + timedelta(minutes=1)
            )
            for item in topics
        )
    )

    assert meeting.items.filter(begun_at__isnull=False).count() == 1
    assert count("meetings.item.taken_up") == 5


def test_many_workers_plan_one_meeting_and_write_one_agenda(at):
    series = make_series(at=at)
    Meeting.objects.all().delete()

    at_once(*(lambda: preparing.prepare(at=at) for _ in range(4)))
    coming = next_of(series)
    at_once(*(lambda: preparing.prepare(at=coming.starts_at) for _ in range(4)))

    assert Meeting.objects.count() == 1
    assert coming.items.filter(kind=ItemKind.RESULT).count() == 1
    assert count("meetings.agenda.written") == 1


def test_an_action_ticked_by_all_at_once_is_done_once(people, at):
    meeting = make_running(at=at, by=people[0])
    action = make_action(meeting, by=people[0])

    at_once(
        *(
            lambda by=by: followups.finish(
                Action.objects.get(pk=action.pk), by=by, at=at
            )
            for by in people * 2
        )
    )

    assert (ActionChange.objects.count(), count("meetings.action.done")) == (1, 1)
