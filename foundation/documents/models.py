from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.accounts.enums import Function
from foundation.documents.enums import Capacity, State
from foundation.ledger.models import Entry


class Version(models.Model):
    """One version of a document that both functions sign.

    ``kind`` says which document: ``definition.mql``, ``definition.sql``. ``title`` and
    ``prose`` are for people, ``content`` is what runs; ``digest`` is the SHA-256 of all
    that is signed, given when it is proposed. From then on nothing of it changes: a
    trigger refuses it. ``in_force_at`` is given with the last signature; it holds until
    the next version of its kind does, so at any instant one version holds.
    ``revision`` rises with every change of a draft, so that nobody overwrites what
    somebody else wrote meanwhile.
    """

    kind = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    prose = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    effective_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    drafted_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    sign_by_at = models.DateTimeField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="documents_version_once", fields=["kind", "number"]
            ),
            models.UniqueConstraint(
                name="documents_version_one_in_force_at_any_instant",
                fields=["kind", "in_force_at"],
                condition=Q(in_force_at__isnull=False),
            ),
            models.CheckConstraint(
                name="documents_version_state_known",
                condition=Q(state__in=State.values),
            ),
            models.CheckConstraint(
                name="documents_version_in_force_exactly_when_signed",
                condition=Q(state=State.SIGNED, in_force_at__isnull=False)
                | ~Q(state=State.SIGNED) & Q(in_force_at__isnull=True),
            ),
            models.CheckConstraint(
                name="documents_version_digest_exactly_when_proposed",
                condition=Q(proposed_at__isnull=True, digest="")
                | Q(proposed_at__isnull=False) & ~Q(digest=""),
            ),
            models.CheckConstraint(
                name="documents_version_proposed_before_signed",
                condition=~Q(state__in=[State.PROPOSED, State.SIGNED])
                | Q(proposed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="documents_version_closed_exactly_when_over",
                condition=Q(
                    state__in=[State.REJECTED, State.WITHDRAWN],
                    closed_at__isnull=False,
                )
                | ~Q(state__in=[State.REJECTED, State.WITHDRAWN])
                & Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="documents_version_never_holds_before_it_was_proposed",
                condition=Q(in_force_at__isnull=True)
                | Q(in_force_at__gte=F("proposed_at")),
            ),
        ]
        ordering = ["kind", "number"]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Signature(models.Model):
    """That a function signed a version: who, in what capacity, when, and which text.

    Rows are only ever added; a trigger refuses anything else.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="signatures")
    function = models.CharField(max_length=10, choices=Function)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    capacity = models.CharField(max_length=7, choices=Capacity)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="documents_signature_once_per_function",
                fields=["version", "function"],
            ),
            models.CheckConstraint(
                name="documents_signature_words_known",
                condition=Q(function__in=Function.values, capacity__in=Capacity.values),
            ),
        ]
        ordering = ["signed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.function} {self.version_id}"


class Comment(models.Model):
    """What somebody said about a version. ``place`` is a JSON pointer, or blank."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="comments")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    text = models.TextField()
    place = models.CharField(max_length=200, blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"#{self.pk} on {self.version_id}"
