"""Who is told of what happened: each once, in working hours, nothing lost."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.ledger import actions as ledger
from foundation.ledger import queries
from foundation.ledger.models import Consumer, Event
from foundation.notifications.actions import delivering, following
from foundation.notifications.models import Notice
from foundation.notifications.queries.notices import CONSUMER, is_behind, is_work_due
from tests.factories import notices
from tests.factories.notices import KIND, follow_all, give, told

EVENT = "test.thing.done"
HOUR = timedelta(hours=1)


@pytest.fixture
def tells(kind):
    with notices.teller(EVENT):
        yield


def happen(person, number, at):
    with ledger.entry(by=None, at=at) as entry:
        entry.record(EVENT, subject=("test.thing", number), data={"to": person.pk})


@pytest.mark.django_db
@pytest.mark.usefixtures("tells", "always")
class TestFollowing:
    def test_an_event_becomes_one_notice_with_its_moment(self, at, sally):
        happen(sally, 7, at)
        assert is_behind()

        follow_all(at + HOUR)

        row = Notice.objects.get()
        assert (row.recipient, row.kind, row.subject_type, row.subject_id) == (
            sally,
            KIND,
            "test.thing",
            7,
        )
        event = Event.objects.get(kind=EVENT)
        assert (row.cause, row.happened_at, row.told_at) == (event.pk, at, at + HOUR)
        assert (row.deliver_at, row.delivered_at, row.mail) == (at + HOUR, None, "")
        assert Consumer.objects.get(name=CONSUMER).position == queries.position()
        assert not is_behind()

    def test_reading_the_same_entries_again_tells_nobody_twice(self, at, sally, mark):
        happen(sally, 7, at)
        happen(mark, 8, at)
        follow_all(at)
        Consumer.objects.filter(name=CONSUMER).update(position=0)

        follow_all(at + HOUR)

        assert told() == [(KIND, 7), (KIND, 8)]
        assert set(Notice.objects.values_list("told_at", flat=True)) == {at}

    def test_dying_between_notices_and_position_leaves_neither(
        self, at, sally, monkeypatch
    ):
        happen(sally, 7, at)

        def die(*_args, **_options):
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(Notice.objects, "bulk_create", die)
            with pytest.raises(KeyboardInterrupt), transaction.atomic():
                following.follow(at=at)
        assert is_behind()
        assert told() == []

        follow_all(at)
        assert told() == [(KIND, 7)]

    def test_who_cannot_sign_in_is_told_nothing(self, at, sally):
        sally.is_active = False
        sally.save()
        happen(sally, 7, at)

        follow_all(at)

        assert told() == []
        assert not is_behind()

    def test_what_a_workspace_held_before_is_told_to_nobody(self, at, sally):
        happen(sally, 7, at)
        following.begin_after(queries.position())
        happen(sally, 8, at)
        following.begin_after(1)

        follow_all(at)

        assert told() == [(KIND, 8)]

    def test_as_many_statements_for_many_events_as_for_one(
        self, at, sally, count_queries
    ):
        def statements(number):
            with ledger.entry(by=None, at=at) as entry:
                rows = [(("test.thing", n), {"to": sally.pk}) for n in range(number)]
                entry.record_many(EVENT, rows)
            return count_queries(following.follow, at=at)

        statements(1)
        assert statements(1) == statements(3) == statements(500)
        assert Notice.objects.count() == 505

    def test_the_database_has_nobody_told_twice(self, at, sally):
        give(sally, 7, at)

        with pytest.raises(IntegrityError), transaction.atomic():
            give(sally, 7, at)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tells", "always")
def test_workers_at_once_tell_and_deliver_each_once(at, sally):
    """Eight of them race over the same ledger, with what others have just delivered."""
    for number in range(60):
        happen(sally, number, at)

    def work():
        try:
            for _ in range(12):
                following.follow(at=at, limit=3)
                delivering.deliver(at=at, limit=5)
                delivering.compose(at=at)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    notices.pass_on(at)

    assert sorted(told()) == [(KIND, number) for number in range(60)]
    delivered = Event.objects.filter(kind="notifications.notice.delivered")
    assert delivered.count() == delivered.values("subject_id").distinct().count() == 60
    mailed = Notice.objects.exclude(mailing=None)
    assert mailed.count() + Notice.objects.exclude(mail_at=None).count() == 60
    assert queries.flaws() == []


@pytest.mark.django_db
class TestDelivering:
    @pytest.fixture
    def morning(self, at):
        """Nobody works before an hour from now."""
        opens = at + HOUR

        def openings(moments):
            return {pk: max(moment, opens) for pk, moment in moments.items()}

        with notices.hours(openings):
            yield opens

    def test_a_notice_waits_for_working_hours(self, at, sally, morning, tells):
        happen(sally, 7, at)
        follow_all(at)

        assert delivering.deliver(at=at) == 0
        assert delivering.deliver(at=morning - timedelta(seconds=1)) == 0
        position = queries.position()
        assert delivering.deliver(at=morning) == 1

        row = Notice.objects.get()
        assert (row.deliver_at, row.delivered_at, row.mail) == (
            morning,
            morning,
            "at_once",
        )
        assert queries.topics_since(position) == (position + 1, ["notifications"])
        event = Event.objects.get(kind="notifications.notice.delivered")
        assert (event.subject_id, event.payload) == (
            row.pk,
            {"person": sally.pk, "kind": KIND},
        )

    def test_delivering_again_changes_nothing(self, at, sally, kind, always):
        give(sally, 7, at)
        assert delivering.deliver(at=at) == 1
        position = queries.position()

        assert delivering.deliver(at=at + HOUR) == 0

        assert queries.position() == position
        assert Notice.objects.get().delivered_at == at

    def test_as_many_statements_for_many_notices_as_for_one(
        self, at, sally, mark, kind, always, count_queries
    ):
        def statements(first, number):
            for n in range(number):
                give([sally, mark][n % 2], first + n, at)
            return count_queries(delivering.deliver, at=at)

        statements(0, 1)
        assert statements(10, 2) == statements(20, 3) == statements(30, 200)

    def test_nothing_to_do_is_known(self, at, sally, kind, always):
        assert not is_work_due()
        row = give(sally, 7, at)
        assert is_work_due()
        delivering.deliver(at=at)
        assert is_work_due()  # its mail
        follow_all(at)
        delivering.compose(at=at)
        row.refresh_from_db()
        assert row.mailing is not None
        assert not is_work_due()
