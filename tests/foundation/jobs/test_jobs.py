from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from foundation.jobs import tasks
from foundation.jobs.actions import jobs, running, schedule, waking
from foundation.jobs.domain import registry
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.jobs.queries import jobs as queries
from foundation.kernel.periods import start_of
from foundation.ledger.models import Consumer

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    """Register a handler for one test."""
    names: list[str] = []

    def register(handle, **options):
        name = f"test.kind{len(names)}"
        names.append(name)
        registry.handler(name, **options)(handle)
        return name

    yield register
    for name in names:
        del registry.HANDLERS[name]


def effect(name="effect"):
    Consumer.objects.create(name=name)


def test_a_job_is_done_once_with_its_effect(kind, at):
    def handle(run):
        with run.finishing({"n": run.payload["n"]}):
            effect()

    job = jobs.enqueue(kind(handle), {"n": 3}, at=at)

    assert running.run_next("fast")
    assert not running.run_next("fast")
    job.refresh_from_db()
    assert (job.state, job.attempt, job.result) == (JobState.DONE, 1, {"n": 3})
    assert job.finished_at is not None
    assert Consumer.objects.count() == 1


def test_lanes_do_not_wait_for_each_other(kind, at):
    jobs.enqueue(kind(lambda run: None, lane="long"), at=at)

    assert not running.run_next("fast")
    assert running.run_next("long")


def test_a_job_of_the_future_waits(kind, at):
    jobs.enqueue(kind(lambda run: None), at=datetime.now(UTC) + timedelta(hours=1))

    assert not running.run_next("fast")
    assert queries.due_by_lane() == {}


def test_a_failure_is_tried_again_later_and_given_up_at_last(kind, at):
    """R10: a poison job ends visible and does not block the others."""

    def fail(run):
        raise ValueError("no such thing")

    job = jobs.enqueue(kind(fail, attempts=2), at=at)
    other = jobs.enqueue(kind(lambda run: None), at=at + timedelta(seconds=1))

    running.run_next("fast")
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.READY, 1)
    assert job.due_at > datetime.now(UTC)
    assert "no such thing" in job.error
    running.run_next("fast")
    other.refresh_from_db()
    assert other.state == JobState.DONE
    Job.objects.filter(pk=job.pk).update(due_at=at)
    running.run_next("fast")
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.DEAD, 2)

    jobs.replay(job, at=at)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.error) == (JobState.READY, 0, "")


def test_only_a_job_that_was_given_up_is_replayed(kind, at):
    job = jobs.enqueue(kind(lambda run: None), at=at)

    with pytest.raises(jobs.NotWaiting):
        jobs.replay(job, at=at)


def test_a_lost_lease_leaves_no_effect(kind, at):
    """A worker that slept through its lease is fenced off by the attempt number."""

    def steal(run):
        Job.objects.filter(pk=run.job.pk).update(attempt=run.job.attempt + 1)
        with run.finishing():
            effect()

    job = jobs.enqueue(kind(steal), at=at)
    running.run_next("fast")

    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.RUNNING, 2)
    assert Consumer.objects.count() == 0


def test_a_job_whose_worker_died_is_taken_over(kind, at):
    def handle(run):
        with run.finishing():
            effect()

    job = jobs.enqueue(kind(handle), at=at)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        attempt=1,
        leased_until_at=datetime.now(UTC) - timedelta(seconds=1),
    )

    assert running.run_next("fast")
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.DONE, 2)


def test_a_job_that_kills_every_worker_is_given_up(kind, at):
    job = jobs.enqueue(kind(lambda run: effect(), attempts=2), at=at)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        attempt=2,
        leased_until_at=datetime.now(UTC) - timedelta(seconds=1),
    )

    assert running.run_next("fast")
    job.refresh_from_db()
    assert job.state == JobState.DEAD
    assert Consumer.objects.count() == 0


def test_steps_are_kept_and_a_later_attempt_goes_on_from_them(kind, at):
    def handle(run):
        for number in range(run.job.done_steps, 4):
            with run.step(number + 1, of=4):
                effect(f"step {number}")
            if number == 1 and run.job.attempt == 1:
                raise RuntimeError

    job = jobs.enqueue(kind(handle), at=at)
    running.run_next("fast")
    job.refresh_from_db()
    assert (job.done_steps, job.all_steps) == (2, 4)
    Job.objects.filter(pk=job.pk).update(due_at=at)
    running.run_next("fast")

    job.refresh_from_db()
    assert job.state == JobState.DONE
    names = Consumer.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == [f"step {number}" for number in range(4)]


def test_a_running_job_is_cancelled_at_its_next_step(kind, at):
    def handle(run):
        with run.step(1, of=2):
            effect()
        jobs.cancel(run.job)
        with run.step(2, of=2):
            effect("second")

    job = jobs.enqueue(kind(handle), at=at)
    running.run_next("fast")

    job.refresh_from_db()
    assert (job.state, job.done_steps) == (JobState.CANCELLED, 1)
    assert list(Consumer.objects.values_list("name", flat=True)) == ["effect"]
    jobs.cancel(job)


def test_a_waiting_job_is_cancelled_at_once_and_an_ended_one_is_not(kind, at):
    name = kind(lambda run: None)
    waiting, ended = jobs.enqueue(name, at=at), jobs.enqueue(name, at=at)
    jobs.cancel(waiting)
    assert running.run_next("fast")

    with pytest.raises(jobs.NotWaiting):
        jobs.cancel(ended)
    waiting.refresh_from_db()
    assert waiting.state == JobState.CANCELLED


def test_a_slot_is_filled_once(kind, at):
    """R8: two beats at once make each scheduled job once."""
    name = kind(lambda run: None)

    assert jobs.enqueue_once(name, "2026-03-02", at=at) is not None
    assert jobs.enqueue_once(name, "2026-03-02", at=at + timedelta(1)) is None
    assert Job.objects.count() == 1


BUCHAREST = ZoneInfo("Europe/Bucharest")


@pytest.fixture
def only(kind, monkeypatch):
    """Make the schedule hold nothing but one item."""

    def make(item, *args, **options):
        name = kind(lambda run: None)
        monkeypatch.setattr(schedule, "SCHEDULE", [item(name, *args, **options)])
        return name

    return make


def test_a_daily_job_comes_once_after_hours_of_silence(only):
    """R9: beat was down for six hours; and it does not come before its time."""
    only(registry.Daily, time(6))
    early = datetime(2026, 3, 2, 5, 59, tzinfo=BUCHAREST)

    made = [
        schedule.fill_slots(at=early + timedelta(hours=hours), zone=BUCHAREST)
        for hours in (0, 6, 7, 12)
    ]

    assert made == [0, 1, 0, 0]


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
@pytest.mark.parametrize("zone", ["Europe/Bucharest", "Europe/Warsaw"])
def test_nights_on_which_clocks_change_have_one_daily_job(only, night, zone):
    """R9: the skipped and the repeated hour."""
    only(registry.Daily, time(3, 30))
    start = start_of(night, ZoneInfo(zone))

    made = sum(
        schedule.fill_slots(at=start + timedelta(minutes=10 * n), zone=ZoneInfo(zone))
        for n in range(6 * 8)
    )

    assert made == 1


def test_frequent_work_comes_only_when_there_is_any_and_never_piles_up(only, at):
    work = [False]
    only(registry.Every, 5, when=lambda: work[0])

    def fill(seconds):
        return schedule.fill_slots(at=at + timedelta(seconds=seconds), zone=BUCHAREST)

    assert fill(0) == 0
    work[0] = True
    assert [fill(0), fill(1), fill(6)] == [1, 0, 0]
    running.run_next("fast")
    assert [fill(1), fill(6)] == [0, 1]


def test_ended_jobs_are_forgotten_in_time(kind, at):
    name = kind(lambda run: None)
    for slot, days in [(None, 31), (None, 29), ("a", 3), ("b", 1)]:
        job = jobs.enqueue(name, at=at)
        Job.objects.filter(pk=job.pk).update(
            state=JobState.DONE, slot=slot, finished_at=at - timedelta(days=days)
        )

    assert schedule.purge(at=at) == 2
    left = Job.objects.order_by("pk").values_list("slot", flat=True)
    assert list(left) == [None, "b"]


def test_the_heartbeat_tells_that_messages_come_through():
    assert not queries.workers_alive()
    schedule.beat("worker")
    schedule.beat("worker")
    assert queries.workers_alive()


def test_nothing_is_published_before_the_commit(
    kind, at, monkeypatch, django_capture_on_commit_callbacks
):
    """R1: the job stands or falls with its transaction; the message follows it."""
    asked: list[str] = []
    monkeypatch.setattr(waking.sender, "ask", asked.append)
    name = kind(lambda run: None)

    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue(name, at=at)
        raise RuntimeError
    assert (Job.objects.count(), asked) == (0, [])

    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue(name, at=at)
        assert asked == []
    assert asked == ["fast"]


@pytest.mark.django_db(transaction=True)
def test_a_message_that_comes_twice_does_nothing_more(kind, at):
    """R7: messages carry no work, so doubles and their order do not matter."""
    job = jobs.enqueue(kind(lambda run: effect(f"e{run.job.pk}")), at=at)

    tasks.wake("fast")
    tasks.wake("fast")

    assert Consumer.objects.get().name == f"e{job.pk}"
