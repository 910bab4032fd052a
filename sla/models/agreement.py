from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Q

from foundation.ledger.models import Entry
from sla.enums import LEAD_CLOCKS, ClauseKind, Side

_SHARE_OF_ONE = Q(attainment__isnull=True) | Q(attainment__gt=0, attainment__lte=1)


class Agreement(models.Model):
    """What both sides promised each other, in force from a moment until the next one.

    Signed text never changes: another one is another version. A version without ledger
    entry came with the product, as a proposal to begin with. ``warning_share`` is the
    share of a target after which its owner is warned.
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
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
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
    cases kept in time. Without ``text`` readers see the standard words of its kind.
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
