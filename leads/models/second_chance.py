from django.db import models

from foundation.documents.models import Version
from foundation.ledger.models import Entry
from leads.models.lead import Lead
from leads.models.stage_change import StageChange


class SecondChance(models.Model):
    """A refused lead that was drawn to be worked all the same.

    ``refusal`` is the change by which sales gave it back, ``draw`` the number drawn,
    below the signed ``share``. From ``due_at`` on the lead comes back as any other
    does; ``entered`` is the change by which it did. ``passed_over_at`` is when it could
    not: it had come back by itself, is left out, or must not be contacted.
    """

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="+")
    refusal = models.OneToOneField(StageChange, models.PROTECT, related_name="+")
    definition = models.ForeignKey(Version, models.PROTECT, related_name="+")
    share = models.DecimalField(max_digits=4, decimal_places=3)
    draw = models.DecimalField(max_digits=13, decimal_places=12)
    due_at = models.DateTimeField()
    entered = models.OneToOneField(
        StageChange, models.PROTECT, null=True, related_name="+"
    )
    passed_over_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="leads_secondchance_drawn_below_the_share",
                condition=models.Q(draw__lt=models.F("share")),
            ),
        ]
        indexes = [
            models.Index(
                name="leads_secondchance_due",
                fields=["due_at"],
                condition=models.Q(entered=None, passed_over_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.lead_id} after {self.refusal_id}"
