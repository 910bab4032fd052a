from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models import Campaign
from deals.enums import Outcome
from leads.models import Company, Lead


class Deal(models.Model):
    """A piece of business with one primary lead. The row is a projection.

    ``base_amount`` is in the workspace's currency at the rate of the event's own day
    (opening while open, closing once closed), fixed; null where no rate was known.
    A deal without an id of its own is known by lead, closing time and amount.
    """

    external_system = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="+")
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=4, choices=Outcome, default=Outcome.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    base_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    lost_reason = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    source = models.CharField(max_length=80, blank=True)
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    segment = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="deals_deal_once_per_system",
                fields=["external_system", "external_id"],
                condition=~Q(external_id=""),
            ),
            models.UniqueConstraint(
                name="deals_deal_once_without_id",
                fields=["lead", "closed_at", "amount"],
                nulls_distinct=False,
                condition=Q(external_id="", withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="deals_deal_closed_exactly_when_decided",
                condition=Q(outcome="open", closed_at__isnull=True)
                | Q(outcome__in=["won", "lost"], closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deals_deal_closed_after_opening",
                condition=Q(closed_at__isnull=True)
                | Q(closed_at__gte=models.F("opened_at")),
            ),
            models.CheckConstraint(
                name="deals_deal_amount_has_currency",
                condition=Q(amount__isnull=True) | ~Q(currency=""),
            ),
        ]
        indexes = [
            models.Index(name="deals_deal_closed", fields=["outcome", "closed_at"]),
            models.Index(name="deals_deal_opened", fields=["opened_at"]),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"
