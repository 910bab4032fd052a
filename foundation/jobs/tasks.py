"""Celery's side: messages that say no more than "look"."""

from datetime import time
from zoneinfo import ZoneInfo

from celery import shared_task
from django.db import close_old_connections

from foundation.accounts.queries import workspace
from foundation.jobs.actions import running, schedule, waking
from foundation.jobs.domain.registry import daily, handler
from foundation.jobs.queries.jobs import due_by_lane
from foundation.kernel import clock

_JOBS_PER_MESSAGE = 50
_WORKERS_TO_WAKE = 4


@shared_task(name="jobs.wake")
def wake(lane: str) -> None:
    """Do due jobs of the lane until there are none."""
    close_old_connections()
    for _ in range(_JOBS_PER_MESSAGE):
        if not running.run_next(lane):
            return
    waking.send(lane)


@shared_task(name="jobs.tick", expires=10)
def tick() -> None:
    """Make what the clock asks for, and wake workers for whatever is due."""
    close_old_connections()
    schedule.beat("worker")
    zone = ZoneInfo(workspace.current().time_zone)
    schedule.fill_slots(at=clock.now(), zone=zone)
    for lane, due in due_by_lane().items():
        waking.send(lane, messages=min(due, _WORKERS_TO_WAKE))


@handler("jobs.purge", attempts=3)
def purge(run: running.Run) -> None:
    """Forget ended jobs once a day."""
    with run.finishing():
        schedule.purge(at=clock.now())


daily("jobs.purge", at=time(3, 30))
