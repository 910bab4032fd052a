from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.jobs.models import Job
from integrations.enums import LoadState


class Load(models.Model):
    """One file, how it is read, and what became of it.

    ``maps`` and ``defaults`` are texts ``target=column`` and ``target=value``;
    ``leave_out`` names columns that fill nothing. The counts are sums over the chunks.
    ``undoing`` counts what undoing it took back, put back and kept
    (`integrations.domain.undoing`), ``kept`` the last of these in all.
    ``checked`` is what a check of it found (`integrations.domain.checked`); the rows
    that it rejected are errors of the load until that begins.
    ``stored_as`` is the uploaded file's name in storage; blank once it is gone.
    """

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    stored_as = models.CharField(max_length=200, blank=True)
    header = models.JSONField(default=list)
    separator = models.CharField(max_length=1, default=",")
    maps = models.JSONField(default=list)
    defaults = models.JSONField(default=list)
    leave_out = models.JSONField(default=list)
    time_zone = models.CharField(max_length=60)
    country = models.CharField(max_length=2, blank=True)
    slashes = models.CharField(max_length=5, blank=True)
    decimal_mark = models.CharField(max_length=1, blank=True)
    live = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=LoadState, default=LoadState.UPLOADED
    )
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    checked = models.JSONField(default=dict, blank=True)
    undoing = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="integrations_load_state_known",
                condition=Q(state__in=LoadState.values),
            ),
        ]
        indexes = [
            models.Index(name="integrations_load_newest", fields=["-created_at"]),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.file_name}"

    @property
    def cause(self) -> str:
        """The cause of the ledger entries it makes."""
        return f"load:{self.pk}"
