from datetime import timedelta

from django.db.models import Count, Q
from django.db.models.functions import Now

from foundation.jobs.enums import JobState
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
