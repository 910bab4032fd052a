from django.conf import settings
from django.db import models

from meetings.models.item import AgendaItem


class Note(models.Model):
    """What was said about an item."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="notes")
    text = models.TextField(max_length=2_000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.pk} on item {self.item_id}"
