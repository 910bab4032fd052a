"""The worker's side: due work becomes a job, and the job writes the agenda."""

from datetime import timedelta

import pytest

from foundation.jobs.actions.jobs import enqueue, enqueue_once
from foundation.jobs.actions.running import run_next
from foundation.jobs.domain.registry import HANDLERS, SCHEDULE
from foundation.jobs.models import Job
from foundation.kernel import clock
from meetings import tasks
from meetings.enums import MeetingState
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db(transaction=True)


def scheduled(kind):
    [item] = [each for each in SCHEDULE if each.kind == kind]
    return item


def test_a_due_agenda_is_written_by_a_durable_job():
    now = clock.now()
    meeting = make_meeting(at=now, agenda_hours=168)
    assert HANDLERS["meetings.prepare"].handle is tasks.prepare
    assert scheduled("meetings.prepare").when() is True

    job = enqueue("meetings.prepare", at=now - timedelta(seconds=1))
    assert run_next("fast") is True

    meeting.refresh_from_db()
    assert job is not None
    assert Job.objects.get(pk=job.pk).state == "done"
    assert meeting.state == MeetingState.AGENDA_WRITTEN
    assert scheduled("meetings.prepare").when() is False
    assert scheduled("meetings.refresh").when() is True


def test_the_same_slot_is_one_job():
    now = clock.now()

    assert enqueue_once("meetings.prepare", "7", at=now) is not None
    again = enqueue_once("meetings.prepare", "7", at=now + timedelta(seconds=1))

    assert (again, Job.objects.filter(kind="meetings.prepare").count()) == (None, 1)
