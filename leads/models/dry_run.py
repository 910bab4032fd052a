from typing import override

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.documents.models import Version
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from leads.enums import Outcome
from leads.models.lead import Lead


class DryRun(models.Model):
    """What a version of a definition would have changed in a window of the past.

    ``criteria`` and ``revision`` are those of the version when it was asked for: a
    draft may change afterwards. The window is a range of local days. ``results``
    counts the leads that were judged, those that were qualified, and each group; it is
    blank until the run has ended, and so are its leads to every reader.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    criteria = models.JSONField()
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
                name="leads_dryrun_has_days", condition=Q(end_on__gt=F("first_on"))
            ),
            models.CheckConstraint(
                name="leads_dryrun_results_exactly_when_finished",
                condition=Q(finished_at__isnull=True, results={})
                | Q(finished_at__isnull=False, cancelled_at__isnull=True)
                & ~Q(results={}),
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


class DryRunLead(models.Model):
    """A lead of one of the groups, when it was judged, and its source then.

    Derived, like the daily facts, and written by one statement from leads that are
    there; so neither its lead nor its run is looked up for each row.
    """

    pk = models.CompositePrimaryKey("run", "outcome", "lead")
    run = models.ForeignKey(
        DryRun,
        models.CASCADE,
        related_name="leads",
        db_index=False,
        db_constraint=False,
    )
    outcome = models.CharField(max_length=9, choices=Outcome)
    lead = models.ForeignKey(
        Lead, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    judged_at = models.DateTimeField()
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="leads_dryrunlead_outcome_known",
                condition=Q(outcome__in=Outcome.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.lead_id}"
