from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.jobs.enums import JobState, Lane


class Job(models.Model):
    """A piece of work that must be done once, whatever dies meanwhile.

    A worker claims it for the length of a lease; ``attempt`` is the fence: only the
    claim that raised it last may finish the job.
    """

    kind = models.CharField(max_length=60)
    lane = models.CharField(max_length=8, choices=Lane, default=Lane.FAST)
    slot = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001 -- unique where given
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.READY)
    due_at = models.DateTimeField()
    attempt = models.PositiveIntegerField(default=0)
    leased_until_at = models.DateTimeField(null=True, blank=True)
    done_steps = models.PositiveIntegerField(default=0)
    all_steps = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="jobs_job_once_per_slot", fields=["kind", "slot"]
            ),
            models.CheckConstraint(
                name="jobs_job_leased_exactly_while_running",
                condition=Q(state=JobState.RUNNING, leased_until_at__isnull=False)
                | ~Q(state=JobState.RUNNING) & Q(leased_until_at__isnull=True),
            ),
            models.CheckConstraint(
                name="jobs_job_state_known", condition=Q(state__in=JobState.values)
            ),
            models.CheckConstraint(
                name="jobs_job_lane_known", condition=Q(lane__in=Lane.values)
            ),
        ]
        indexes = [
            models.Index(
                name="jobs_job_ready",
                fields=["lane", "due_at"],
                condition=Q(state=JobState.READY),
            ),
            models.Index(
                name="jobs_job_running",
                fields=["leased_until_at"],
                condition=Q(state=JobState.RUNNING),
            ),
            models.Index(name="jobs_job_finished", fields=["finished_at"]),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.state}"


class Heartbeat(models.Model):
    """The last time a message went through the queue to a worker and was done."""

    name = models.CharField(max_length=30, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at}"
