from django.db import models
from django.db.models import Q

from foundation.ledger.models import Entry
from sla.domain.ladder import HEAD, LEADERSHIP, OWNER
from sla.models.clock import Clock


class Escalation(models.Model):
    """A step that follows a breach, if the promise is still open when it is due.

    ``entry`` is the ledger entry that told of it; a step that is settled without one
    was not needed any more.
    """

    clock = models.ForeignKey(
        Clock,
        models.PROTECT,
        related_name="escalations",
        db_constraint=False,
        db_index=False,
    )
    to = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sla_escalation_each_step_once", fields=["clock", "to"]
            ),
            models.CheckConstraint(
                name="sla_escalation_to_known",
                condition=Q(to__in=[OWNER, HEAD, LEADERSHIP]),
            ),
            models.CheckConstraint(
                name="sla_escalation_told_only_when_settled",
                condition=Q(settled_at__isnull=False) | Q(entry__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="sla_escalation_due",
                fields=["due_at"],
                condition=Q(settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.clock_id} {self.to} {self.due_at}"
