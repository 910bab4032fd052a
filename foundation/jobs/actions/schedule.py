"""What comes round by the clock becomes job rows, one per slot, however many ask."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models.functions import Now

from foundation.jobs.actions.jobs import enqueue_once
from foundation.jobs.domain.registry import SCHEDULE, Daily, Every
from foundation.jobs.enums import JobState
from foundation.jobs.models import Heartbeat, Job

KEPT = timedelta(days=30)
KEPT_IN_SLOTS = timedelta(days=2)


def fill_slots(*, at: datetime, zone: ZoneInfo) -> int:
    """Make the jobs that are due by the clock now; return how many were new.

    Two ticks at once, or one after hours of silence, make each slot's job once. A day
    is one of ``zone``, so the nights on which clocks change have one job too.
    """
    return sum(_fill(item, at=at, zone=zone) for item in SCHEDULE)


def _fill(item: Every | Daily, *, at: datetime, zone: ZoneInfo) -> bool:
    if isinstance(item, Daily):
        local = at.astimezone(zone)
        if local.time() < item.at:
            return False
        return enqueue_once(item.kind, local.date().isoformat(), at=at) is not None
    slot = str(int(at.timestamp()) // item.seconds)
    if Job.objects.filter(kind=item.kind, slot=slot).exists() or _going_on(item.kind):
        return False
    return item.when() and enqueue_once(item.kind, slot, at=at) is not None


def _going_on(kind: str) -> bool:
    open_states = [JobState.READY, JobState.RUNNING]
    return Job.objects.filter(kind=kind, state__in=open_states).exists()


def beat(name: str) -> None:
    """Write that a message just went through the queue."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, beat_at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )


def purge(*, at: datetime) -> int:
    """Delete ended jobs: those of the clock after two days, others after thirty."""
    ended = Job.objects.filter(state__in=[JobState.DONE, JobState.CANCELLED])
    rows = ended.filter(finished_at__lt=at - KEPT_IN_SLOTS, slot__isnull=False)
    slots, _ = rows.delete()
    others, _ = ended.filter(finished_at__lt=at - KEPT).delete()
    return slots + others
