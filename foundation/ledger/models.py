from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One business transaction: who did something, when, and what followed from it.

    The row is written when the transaction begins its work, without a position; the
    position, dense and in order of commit, is given last. Rows never change again.
    """

    position = models.BigIntegerField(null=True, unique=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    written_at = models.DateTimeField()
    cause = models.CharField(max_length=100, blank=True)
    topics = ArrayField(models.CharField(max_length=30), default=list)
    digest = models.BinaryField(null=True)
    previous_hash = models.BinaryField(null=True)
    hash = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_entry_sealed_with_position",
                condition=Q(
                    position__isnull=True,
                    digest__isnull=True,
                    previous_hash__isnull=True,
                    hash__isnull=True,
                )
                | Q(
                    position__gte=1,
                    digest__isnull=False,
                    previous_hash__isnull=False,
                    hash__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.position} {self.cause}"


class Event(models.Model):
    """One thing that happened to one subject, in the past tense. Append-only.

    The subject is text and a number without a foreign key, so that the ledger
    outlives what it speaks of. The payload holds references and coded values, never
    personal data.

    Entries are never deleted (a trigger refuses it), and `verify_ledger` finds an
    event or a fact without one; so the database need not look the entry up again for
    each of a hundred thousand rows.
    """

    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="events", db_constraint=False
    )
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    payload = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"


class Fact(models.Model):
    """Something that happened in the business. Rows are only ever added.

    A mistake is mended by a row that names the one it corrects: a replacement, or a
    withdrawal, which only takes the other back. ``in_force`` is worked out: a row is
    in force unless a row in force corrects it. Calculations count rows in force that
    are not withdrawals.
    """

    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_withdrawal = models.BooleanField(default=False)
    in_force = models.BooleanField(default=True)

    class Meta:
        abstract = True


class Consumer(models.Model):
    """How far one reader of the ledger has come. It has seen positions 1 … position."""

    name = models.CharField(max_length=60, unique=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"
