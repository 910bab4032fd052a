from django.db import models
from django.db.models import Q

from foundation.ledger.models import Entry
from integrations.models.load import Load


class LoadChunk(models.Model):
    """Rows of a load that were taken in one transaction.

    The row commits with its effect and there is one for each number, so nothing is
    taken twice, whatever dies. ``entry`` is null where the rows said nothing new.
    ``spans`` gives, for each table of facts, the ids after the first and up to the
    second number among which the entry's facts lie.
    """

    load = models.ForeignKey(Load, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, related_name="+", db_index=False
    )
    spans = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="integrations_loadchunk_once", fields=["load", "number"]
            ),
            models.CheckConstraint(
                name="integrations_loadchunk_every_row_counted",
                condition=Q(
                    rows=models.F("created")
                    + models.F("updated")
                    + models.F("unchanged")
                    + models.F("rejected")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"load {self.load_id} chunk {self.number}"
