"""Agendas write themselves, are brought up to date and leave people's items alone."""

from datetime import date, timedelta

import pytest

from foundation.ledger.models import Event
from foundation.ledger.queries import position
from meetings.actions import agenda, followups, meetings, preparing
from meetings.actions.claims import NotNow
from meetings.enums import ItemKind, ItemSource, ItemState, MeetingState
from meetings.models import AgendaItem, Meeting
from tests.factories.meetings import (
    current,
    hold,
    make_action,
    make_decision,
    make_meeting,
    make_running,
    make_series,
    make_topic,
    next_of,
    park,
)

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


def listed(meeting):
    """Return (kind, text, source) of every item in order."""
    return list(meeting.items.values_list("kind", "text", "source"))


def rows(meeting):
    return list(meeting.items.values())


def of_kind(meeting, kind):
    return meeting.items.get(kind=kind)


def listed_actions(meeting):
    """Return (n of the title, ids) of the item with open actions."""
    item = of_kind(meeting, ItemKind.ACTIONS)
    return item.params["n"], [one["id"] for one in item.facts["actions"]]


# When a worker writes


def test_an_agenda_is_written_some_hours_before_and_not_earlier(at):
    meeting = make_meeting(at=at, agenda_hours=6)
    due = meeting.starts_at - timedelta(hours=6)

    assert preparing.prepare(at=due - timedelta(seconds=1)) == 0
    meeting.refresh_from_db()
    assert (meeting.state, meeting.items.count()) == (MeetingState.PLANNED, 0)

    assert preparing.prepare(at=due) == 1
    meeting.refresh_from_db()
    assert (meeting.state, meeting.agenda_at) == (MeetingState.AGENDA_WRITTEN, due)


def test_a_series_without_a_meeting_gets_its_next_one(at):
    row = make_series(at=at)
    Meeting.objects.all().delete()

    preparing.prepare(at=at)
    preparing.prepare(at=at)

    assert list(Meeting.objects.values_list("series", "state")) == [
        (row.pk, MeetingState.PLANNED)
    ]


def test_a_meeting_nobody_began_is_skipped_when_its_local_day_is_over(sally, at):
    """Tuesday in Bucharest ends at 22:00 UTC."""
    meeting = make_meeting(at=at)
    midnight = meeting.starts_at.replace(hour=22)
    make_topic(meeting, by=sally)

    preparing.prepare(at=midnight - timedelta(seconds=1))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.AGENDA_WRITTEN

    preparing.prepare(at=midnight)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.SKIPPED
    assert next_of(meeting.series).starts_at == meeting.starts_at + WEEK


def test_weeks_without_a_worker_make_one_next_meeting(at):
    meeting = make_meeting(at=at)

    preparing.prepare(at=meeting.starts_at + 2 * WEEK + timedelta(days=1))

    assert list(Meeting.objects.values_list("starts_at", "state")) == [
        (meeting.starts_at, MeetingState.SKIPPED),
        (meeting.starts_at + 3 * WEEK, MeetingState.PLANNED),
    ]


# Idempotence and refresh


def test_writing_again_over_the_same_records_changes_nothing(sally, at):
    meeting, _action = hold_with_an_action(sally, at)
    assert agenda.write(meeting, by=None, at=at + WEEK) is True
    before, place = rows(meeting), position()

    assert agenda.write(meeting, by=None, at=at + WEEK + timedelta(hours=1)) is False

    assert (rows(meeting), position()) == (before, place)


def hold_with_an_action(by, at):
    """Return the planned meeting after one that agreed an action, and the action."""
    meeting = make_running(at=at, by=by)
    action = make_action(meeting, by=by)
    meetings.end(meeting, by=by, at=meeting.starts_at + timedelta(minutes=40))
    return next_of(meeting.series), action


def test_writing_is_one_event(at):
    meeting = make_meeting(at=at)

    agenda.write(meeting, by=None, at=at)

    last = Event.objects.latest("pk")
    assert (last.kind, last.subject_id, last.entry.actor, last.entry.cause) == (
        "meetings.agenda.written",
        meeting.pk,
        None,
        "meetings.prepare",
    )


def test_an_item_follows_its_records_and_goes_when_its_matter_is_gone(sally, at):
    meeting = make_running(at=at, by=sally)
    first, second = (make_action(meeting, by=sally, text=t) for t in ("One", "Two"))
    meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=40))
    coming = next_of(meeting.series)
    agenda.write(coming, by=None, at=at + WEEK)
    item = of_kind(coming, ItemKind.ACTIONS)
    assert listed_actions(coming) == (2, [first.pk, second.pk])

    followups.finish(first, by=sally, at=at + WEEK)
    assert agenda.write(coming, by=None, at=at + WEEK) is True
    assert listed_actions(coming) == (1, [second.pk])
    assert of_kind(coming, ItemKind.ACTIONS) == item

    followups.finish(second, by=sally, at=at + WEEK)
    agenda.write(coming, by=None, at=at + WEEK)
    assert not coming.items.filter(kind=ItemKind.ACTIONS).exists()


def test_a_refresh_never_touches_what_people_added(sally, at):
    coming, action = hold_with_an_action(sally, at)
    agenda.write(coming, by=None, at=at + WEEK)
    topic = make_topic(coming, by=sally)
    before = AgendaItem.objects.filter(pk=topic.pk).values().get()
    followups.finish(action, by=sally, at=at + WEEK)

    assert agenda.write(coming, by=None, at=at + WEEK) is True

    assert AgendaItem.objects.filter(pk=topic.pk).values().get() == before


def test_once_the_meeting_has_begun_nothing_is_written(sally, at):
    coming, action = hold_with_an_action(sally, at)
    agenda.write(coming, by=None, at=coming.starts_at)
    meetings.start(coming, by=sally, at=coming.starts_at)
    before = rows(coming)
    followups.finish(action, by=sally, at=coming.starts_at)

    assert agenda.write(coming, by=None, at=coming.starts_at) is False
    assert rows(coming) == before


# What goes on to the next meeting


def test_nothing_open_is_dropped(sally, at):
    """Open actions, parked items and topics nobody came to are on the next agenda."""
    meeting = make_meeting(at=at)
    parked = make_topic(meeting, "Price sheet", by=sally)
    left = make_topic(meeting, "Trade fair", by=sally)
    meetings.start(meeting, by=sally, at=meeting.starts_at)
    action = make_action(meeting, by=sally)
    done = make_action(meeting, by=sally, text="Done at once")
    followups.finish(done, by=sally, at=meeting.starts_at)
    park(parked, by=sally, at=meeting.starts_at)
    meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=45))

    coming = next_of(meeting.series)
    agenda.write(coming, by=None, at=coming.starts_at)

    carried = coming.items.filter(carried_from__isnull=False)
    assert list(carried.values_list("text", "carried_from", "added_by", "state")) == [
        ("Price sheet", parked.pk, sally.pk, ItemState.OPEN),
        ("Trade fair", left.pk, sally.pk, ItemState.OPEN),
    ]
    assert listed_actions(coming) == (1, [action.pk])


def test_an_open_action_comes_back_until_it_is_closed(sally, at):
    coming, action = hold_with_an_action(sally, at)
    seen = []
    for _ in range(3):
        agenda.write(coming, by=None, at=coming.starts_at)
        seen.append(listed_actions(coming))
        hold(coming, by=sally)
        coming = next_of(coming.series)

    assert seen == [(1, [action.pk])] * 3


def test_a_parked_item_is_carried_on_once(sally, at):
    meeting = make_running(at=at, by=sally)
    topic = make_topic(meeting, by=sally)
    park(topic, by=sally, at=meeting.starts_at)
    meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=9))
    coming = next_of(meeting.series)
    agenda.write(coming, by=None, at=coming.starts_at)
    agenda.write(coming, by=None, at=coming.starts_at)
    second = coming.items.get(carried_from=topic)
    meetings.start(coming, by=sally, at=coming.starts_at)
    agenda.settle(second, ItemState.DISCUSSED, by=sally, at=coming.starts_at)
    meetings.end(coming, by=sally, at=coming.starts_at + timedelta(minutes=9))

    third = next_of(meeting.series)
    agenda.write(third, by=None, at=third.starts_at)

    assert not third.items.filter(kind=ItemKind.TOPIC).exists()


def test_a_parked_machine_item_comes_back_beside_the_fresh_one(sally, at):
    meeting = make_running(at=at, by=sally)
    park(current(meeting), by=sally, at=meeting.starts_at)
    meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=9))
    coming = next_of(meeting.series)

    agenda.write(coming, by=None, at=coming.starts_at)

    results = coming.items.filter(kind=ItemKind.RESULT)
    assert [(i.source, i.carried_from_id is None) for i in results] == [
        (ItemSource.MACHINE, True),
        (ItemSource.MACHINE, False),
    ]


def test_topics_of_a_skipped_meeting_go_on(sally, at):
    meeting = make_meeting(at=at)
    topic = make_topic(meeting, by=sally)
    agenda.write(meeting, by=None, at=at)
    meetings.skip(meeting, by=sally, at=at)
    coming = next_of(meeting.series)

    agenda.write(coming, by=None, at=at)

    assert [i.carried_from_id for i in coming.items.filter(kind=ItemKind.TOPIC)] == [
        topic.pk
    ]
    assert coming.items.filter(kind=ItemKind.RESULT).count() == 1


def test_a_decision_comes_back_on_its_day_until_it_was_looked_at(sally, at):
    meeting = make_running(at=at, by=sally)
    decision = make_decision(
        meeting, by=sally, help_by=date(2026, 3, 17), help_kpi="mqls"
    )
    make_decision(meeting, by=sally)
    meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=9))
    series, found = meeting.series, []
    for discussed in (True, False, True, True):
        coming = next_of(series)
        agenda.write(coming, by=None, at=coming.starts_at)
        checks = coming.items.filter(kind=ItemKind.HELPED)
        found.append([item.decision for item in checks])
        meetings.start(coming, by=sally, at=coming.starts_at)
        for item in checks if discussed else []:
            agenda.settle(item, ItemState.DISCUSSED, by=sally, at=coming.starts_at)
        meetings.end(coming, by=sally, at=coming.starts_at + timedelta(minutes=9))

    assert found == [[], [decision], [decision], []]


# People's topics


def test_a_topic_is_added_last_but_for_actions(sally, mark, at):
    coming, _action = hold_with_an_action(sally, at)
    agenda.write(coming, by=None, at=at + WEEK)
    make_topic(coming, "First", by=sally)
    make_topic(coming, "Second", by=mark)

    assert listed(coming)[-3:] == [
        (ItemKind.TOPIC, "First", ItemSource.PERSON),
        (ItemKind.TOPIC, "Second", ItemSource.PERSON),
        (ItemKind.ACTIONS, "", ItemSource.MACHINE),
    ]


def test_only_who_added_a_topic_takes_it_off(sally, mark, at):
    meeting = make_meeting(at=at)
    topic = make_topic(meeting, by=sally)

    with pytest.raises(agenda.NotYours):
        agenda.withdraw(topic, by=mark, at=at)
    assert meeting.items.count() == 1

    agenda.withdraw(topic, by=sally, at=at)
    assert meeting.items.count() == 0


def test_what_was_carried_on_or_written_from_records_is_not_taken_off(sally, at):
    meeting = make_meeting(at=at)
    make_topic(meeting, by=sally)
    meetings.skip(meeting, by=sally, at=at)
    coming = next_of(meeting.series)
    agenda.write(coming, by=None, at=at)

    for item in coming.items.all():
        with pytest.raises(agenda.NotYours):
            agenda.withdraw(item, by=sally, at=at)
    assert coming.items.count() == 3


def test_no_topic_is_taken_off_once_the_meeting_runs(sally, at):
    meeting = make_running(at=at, by=sally)
    topic = make_topic(meeting, by=sally)

    with pytest.raises(NotNow):
        agenda.withdraw(topic, by=sally, at=at)
