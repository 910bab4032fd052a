from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from foundation.jobs.models import Job
from foundation.ledger.models import Entry
from sla.models.calendar import Calendar


class Recount(models.Model):
    """The signers choose open clocks that are to count in hours drawn up since.

    A signer proposes, and it is agreed once both functions have: ``sales_by`` and
    ``marketing_by`` may be one person who signs for both. ``chosen`` are the clocks, or
    None for every open one; no other clock changes. A worker does it, from
    ``agreed_at`` or the version's beginning on, and notes how many in ``counted``.
    """

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    chosen = ArrayField(models.BigIntegerField(), null=True)
    proposed_at = models.DateTimeField()
    sales_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    marketing_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    counted = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sla_recount_one_open_per_calendar",
                fields=["calendar"],
                condition=Q(agreed_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sla_recount_agreed_by_both",
                condition=Q(agreed_at__isnull=True)
                | Q(sales_by__isnull=False, marketing_by__isnull=False)
                & Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sla_recount_done_once_agreed",
                condition=Q(done_at__isnull=True) | Q(agreed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.calendar_id} {self.proposed_at}"
