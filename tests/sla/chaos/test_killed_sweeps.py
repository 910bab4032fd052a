"""Each due clock is breached exactly once, whatever is killed meanwhile.

Real workers sweep and get SIGKILL in the middle of it, whole or a child of theirs;
Redis is emptied, and stopped and started again.
"""

import random
import time
from pathlib import Path

import pytest
import redis as client
from django.core.management import call_command

from alignment.engines import engine
from alignment.engines.redis import Redis
from alignment.engines.temporary import folder
from foundation.jobs.models import Job
from foundation.ledger import queries as ledger
from foundation.ledger.models import Entry, Event
from leads.actions import stages
from leads.models import Lead, StageChange
from sla.models import Breach, Clock
from tests.chaos.crew import Crew
from tests.factories.sla import HOUR, make_agreement, make_calendar

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
LEADS = 12_000


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


@pytest.fixture
def due(at):
    """Twelve thousand leads that qualified on a day long past: 24 000 due clocks."""
    make_calendar()
    make_agreement()
    leads = Lead.objects.bulk_create(
        (Lead(created_at=at, stage_since_at=at) for _ in range(LEADS)), batch_size=5_000
    )
    wishes = [stages.Advance(lead.pk, "mql", at) for lead in leads]
    stages.advance_many(wishes, by=None, at=at)
    assert Clock.objects.filter(state="running", breach_at__lt=at + 9 * HOUR).count()
    return len(leads)


def running():
    return Clock.objects.filter(state="running").count()


def test_sweeps_that_are_killed_flag_every_breach_exactly_once(due, server):
    redis, restart, data = server
    with Crew(data, redis.url()) as crew:
        _wait(lambda: running() < 2 * due, 60)
        faults = [
            *[crew.kill_worker] * 3,
            *[crew.kill_child] * 3,
            crew.kill_beat,
            lambda: _flush(redis.url()),
            restart,
        ]
        random.shuffle(faults)
        in_the_middle = 0
        for fault in faults:
            time.sleep(random.uniform(0.05, 0.5))
            fault()
            left = running()
            in_the_middle += left > 0
            crew.mend()
            _wait(lambda left=left: running() < left or not left, 60)
        _wait(lambda: not running(), 240)
        _wait(lambda: not _going_on(), 60)

    assert in_the_middle >= 5
    _each_once(due)
    call_command("verify_numbers")  # refuses if one cell is not what the rows say


def _each_once(due):
    clocks = Clock.objects.filter(state="breached")
    assert clocks.count() == Breach.objects.count() == 2 * due
    told = Event.objects.filter(kind="sla.clock.breached")
    assert told.count() == told.values("subject_id").distinct().count() == 2 * due
    silent = StageChange.objects.filter(cause="silence", in_force=True)
    assert silent.count() == silent.values("lead_id").distinct().count() == due
    assert Lead.objects.filter(stage="sal").count() == due
    assert Clock.objects.filter(kind="acceptance", by_silence=True).count() == due
    # What belongs together was committed together.
    apart = Breach.objects.exclude(entry_id__in=told.values("entry_id"))
    assert not apart.exists()
    assert Entry.objects.filter(position=None).count() == 0
    assert ledger.flaws() == []


def _going_on():
    return Job.objects.filter(kind="sla.sweep", state__in=["ready", "running"]).exists()


def _flush(url):
    with client.Redis.from_url(url) as connected:
        connected.flushall()


def _wait(done, seconds):
    limit = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < limit, "It took too long."
        time.sleep(0.05)
