"""Both heads, and who leads a meeting, hear once that its agenda is ready."""

from datetime import timedelta

import pytest

from foundation.accounts.enums import Role
from foundation.ledger.models import Event
from foundation.notifications.models import Notice
from foundation.notifications.queries.notices import in_words
from meetings.actions import agenda, preparing
from meetings.models import Meeting
from tests.factories.accounts import make_user
from tests.factories.meetings import make_meeting
from tests.factories.notices import follow_all, told

# Agendas are written from snapshots of their own.
pytestmark = pytest.mark.django_db(transaction=True)


def test_heads_and_facilitator_are_told_once(at):
    sara = make_user(Role.HEAD_OF_SALES)
    mona = make_user(Role.HEAD_OF_MARKETING)
    rep = make_user()
    make_user()
    meeting = make_meeting(at=at, sales_facilitator=rep, agenda_hours=24)
    assert meeting.facilitator == rep
    preparing.prepare(at=at + timedelta(hours=3))
    follow_all(at + timedelta(hours=3))

    ready = [("meetings.agenda", meeting.pk)]
    assert told(sara) == told(mona) == told(rep) == ready
    assert Notice.objects.count() == 3
    agenda.add_topic(meeting, "Fairs", box_minutes=5, by=sara, at=at)
    Event.objects.filter(kind="meetings.agenda.written").get()
    Meeting.objects.filter(pk=meeting.pk).update(state="planned", agenda_at=None)
    preparing.prepare(at=at + timedelta(hours=4))
    follow_all(at + timedelta(hours=4))
    assert Event.objects.filter(kind="meetings.agenda.written").count() >= 1
    assert Notice.objects.count() == 3

    (said,) = in_words(list(Notice.objects.filter(recipient=rep)))
    assert said.words == (
        "The agenda of “Weekly meeting” is ready",
        "It begins 3 Mar 2026, 08:00.",
        f"/meetings/{meeting.pk}/",
    )
