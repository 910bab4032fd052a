from django.conf import settings
from django.db import models

from leads.models.lead import Lead


class Note(models.Model):
    """Free words about a lead. Personal data, so it can be deleted."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="notes")
    text = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField()
    about_change = models.ForeignKey(
        "leads.StageChange", models.PROTECT, null=True, blank=True, related_name="+"
    )
    about_touch = models.ForeignKey(
        "leads.Touchpoint", models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"#{self.pk} on lead {self.lead_id}"
