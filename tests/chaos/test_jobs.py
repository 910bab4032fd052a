"""Work survives whatever dies: checklists R1, R4-R8 and R11, with real processes."""

import random
import time
from pathlib import Path

import pytest
import redis as client
from django.db import connection

from alignment.engines import engine
from alignment.engines.redis import Redis
from alignment.engines.temporary import folder
from foundation.jobs.domain.registry import HANDLERS
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.jobs.queries import jobs as queries
from foundation.kernel import clock
from tests.chaos import app
from tests.chaos.crew import Crew

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
JOBS = 1_500
RESUMES = 30.0


@pytest.fixture
def effects():
    """A table that counts what was done, without a rule that would hide repeats."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE chaos_effect (job bigint)")
        yield lambda: _count(cursor)
        cursor.execute("DROP TABLE chaos_effect")


def _count(cursor):
    cursor.execute("SELECT count(*), count(DISTINCT job) FROM chaos_effect")
    return cursor.fetchone()


@pytest.fixture
def server():
    """A Redis of our own that can be killed and started again."""
    with folder() as data:
        redis = Redis(Path(data))
        holder = [engine.start(redis)]

        def restart():
            holder[0].kill()
            holder[0] = engine.start(redis)

        yield redis, restart, Path(data)
        holder[0].stop()


def make_jobs(count):
    now = clock.now()
    lane = HANDLERS["chaos.effect"].lane
    Job.objects.bulk_create(
        Job(kind="chaos.effect", lane=lane, due_at=now, created_at=now)
        for _ in range(count)
    )


def waiting():
    states = [JobState.READY, JobState.RUNNING]
    return Job.objects.filter(kind="chaos.effect", state__in=states).count()


def test_fifteen_hundred_jobs_through_every_fault_have_fifteen_hundred_effects(
    effects, server
):
    """R4-R7: 7 SIGKILLs, 3 FLUSHALLs, 2 restarts, 100 duplicates, a beat killed."""
    assert app.LONGEST > 0
    redis, restart, data = server
    make_jobs(JOBS)
    with Crew(data, redis.url()) as crew:
        faults = [
            *[crew.kill_worker] * 3,
            *[crew.kill_child] * 4,
            *[lambda: _flush(redis.url())] * 3,
            *[restart] * 2,
            crew.kill_beat,
        ]
        random.shuffle(faults)
        _wait(lambda: effects()[0] > 20, 60)
        for number, fault in enumerate(faults):
            fault()
            crew.mend()
            if number % 3 == 0:
                _send_duplicates(crew, 25)
            done = effects()[0]
            _wait(lambda done=done: effects()[0] > done + 15 or not waiting(), 60)
        _wait(lambda: not waiting(), 240)
        _wait(queries.workers_alive, 30)

    assert effects() == (JOBS, JOBS)
    states = Job.objects.filter(kind="chaos.effect").values_list("state", flat=True)
    assert set(states) == {JobState.DONE}


def test_work_goes_on_within_half_a_minute_of_a_restart_of_redis(effects, server):
    """R6: new work too, of which the workers hear through the new Redis only."""
    redis, restart, data = server
    with Crew(data, redis.url()) as crew:
        for number in range(1, 4):
            make_jobs(40)
            _wait(lambda n=number: effects() == (80 * n - 40, 80 * n - 40), 60)
            restart()
            back = time.monotonic()
            make_jobs(40)
            while effects() != (80 * number, 80 * number):
                crew.mend()  # as the supervisor does
                assert time.monotonic() - back < RESUMES, f"restart {number}"
                time.sleep(0.2)


def _flush(url):
    with client.Redis.from_url(url) as connected:
        connected.flushall()


def _send_duplicates(crew, count):
    """Messages say no more than "look", so any number of them does no harm."""
    from celery import Celery  # noqa: PLC0415 -- a client of the crew's own broker

    # Else it would be the one through which this process sends from now on.
    sender = Celery(broker=crew.env["REDIS_URL"], set_as_current=False)
    for _ in range(count):
        sender.send_task("jobs.wake", ("fast",), queue="fast", retry=False)
    sender.close()


def _wait(done, seconds):
    limit = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < limit, "It took too long."
        time.sleep(0.1)
