from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Q

from foundation.documents.models import Version
from foundation.ledger.models import Entry
from sla.enums import LEAD_CLOCKS, ClauseKind, PauseReason, Side

_SHARE_OF_ONE = Q(attainment__isnull=True) | Q(attainment__gt=0, attainment__lte=1)


def all_pause_reasons() -> list[str]:
    """Return the reasons for a pause that hold where none were chosen."""
    return [reason.value for reason in PauseReason]


class Agreement(models.Model):
    """What both sides promised each other, in force from a moment until the next one.

    It is what the product does; ``document`` is the text that both heads signed.
    Signed text never changes: another one is another version. A version without ledger
    entry came with the product, as a proposal to begin with, and holds only until the
    first other one. ``warning_share`` is the share of a target after which its owner
    is warned; ``escalation`` the steps after a breach, in business minutes;
    ``recompute`` tells that the signers had clocks that ran computed anew.
    """

    version = models.PositiveIntegerField(unique=True)
    text = models.TextField(blank=True)
    effective_at = models.DateTimeField()
    review_on = models.DateField(null=True)
    warning_share = models.DecimalField(
        max_digits=3, decimal_places=2, default=Decimal("0.75")
    )
    pauses_per_clock = models.PositiveSmallIntegerField(default=2)
    pause_days = models.PositiveSmallIntegerField(default=30)
    pause_reasons = models.JSONField(default=all_pause_reasons)
    escalation = models.JSONField(default=list, blank=True)
    recompute = models.BooleanField(default=False)
    document = models.OneToOneField(
        Version, models.PROTECT, null=True, related_name="+"
    )
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sla_agreement_one_in_force_at_any_instant",
                fields=["effective_at"],
                condition=Q(entry__isnull=False),
            ),
            models.CheckConstraint(
                name="sla_agreement_only_the_first_by_the_product",
                condition=Q(entry__isnull=False) | Q(version=1, document__isnull=True),
            ),
            models.CheckConstraint(
                name="sla_agreement_warns_before_the_end",
                condition=Q(warning_share__gt=0, warning_share__lte=1),
            ),
        ]
        ordering = ["version"]

    def __str__(self) -> str:
        return f"#{self.version}"


class Clause(models.Model):
    """One promise. Of several of a kind the first in order that fits a lead binds it.

    A blank ``segment`` or ``source`` and a null ``priority`` fit every lead.
    ``target_seconds`` are business seconds; ``attainment`` is the agreed share of
    cases kept in time. ``terms`` is what else the kind says
    (`sla.domain.agreement_form.PARAMETERS`). Without ``text`` readers see the standard
    words of its kind.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="clauses")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=14, choices=ClauseKind)
    side = models.CharField(max_length=10, choices=Side)
    segment = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=80, blank=True)
    priority = models.PositiveSmallIntegerField(null=True)
    target_seconds = models.PositiveIntegerField(null=True)
    attainment = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    terms = models.JSONField(default=dict, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sla_clause_one_per_place", fields=["agreement", "place"]
            ),
            models.CheckConstraint(
                name="sla_clause_kind_known", condition=Q(kind__in=ClauseKind.values)
            ),
            models.CheckConstraint(
                name="sla_clause_side_known", condition=Q(side__in=Side.values)
            ),
            models.CheckConstraint(
                name="sla_clause_on_leads_has_a_target",
                condition=~Q(kind__in=LEAD_CLOCKS) | Q(target_seconds__isnull=False),
            ),
            models.CheckConstraint(
                name="sla_clause_attainment_is_a_share", condition=_SHARE_OF_ONE
            ),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.place}. {self.kind}"

    @property
    def target(self) -> timedelta | None:
        """Return the promised business time."""
        if self.target_seconds is None:
            return None
        return timedelta(seconds=self.target_seconds)
