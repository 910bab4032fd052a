from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.accounts.enums import Function
from foundation.ledger.models import Entry
from sla.enums import ExceptionReason, ExcuseState
from sla.models.clock import Clock


class Excuse(models.Model):
    """One side proposes not to count a case; the other side's head decides.

    Once agreed, the case leaves numerator and denominator and is shown apart. The
    reason ``logged_late`` is another matter: agreed, the touch that was recorded after
    the breach counts when it happened.
    """

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="excuses")
    reason = models.CharField(max_length=16, choices=ExceptionReason)
    state = models.CharField(max_length=8, choices=ExcuseState)
    side = models.CharField(max_length=10, choices=Function)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sla_excuse_one_open_or_agreed_per_clock",
                fields=["clock"],
                condition=~Q(state=ExcuseState.DECLINED),
            ),
            models.CheckConstraint(
                name="sla_excuse_words_known",
                condition=Q(
                    reason__in=ExceptionReason.values,
                    state__in=ExcuseState.values,
                    side__in=Function.values,
                ),
            ),
            models.CheckConstraint(
                name="sla_excuse_decided_by_somebody",
                condition=Q(
                    state=ExcuseState.PROPOSED,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | ~Q(state=ExcuseState.PROPOSED)
                & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.clock_id} {self.reason} {self.state}"
