from django.db import models
from django.db.models import Q

from campaigns.models.campaign import Campaign
from foundation.ledger.models import Fact


class SpendEntry(Fact):
    """Money spent on a campaign on one local day.

    ``base_amount`` is the amount in the workspace's currency at the rate of that day,
    fixed for ever; null where no rate was known, which the numbers show.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="spend")
    external_system = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    day = models.DateField()
    category = models.CharField(max_length=60, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    base_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="campaigns_spend_once",
                fields=[
                    "campaign",
                    "day",
                    "category",
                    "external_system",
                    "external_id",
                ],
                condition=Q(in_force=True, is_withdrawal=False),
            ),
        ]
        indexes = [models.Index(name="campaigns_spend_day", fields=["day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.amount} {self.currency}"
