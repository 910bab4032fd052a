from typing import Any

from django.conf import settings as django_settings
from django.db import models
from django.db.models import Q


class Scorecard(models.Model):
    """All values of a period as one snapshot saw them, at its ledger position.

    Sales and marketing read the same row. ``values`` is the whole card, its numbers
    written as text; ``settings`` are those of the workspace that it depends on, so
    that it can be worked out again from the facts at its position. Values never
    change; a pinned card cannot be deleted either. ``asked_at`` is about when somebody
    last read it.
    """

    period = models.CharField(max_length=30)
    first_on = models.DateField()
    end_on = models.DateField()
    position = models.BigIntegerField()
    day = models.DateField()
    settings = models.JSONField()
    settings_digest = models.CharField(max_length=64)
    values = models.JSONField()
    computed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    pinned_by = models.ForeignKey(
        django_settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="kpis_scorecard_once",
                fields=["period", "first_on", "position", "day", "settings_digest"],
            ),
            models.CheckConstraint(
                name="kpis_scorecard_has_days",
                condition=Q(end_on__gt=models.F("first_on")),
            ),
        ]
        indexes = [
            models.Index(
                name="kpis_scorecard_to_forget",
                fields=["computed_at"],
                condition=Q(pinned_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} at {self.position}"

    def line(self, key: str) -> dict[str, Any]:
        """Return what the card says of one KPI.

        Raises:
            KeyError: it says nothing of it.
        """
        for part in self.values["sections"]:
            for line in part["kpis"]:
                if line["key"] == key:
                    return dict(line)
        raise KeyError(key)
