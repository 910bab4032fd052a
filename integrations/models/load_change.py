from django.db import models

from integrations.models.load_chunk import LoadChunk


class LoadChange(models.Model):
    """What a load changed in a record that was there, for undoing it. Deletable.

    ``before`` and ``after`` hold the fields that became another. A record that the
    load made, and that the ledger has no event of its own for, has neither.
    """

    chunk = models.ForeignKey(LoadChunk, models.CASCADE, related_name="changes")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                name="integrations_loadchange_of",
                fields=["subject_type", "subject_id"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id}"
