from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from foundation.jobs.enums import JobState, Lane
from foundation.jobs.models import Heartbeat, Job

SILENCE = timedelta(minutes=2)


def due_by_lane() -> dict[str, int]:
    """Return how many jobs of each lane could be done now."""
    due = Q(state=JobState.READY, due_at__lte=Now()) | Q(
        state=JobState.RUNNING, leased_until_at__lt=Now()
    )
    rows = Job.objects.filter(due).values("lane").annotate(n=Count("pk")).order_by()
    return {row["lane"]: row["n"] for row in rows}


def count_by_state() -> dict[str, int]:
    """Return how many jobs there are in each state."""
    rows = Job.objects.values("state").annotate(n=Count("pk")).order_by()
    return {row["state"]: row["n"] for row in rows}


def workers_alive() -> bool:
    """Tell whether a message went through the queue within the last two minutes."""
    return Heartbeat.objects.filter(beat_at__gt=Now() - SILENCE).exists()


@dataclass(frozen=True)
class Health:
    """How the queue is doing at one moment.

    ``counts`` are jobs by lane and state. ``oldest_due`` is since when the job that
    waits longest could have been done, None if none waits. ``beats`` are the last
    signs that messages come through, by name.
    """

    counts: list[tuple[Lane, dict[JobState, int]]]
    oldest_due: datetime | None
    beats: dict[str, datetime]
    alive: bool


def health() -> Health:
    """Return how the queue is doing, in four statements whatever it holds."""
    rows = Job.objects.values_list("lane", "state").annotate(n=Count("pk")).order_by()
    found = {(lane, state): n for lane, state, n in rows}
    counts = [
        (lane, {state: found.get((lane, state), 0) for state in JobState})
        for lane in Lane
    ]
    waiting = Job.objects.filter(state=JobState.READY, due_at__lte=Now())
    oldest = waiting.aggregate(oldest=Min("due_at"))["oldest"]
    beats = dict(Heartbeat.objects.order_by("name").values_list("name", "beat_at"))
    return Health(counts, oldest, beats, workers_alive())
