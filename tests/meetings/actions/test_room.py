"""One item at a time, with its time; notes, decisions and actions while people meet."""

from datetime import date, timedelta

import pytest

from foundation.ledger.models import Event
from foundation.ledger.queries import position
from meetings.actions import agenda, followups, meetings, records
from meetings.actions.claims import NotNow
from meetings.enums import ItemState
from meetings.models import Action, Decision, Note
from tests.factories.accounts import make_user
from tests.factories.meetings import (
    current,
    hold,
    make_action,
    make_decision,
    make_meeting,
    make_running,
    make_topic,
)

pytestmark = pytest.mark.django_db


def minutes(n):
    return timedelta(minutes=n)


@pytest.fixture
def meeting(sally, at):
    """Runs, with the result and two topics on its agenda."""
    meeting = make_meeting(at=at)
    agenda.write(meeting, by=None, at=at)
    meeting.items.exclude(kind="result").delete()
    make_topic(meeting, "First", by=sally)
    make_topic(meeting, "Second", by=sally)
    return meetings.start(meeting, by=sally, at=meeting.starts_at)


def states(meeting):
    return list(meeting.items.values_list("kind", "state", "spent_seconds"))


def test_time_runs_for_one_item_at_a_time(meeting, sally):
    _result, first, second = meeting.items.all()
    start = meeting.starts_at

    agenda.take_up(second, by=sally, at=start + minutes(4))
    agenda.take_up(first, by=sally, at=start + minutes(10))
    agenda.take_up(second, by=sally, at=start + minutes(11))

    assert current(meeting) == second
    assert list(meeting.items.values_list("spent_seconds", flat=True)) == [240, 60, 360]
    assert current(meeting).spent(start + minutes(13)) == minutes(8)


def test_discussed_goes_on_with_the_next_that_is_open(meeting, sally):
    result, first, second = meeting.items.all()
    start = meeting.starts_at

    agenda.settle(result, ItemState.DISCUSSED, by=sally, at=start + minutes(5))
    agenda.settle(first, ItemState.PARKED, by=sally, at=start + minutes(6))
    assert current(meeting) == second

    agenda.settle(second, ItemState.DISCUSSED, by=sally, at=start + minutes(16))
    assert states(meeting) == [
        ("result", "discussed", 300),
        ("topic", "parked", 60),
        ("topic", "discussed", 600),
    ]
    assert not meeting.items.filter(begun_at__isnull=False).exists()


def test_settling_another_item_leaves_the_present_one_alone(meeting, sally):
    result, first, _second = meeting.items.all()

    agenda.settle(first, ItemState.PARKED, by=sally, at=meeting.starts_at)

    assert current(meeting) == result


def test_a_settled_item_is_open_again_when_taken_up(meeting, sally):
    result, *_ = meeting.items.all()
    start = meeting.starts_at
    agenda.settle(result, ItemState.PARKED, by=sally, at=start + minutes(2))

    agenda.take_up(result, by=sally, at=start + minutes(3))

    assert (current(meeting), current(meeting).state) == (result, ItemState.OPEN)
    assert current(meeting).spent(start + minutes(4)) == minutes(3)


@pytest.mark.parametrize("act", ["take_up", "settle"])
def test_doing_it_again_changes_nothing(meeting, sally, act):
    item = current(meeting)
    start = meeting.starts_at
    if act == "settle":
        agenda.settle(item, ItemState.DISCUSSED, by=sally, at=start + minutes(1))
    before, place = states(meeting), position()

    if act == "settle":
        agenda.settle(item, ItemState.DISCUSSED, by=sally, at=start + minutes(9))
    else:
        agenda.take_up(item, by=sally, at=start + minutes(9))

    assert (states(meeting), position()) == (before, place)


def test_what_is_written_down_is_kept_with_who_and_when(meeting, sally, mark):
    at = meeting.starts_at + minutes(3)
    item = current(meeting)

    note = records.write_note(item, "  Budget owner missing\n", by=mark, at=at)
    decision = make_decision(
        meeting, by=sally, at=at, help_by=date(2026, 4, 1), help_kpi="mqls"
    )
    action = make_action(meeting, by=sally, owner=mark, at=at)

    assert Note.objects.values_list("item", "text", "written_by", "written_at").get(
        pk=note.pk
    ) == (item.pk, "Budget owner missing", mark.pk, at)
    assert Decision.objects.values_list("item", "help_by", "help_kpi", "taken_at").get(
        pk=decision.pk
    ) == (item.pk, date(2026, 4, 1), "mqls", at)
    assert Action.objects.values_list("item", "owner", "due_on", "state").get(
        pk=action.pk
    ) == (item.pk, mark.pk, date(2026, 3, 9), "open")
    assert list(Event.objects.order_by("-pk").values_list("kind", "payload")[:3]) == [
        ("meetings.action.agreed", {"owner": mark.pk, "due_on": "2026-03-09"}),
        ("meetings.decision.taken", {"help_by": "2026-04-01", "help_kpi": "mqls"}),
        ("meetings.note.written", {}),
    ]


@pytest.mark.parametrize(
    ("write", "field"),
    [
        (lambda i, by, at: records.write_note(i, " \n", by=by, at=at), "text"),
        (lambda i, by, at: records.decide(i, "", by=by, at=at), "text"),
        (
            lambda i, by, at: records.decide(i, "Yes", help_kpi="mqls", by=by, at=at),
            "help_by",
        ),
        (
            lambda i, by, at: records.decide(
                i, "Yes", help_by=at.date(), help_kpi="luck", by=by, at=at
            ),
            "help_kpi",
        ),
        (
            lambda i, by, at: records.agree(
                i,
                "Call",
                owner=make_user(is_active=False),
                due_on=at.date(),
                by=by,
                at=at,
            ),
            "owner",
        ),
    ],
)
def test_what_cannot_stand_is_refused(meeting, sally, write, field):
    before = position()

    with pytest.raises(records.Wrong) as refusal:
        write(current(meeting), sally, meeting.starts_at)

    assert (refusal.value.field, position()) == (field, before)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_nothing_is_written_down_but_while_it_runs(sally, at, moment):
    meeting = make_meeting(at=at)
    item = make_topic(meeting, by=sally)
    if moment == "after":
        hold(meeting, by=sally)
    before = position()

    for write in (
        lambda: records.write_note(item, "Words", by=sally, at=at),
        lambda: records.decide(item, "Words", by=sally, at=at),
        lambda: records.agree(
            item, "Words", owner=sally, due_on=at.date(), by=sally, at=at
        ),
    ):
        with pytest.raises(NotNow):
            write()
    assert position() == before


def test_who_wrote_takes_back_and_so_does_who_leads(meeting, sally, mark):
    lea = make_user()
    start = meeting.starts_at
    item = current(meeting)
    by_mark = records.write_note(item, "Wrong", by=mark, at=start)
    another = records.write_note(item, "Also wrong", by=mark, at=start)
    decision = make_decision(meeting, by=mark)

    with pytest.raises(records.NotYours):
        records.take_back(by_mark, by=lea, at=start)
    records.take_back(by_mark, by=mark, at=start)
    records.take_back(another, by=sally, at=start)
    records.take_back(decision, by=mark, at=start)

    assert (Note.objects.count(), Decision.objects.count()) == (0, 0)
    assert list(Event.objects.order_by("-pk").values_list("kind", flat=True)[:3]) == [
        "meetings.decision.withdrawn",
        "meetings.note.withdrawn",
        "meetings.note.withdrawn",
    ]


def test_an_action_that_was_changed_is_not_taken_back(meeting, sally):
    action = make_action(meeting, by=sally)
    followups.finish(action, by=sally, at=meeting.starts_at)

    with pytest.raises(records.Wrong):
        records.take_back(action, by=sally, at=meeting.starts_at)

    assert Action.objects.count() == 1


def test_nothing_is_taken_back_from_minutes(sally, at):
    meeting = make_running(at=at, by=sally)
    note = records.write_note(current(meeting), "Said", by=sally, at=at)
    meetings.end(meeting, by=sally, at=meeting.starts_at + minutes(1))

    with pytest.raises(NotNow):
        records.take_back(note, by=sally, at=at)

    assert Note.objects.get() == note
