from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.enums import Channel
from campaigns.models import Campaign
from foundation.accounts.enums import Function
from foundation.ledger.models import Fact
from leads.enums import Direction, Proof, TouchType
from leads.models.lead import Lead


class Touchpoint(Fact):
    """One contact between a lead and one of our teams, in either direction.

    What it refers to is looked up once a statement (`foundation.kernel.references`).
    """

    lead = models.ForeignKey(
        Lead,
        models.PROTECT,
        related_name="touchpoints",
        db_index=False,
        db_constraint=False,
    )
    external_system = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.OTHER)
    type = models.CharField(max_length=12, choices=TouchType, default=TouchType.OTHER)
    direction = models.CharField(max_length=8, choices=Direction)
    team = models.CharField(max_length=10, choices=Function, blank=True)
    automatic = models.BooleanField(default=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    utm_source = models.CharField(max_length=80, blank=True)
    utm_medium = models.CharField(max_length=80, blank=True)
    utm_campaign = models.CharField(max_length=120, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    proof = models.CharField(max_length=14, choices=Proof, default=Proof.SELF_REPORTED)
    proof_reference = models.CharField(max_length=200, blank=True)
    history = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="leads_touchpoint_once_per_system",
                fields=["external_system", "external_id"],
                condition=~Q(external_id="") & Q(in_force=True, is_withdrawal=False),
            ),
            models.CheckConstraint(
                name="leads_touchpoint_words_known",
                condition=Q(
                    channel__in=Channel.values,
                    type__in=TouchType.values,
                    direction__in=Direction.values,
                    proof__in=Proof.values,
                    team__in=["", *Function.values],
                ),
            ),
            models.CheckConstraint(
                name="leads_touchpoint_cost_has_currency",
                condition=Q(cost__isnull=True) | ~Q(currency=""),
            ),
        ]
        indexes = [
            models.Index(name="leads_touchpoint_path", fields=["lead", "occurred_at"]),
            models.Index(
                name="leads_touchpoint_corrects",
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.lead_id} {self.type} {self.direction}"
