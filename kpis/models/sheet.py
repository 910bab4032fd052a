from django.db import models


class Sheet(models.Model):
    """What a page asked for, as one snapshot saw it, at its ledger position.

    ``answers`` holds each answer under the question that it answers, exactly; it can
    be worked out again from the facts at ``position`` with ``settings``. Of each page
    only the newest is kept. Derived, like the daily facts: no business record.
    """

    page = models.CharField(max_length=200)
    position = models.BigIntegerField()
    day = models.DateField()
    settings = models.JSONField()
    settings_digest = models.CharField(max_length=64)
    answers = models.JSONField()
    computed_at = models.DateTimeField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="kpis_sheet_once",
                fields=["page", "position", "day", "settings_digest"],
            ),
        ]
        indexes = [models.Index(name="kpis_sheet_asked", fields=["asked_at"])]

    def __str__(self) -> str:
        return f"{self.page} at {self.position}"
