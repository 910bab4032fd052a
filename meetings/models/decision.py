from django.conf import settings
from django.db import models
from django.db.models import Q


class Decision(models.Model):
    """What both teams settled.

    With ``help_by`` it comes back by itself on the first agenda from that local date
    on, to see whether it helped; ``help_kpi`` is the number to look at, before as
    the minutes' scorecard has it and after.
    """

    item = models.ForeignKey(
        "meetings.AgendaItem", models.PROTECT, related_name="decisions"
    )
    text = models.TextField(max_length=1_000)
    help_by = models.DateField(null=True, blank=True)
    help_kpi = models.CharField(max_length=60, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meetings_decision_kpi_needs_a_date",
                condition=Q(help_kpi="") | Q(help_by__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                name="meetings_decision_to_check",
                fields=["help_by"],
                condition=Q(help_by__isnull=False),
            )
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"
