from django.conf import settings
from django.db import models

from foundation.ledger.models import Entry
from sla.models.clock import Clock


class Breach(models.Model):
    """A promise went past its time and everybody concerned is told. Once per clock.

    It belongs to whoever had the clock at ``breach_at``; to the head where nobody had
    it. What was learned long after is ``quiet``: on record, but nobody is told. Rows
    are never deleted; an exception that both sides agree to is kept on the clock.
    """

    clock = models.OneToOneField(
        Clock,
        models.PROTECT,
        primary_key=True,
        related_name="breach",
        db_constraint=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    breach_at = models.DateTimeField()
    flagged_at = models.DateTimeField()
    quiet = models.BooleanField()
    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    def __str__(self) -> str:
        return f"#{self.pk} {self.breach_at}"
