from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.ledger.models import Entry
from leads.models import Touchpoint
from sla.enums import PauseReason
from sla.models.clock import Clock


class Pause(models.Model):
    """A clock stands still for a signed reason, until a moment or earlier.

    ``evidence`` is a touch from the lead or the other side that shows the reason. The
    agreed cap is in ``until_at`` already, so that every pause ends by itself.
    """

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=PauseReason)
    starts_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    evidence = models.ForeignKey(
        Touchpoint, models.PROTECT, null=True, related_name="+", db_index=False
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sla_pause_reason_known",
                condition=Q(reason__in=PauseReason.values),
            ),
            models.CheckConstraint(
                name="sla_pause_ends_after_its_start",
                condition=Q(until_at__gt=F("starts_at"))
                & (
                    Q(ended_at__isnull=True)
                    | Q(ended_at__gte=F("starts_at"), ended_at__lte=F("until_at"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.clock_id} {self.reason}"
