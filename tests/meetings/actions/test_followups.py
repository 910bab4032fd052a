"""Actions live on after their meeting; every change is kept and told."""

from datetime import date, timedelta

import pytest

from foundation.ledger.models import Event
from foundation.ledger.queries import position
from meetings.actions import followups, meetings
from meetings.enums import ActionState
from meetings.models import ActionChange
from meetings.queries import followups as queries
from tests.factories.accounts import make_user
from tests.factories.meetings import make_action, make_running

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(sally, at):
    """Agreed in a meeting that has ended."""
    meeting = make_running(at=at, by=sally)
    action = make_action(meeting, by=sally)
    meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=20))
    return action


def history(action):
    fields = ["state_before", "state_after", "reason", "changed_by", "changed_at"]
    return list(action.changes.values_list(*fields))


def test_done_and_opened_again(action, sally, mark, at):
    later = at + timedelta(days=9)

    done = followups.finish(action, by=mark, at=later)
    assert (done.state, done.closed_at) == (ActionState.DONE, later)

    again = followups.reopen(action, by=sally, at=later)
    assert (again.state, again.closed_at) == (ActionState.OPEN, None)
    assert history(action) == [
        ("open", "done", "", mark.pk, later),
        ("done", "open", "", sally.pk, later),
    ]
    told = Event.objects.filter(kind__startswith="meetings.action.").order_by("pk")
    assert list(told.values_list("kind", "subject_id")) == [
        ("meetings.action.agreed", action.pk),
        ("meetings.action.done", action.pk),
        ("meetings.action.reopened", action.pk),
    ]


def test_dropped_for_a_reason(action, sally, at):
    dropped = followups.drop(
        action, reason=" The fair was called off ", by=sally, at=at
    )

    assert dropped.state == ActionState.DROPPED
    assert history(action) == [
        ("open", "dropped", "The fair was called off", sally.pk, at)
    ]


def test_not_dropped_without_a_reason(action, sally, at):
    with pytest.raises(followups.WrongChange) as refusal:
        followups.drop(action, reason=" ", by=sally, at=at)

    assert (refusal.value.field, ActionChange.objects.count()) == ("reason", 0)


def test_moved_and_handed_over(action, sally, mark, at):
    moved = followups.move(
        action, owner=mark, due_on=date(2026, 3, 20), by=sally, at=at
    )

    assert (moved.owner, moved.due_on) == (mark, date(2026, 3, 20))
    change = action.changes.get()
    assert (
        change.owner_before,
        change.owner_after,
        change.due_before,
        change.due_after,
    ) == (sally, mark, date(2026, 3, 9), date(2026, 3, 20))


@pytest.mark.parametrize(
    "act",
    [
        lambda a, by, at: followups.drop(a, reason="Enough", by=by, at=at),
        lambda a, by, at: followups.move(
            a, owner=by, due_on=date(2026, 5, 1), by=by, at=at
        ),
    ],
)
def test_what_is_done_stays_as_it_is(action, sally, at, act):
    followups.finish(action, by=sally, at=at)

    with pytest.raises(followups.Closed):
        act(action, sally, at)

    assert len(history(action)) == 1


def test_what_was_dropped_is_not_done(action, sally, at):
    followups.drop(action, reason="Enough", by=sally, at=at)

    with pytest.raises(followups.Closed):
        followups.finish(action, by=sally, at=at)


def test_nothing_is_handed_to_somebody_who_left(action, sally, at):
    gone = make_user(is_active=False)

    with pytest.raises(followups.WrongChange) as refusal:
        followups.move(action, owner=gone, due_on=action.due_on, by=sally, at=at)

    assert refusal.value.field == "owner"


@pytest.mark.parametrize(
    "act",
    [
        lambda a, by, at: followups.reopen(a, by=by, at=at),
        lambda a, by, at: followups.move(
            a, owner=by, due_on=date(2026, 3, 9), by=by, at=at
        ),
    ],
)
def test_the_same_again_changes_nothing(action, sally, at, act):
    before = position()

    act(action, sally, at)

    assert (position(), ActionChange.objects.count()) == (before, 0)


def test_done_twice_is_done_once(action, sally, mark, at):
    followups.finish(action, by=sally, at=at)
    before = position()

    again = followups.finish(action, by=mark, at=at + timedelta(days=1))

    assert (again.closed_at, position(), len(history(action))) == (at, before, 1)


def test_lists_show_the_first_due_first(action, sally, mark, at):
    meeting = make_running(at=at, by=sally, name="Another")
    soon = make_action(meeting, by=sally, owner=mark, due_on=date(2026, 3, 4))
    done = make_action(meeting, by=sally)
    followups.finish(done, by=sally, at=at)

    assert list(queries.open_ones()) == [soon, action]
    assert list(queries.open_of(mark)) == [soon]
    assert list(queries.open_ones(meeting.series)) == [soon]
