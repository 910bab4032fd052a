from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models import Campaign
from deals.enums import Outcome
from deals.models.deal import Deal
from foundation.ledger.models import Fact


class DealChange(Fact):
    """What a deal became at a moment: everything coded about it, as it then stood.

    The last change in force, by time and id, is what the deal row shows.
    """

    deal = models.ForeignKey(Deal, models.PROTECT, related_name="changes")
    outcome = models.CharField(max_length=4, choices=Outcome)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    base_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    lost_reason = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    source = models.CharField(max_length=80, blank=True)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, related_name="+", db_index=False
    )
    segment = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    history = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="deals_dealchange_closed_exactly_when_decided",
                condition=Q(outcome="open", closed_at__isnull=True)
                | Q(outcome__in=["won", "lost"], closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.deal_id} {self.outcome}"
