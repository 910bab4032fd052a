from typing import override

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.documents.models import Version
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from sla.enums import Outcome
from sla.models.clock import Clock


class Preview(models.Model):
    """How far the promises of a version would have been kept in a window of the past.

    ``form`` and ``revision`` are those of the version when it was asked for: a draft
    may change afterwards. The window is a range of local days. ``results`` has the
    counts of each clause, by its place from 0; it is blank until all are counted.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    form = models.JSONField()
    first_on = models.DateField()
    end_on = models.DateField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    results = models.JSONField(default=dict, blank=True)
    finished_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sla_preview_has_days", condition=Q(end_on__gt=F("first_on"))
            ),
            models.CheckConstraint(
                name="sla_preview_ends_once",
                condition=Q(finished_at__isnull=True, results={})
                | Q(finished_at__isnull=False, cancelled_at__isnull=True),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"#{self.pk} of {self.version_id}"

    @property
    def state(self) -> JobState:
        """How far it is: the state of its work, also once that is forgotten."""
        if self.finished_at is not None:
            return JobState.DONE
        if self.cancelled_at is not None:
            return JobState.CANCELLED
        return JobState.DEAD if self.job is None else JobState(self.job.state)

    @property
    def going_on(self) -> bool:
        """Whether it waits for a worker or is being worked out."""
        return self.state in {JobState.READY, JobState.RUNNING}


class PreviewClock(models.Model):
    """A clock that counts in the window: what became of it, and what would have.

    ``place`` is the clause that binds it in the version, -1 where none does. Blank is
    a case that does not count in the window on that side. Derived, so neither its
    clock nor its preview is looked up for each row.
    """

    pk = models.CompositePrimaryKey("preview", "place", "clock")
    preview = models.ForeignKey(
        Preview,
        models.CASCADE,
        related_name="clocks",
        db_index=False,
        db_constraint=False,
    )
    place = models.SmallIntegerField()
    clock = models.ForeignKey(
        Clock, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    was = models.CharField(max_length=8, choices=Outcome, blank=True)
    would = models.CharField(max_length=8, choices=Outcome, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sla_previewclock_counts_somewhere",
                condition=Q(was__in=Outcome.values, would__in=Outcome.values)
                & ~Q(was="", would=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.clock_id}"
