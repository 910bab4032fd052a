from django.conf import settings
from django.db import models

from foundation.ledger.models import Entry
from sla.models.calendar import Calendar
from sla.models.clock import Clock


class Segment(models.Model):
    """From a moment on a clock ran with this owner, counted in this calendar.

    A clock that was never handed over has none: its own owner and calendar hold from
    its start. The last segment that begins at or before the start is the first one.
    """

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="+", db_index=False
    )
    starts_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"#{self.clock_id} from {self.starts_at}"
