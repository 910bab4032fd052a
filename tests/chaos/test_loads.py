"""Workers are killed in a load, its undoing and its check: no row twice."""

import time
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum

from alignment.engines import engine
from alignment.engines.redis import Redis
from alignment.engines.temporary import folder
from foundation.accounts.enums import Role
from foundation.jobs.enums import JobState
from foundation.kernel import clock
from foundation.ledger import queries as ledger
from integrations.actions import checking, undo, work
from integrations.domain.checked import Checked
from integrations.enums import LoadState
from integrations.models import LoadChunk, LoadError
from leads.models import Lead, StageChange
from tests.chaos.crew import Crew, children, kill
from tests.factories.accounts import make_user
from tests.integrations.uploads import upload

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
ROWS = 2_000
CHUNKS = 20
KILLS = 2


@pytest.fixture
def data(settings):
    """A folder for files and a Redis of our own."""
    with folder() as name:
        default = settings.STORAGES["default"]
        options = {"location": str(Path(name) / "files")}
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {**default, "OPTIONS": options},
        }
        redis = Redis(Path(name))
        process = engine.start(redis)
        yield Path(name), redis.url()
        process.stop()


def test_each_row_is_taken_once_and_taken_back_once(data):
    """R1, R4: SIGKILL of all workers, twice in a load and in its undoing."""
    path, redis_url = data
    mark = make_user(Role.REVENUE_OPERATIONS)
    rows = [f"p{n}@gmail.com,2026-01-05,2026-01-06" for n in range(ROWS)]
    text = "\n".join(["email,created_at,mql_at", *rows])
    load = upload(path, "leads", text, by=mark, at=clock.now())
    chunks = LoadChunk.objects.filter(load=load)
    undone = chunks.exclude(undone_at=None)

    with Crew(path, redis_url, app="tests.chaos.loads") as crew:
        work.begin(load, by=mark, at=clock.now())
        kills = _kill_while(crew, chunks.count)
        _wait(lambda: _state(load) == LoadState.LOADED)
        assert kills == KILLS
        _assert_loaded(load)

        undo.begin(load, by=mark, at=clock.now())
        kills = _kill_while(crew, undone.count)
        _wait(lambda: _state(load) == LoadState.UNDONE)
        assert kills == KILLS
    _assert_undone(load)


def test_a_check_begins_anew_and_leaves_nothing_of_its_attempts(data):
    """R4: SIGKILL of all workers, twice in a check."""
    path, redis_url = data
    mark = make_user(Role.REVENUE_OPERATIONS)
    rows = [f"p{n % 1_500}@gmail.com,2026-01-05,2026-01-06" for n in range(ROWS)]
    rows[-1] = "nobody,2026-01-05,"
    text = "\n".join(["email,created_at,mql_at", *rows])
    load = upload(path, "leads", text, by=mark, at=clock.now())

    with Crew(path, redis_url, app="tests.chaos.loads") as crew:
        job = checking.begin(load, by=mark, at=clock.now())
        for attempt in (1, 2):
            _wait(lambda attempt=attempt: _far(job, attempt))
            _kill(crew)
            job.refresh_from_db()
            assert (job.state, job.attempt) == (JobState.RUNNING, attempt)
            assert (_state(load), load.checked) == (LoadState.CHECKING, {})
            assert LoadError.objects.count() == 0
            _free(crew)
        _wait(lambda: _state(load) == LoadState.CHECKED)
    job.refresh_from_db()
    found = Checked.of(load.checked)
    assert found
    assert (job.state, job.attempt) == (JobState.DONE, 3)
    assert (found.rows, found.created, found.unchanged) == (ROWS, 1_500, 499)
    assert list(LoadError.objects.values_list("row", flat=True)) == [ROWS + 1]
    assert (Lead.objects.count(), StageChange.objects.count()) == (0, 0)
    assert LoadChunk.objects.count() == 0
    assert ledger.flaws() == []


def _far(job, attempt):
    """Whether this attempt is in the middle of the file."""
    job.refresh_from_db()
    return job.attempt == attempt and 300 <= job.done_steps < ROWS - 300


def _free(crew):
    """Let another take over at once: nobody waits two minutes here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_job SET leased_until_at = now(), done_steps = 0 "
            "WHERE state = 'running'"
        )
    crew.mend()


def _assert_loaded(load):
    numbers = LoadChunk.objects.filter(load=load).order_by("number")
    assert list(numbers.values_list("number", flat=True)) == list(range(CHUNKS))
    assert numbers.aggregate(Sum("rows"))["rows__sum"] == ROWS
    assert (load.rows, load.created, load.stored_as) == (ROWS, ROWS, "")
    assert Lead.objects.count() == ROWS
    assert StageChange.objects.count() == 2 * ROWS
    assert ledger.flaws() == []


def _assert_undone(load):
    assert load.undoing == {"records": {"leads": ROWS}, "updates": {}, "kept": {}}
    assert not Lead.objects.filter(exclusion="").exists()
    withdrawals = StageChange.objects.filter(is_withdrawal=True)
    assert withdrawals.count() == 2 * ROWS
    assert withdrawals.values("corrects").distinct().count() == 2 * ROWS
    assert ledger.flaws() == []


def _state(load):
    load.refresh_from_db()
    return load.state


def _kill_while(crew, done):
    """Kill all workers some times while work goes on; return how often."""
    kills = 0
    for number in range(1, KILLS + 1):
        enough = max(done() + 2, 4 * number)
        _wait(lambda enough=enough: done() >= enough)
        kills += done() < CHUNKS
        _kill(crew)
        with connection.cursor() as cursor:  # Nobody waits two minutes here.
            cursor.execute(
                "UPDATE jobs_job SET leased_until_at = now() WHERE state = 'running'"
            )
        crew.mend()
    return kills


def _kill(crew):
    for name in ("one", "two"):
        pid = crew.alive[name].pid
        for each in [*children(pid), pid]:
            kill(each)
        crew.alive[name].wait()


def _wait(done, seconds=120):
    limit = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < limit, "It took too long."
        time.sleep(0.05)
