from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models import Campaign
from foundation.documents.models import Version
from foundation.ledger.models import Fact
from leads.enums import Cause, Stage
from leads.models.lead import Lead


class StageChange(Fact):
    """A lead reached a stage, with the split values of that moment.

    ``occurred_at`` is when it happened, ``recorded_at`` when we learned of it.
    ``implied`` changes were skipped and count only in volumes and cohorts; ``history``
    was learned too late, or loaded as such, to start or fire anything. ``definition``
    is the version by which the lead was judged. What it refers
    to is looked up once a statement (`foundation.kernel.references`).
    """

    lead = models.ForeignKey(
        Lead,
        models.PROTECT,
        related_name="stage_changes",
        db_index=False,
        db_constraint=False,
    )
    round = models.PositiveSmallIntegerField()
    from_stage = models.CharField(max_length=12, blank=True)
    to_stage = models.CharField(max_length=12, choices=Stage)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    cause = models.CharField(max_length=12, choices=Cause)
    definition = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    reason = models.CharField(max_length=40, blank=True)
    although_met = models.BooleanField(default=False)
    implied = models.BooleanField(default=False)
    history = models.BooleanField(default=False)
    source = models.CharField(max_length=80, blank=True)
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    segment = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="leads_stagechange_stage_known",
                condition=Q(to_stage__in=Stage.values),
            ),
            models.CheckConstraint(
                name="leads_stagechange_cause_known",
                condition=Q(cause__in=Cause.values),
            ),
        ]
        indexes = [
            models.Index(name="leads_stagechange_path", fields=["lead", "occurred_at"]),
            models.Index(
                name="leads_stagechange_entered", fields=["to_stage", "occurred_at"]
            ),
            models.Index(
                name="leads_stagechange_corrects",
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.lead_id} {self.from_stage}→{self.to_stage}"
