from django.conf import settings
from django.db import models

from foundation.ledger.models import Entry


class Target(models.Model):
    """What both heads want a KPI to be in a period. Rows are only added.

    The last one of a key and period counts; a null value takes the target back. An
    empty ``period`` is for every period that has none of its own.
    """

    key = models.CharField(max_length=60)
    period = models.CharField(max_length=30, blank=True)
    value = models.DecimalField(max_digits=24, decimal_places=10, null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(name="kpis_target_of", fields=["key", "period"])]

    def __str__(self) -> str:
        return f"{self.key} {self.period}: {self.value}"
