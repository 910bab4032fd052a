"""R22: a worker that is asked to end finishes its job, or gives it back."""

import os
import signal
from dataclasses import replace

import pytest
import redis as client
from django.db import connection

from alignment.engines import services
from alignment.engines.processes import Child
from alignment.engines.workspace import Workspace
from foundation.jobs.actions import waking
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.kernel import clock
from tests.chaos.crew import database_url
from tests.engines.programs import eventually

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def job():
    now = clock.now()
    return Job.objects.create(kind="engines.slow", due_at=now, created_at=now)


@pytest.fixture
def worker(tmp_path, job):
    """The product's own worker, in the middle of a job of so many seconds."""
    children = []

    def worker(seconds, grace):
        env = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "UNDER_WAY": str(tmp_path),
            "SECONDS_OF_WORK": str(seconds),
            "PYTEST_XDIST_WORKER": "",
        }
        program = services.worker(Workspace(tmp_path), env, "fast", 1)
        command = [
            "tests.engines.slow_work" if word == "alignment" else word
            for word in program.command
        ]
        children.append(Child(replace(program, command=command, grace=grace)))
        waking.send("fast")
        eventually((tmp_path / "begun").exists, 30)
        return children[0]

    with client.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.flushdb()
    yield worker
    for child in children:
        child.kill()
    connection.close()


def test_a_job_within_the_grace_time_is_finished(worker, job, tmp_path):
    child = worker(seconds=2, grace=20)
    child.stop()
    job.refresh_from_db()
    assert child.ended() == 0
    assert (job.state, job.attempt) == (JobState.DONE, 1)
    assert (tmp_path / "ended").exists()


def test_a_longer_one_is_left_for_another_worker(worker, job, tmp_path):
    """Its lease runs out; until then nobody believes it done."""
    child = worker(seconds=60, grace=1)
    child.stop()
    job.refresh_from_db()
    assert child.ended() == -signal.SIGKILL
    assert (job.state, job.attempt) == (JobState.RUNNING, 1)
    assert job.leased_until_at is not None
    assert not (tmp_path / "ended").exists()
