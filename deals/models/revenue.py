from django.db import models
from django.db.models import Q

from deals.enums import RevenueKind
from deals.models.deal import Deal
from foundation.ledger.models import Fact
from leads.models import Company, Lead


class RevenueEntry(Fact):
    """A change of what a customer pays: monthly from its date on, or once.

    Amounts are positive; the kind says whether they add or take away. The customer is
    the company, or the lead where there is none. ``base_amount`` is fixed at the rate
    of ``starts_on``; for a reduction at the rate of the entries it takes away from,
    oldest first, so that nothing is left over when a customer leaves.
    """

    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, related_name="+")
    deal = models.ForeignKey(
        Deal, models.PROTECT, null=True, related_name="+", db_index=False
    )
    external_system = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=11, choices=RevenueKind)
    starts_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    base_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    reason = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="deals_revenue_once_per_system",
                fields=["external_system", "external_id"],
                condition=~Q(external_id="") & Q(in_force=True, is_withdrawal=False),
            ),
            models.CheckConstraint(
                name="deals_revenue_of_one_customer",
                condition=Q(company__isnull=False, lead__isnull=True)
                | Q(company__isnull=True, lead__isnull=False),
            ),
            models.CheckConstraint(
                name="deals_revenue_amount_positive", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="deals_revenue_kind_known",
                condition=Q(kind__in=RevenueKind.values),
            ),
        ]
        indexes = [models.Index(name="deals_revenue_starts", fields=["starts_on"])]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.kind} {self.amount} {self.currency}"
