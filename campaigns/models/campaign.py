from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaigns.enums import Channel


class Campaign(models.Model):
    """Something marketing does over a time, to which leads and touches belong."""

    external_system = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=150, unique=True)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.OTHER)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="campaigns_campaign_once_per_system",
                fields=["external_system", "external_id"],
                condition=~Q(external_id=""),
            ),
            models.CheckConstraint(
                name="campaigns_campaign_channel_known",
                condition=Q(channel__in=Channel.values),
            ),
            models.CheckConstraint(
                name="campaigns_campaign_ends_after_start",
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="campaigns_campaign_budget_has_currency",
                condition=Q(budget__isnull=True) | ~Q(currency=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name
