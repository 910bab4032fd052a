from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaigns.models import Campaign
from foundation.ledger.models import Entry
from leads.models import Lead, StageChange
from sla.enums import LEAD_CLOCKS, CancelledReason, ClockState, DoneBy
from sla.models.agreement import Clause
from sla.models.calendar import Calendar

ENDED = [ClockState.MET, ClockState.BREACHED, ClockState.CANCELLED]


def _to(model: type[models.Model] | str, *, null: bool = False) -> models.ForeignKey:  # type: ignore[type-arg]
    """Return a reference whose target is never deleted and taken from its own row.

    The database need not look it up again for each of a hundred thousand clocks.
    """
    return models.ForeignKey(
        model,
        models.PROTECT,
        null=null,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )


class ClockRow(models.Model):
    """What is known of a clock since the ledger entry that is named.

    ``change`` is the passage to MQL that began it, whose split values it carries.
    ``started_at``, ``due_at`` (shown) and ``breach_at`` (used) are moments;
    ``elapsed_seconds`` and ``late_seconds`` are business time at ``done_at``, in the
    ``calendar`` of each ``owner`` who had it. ``ended_at`` decides in which period the
    case counts: when done, when breached, or when cancelled. ``waiting`` tells that
    somebody still waits, in time or past it. ``history`` was learned too late to fire.
    ``excepted`` cases are left out by agreement of both sides; ``late_agreed`` ones
    count what was recorded after the breach.
    """

    kind = models.CharField(max_length=14)
    round = models.PositiveSmallIntegerField()
    clause = _to(Clause)
    change = _to(StageChange)
    calendar = _to(Calendar)
    owner = _to(settings.AUTH_USER_MODEL, null=True)
    state = models.CharField(max_length=9, choices=ClockState)
    history = models.BooleanField()
    waiting = models.BooleanField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    breach_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=13, choices=DoneBy, blank=True)
    ended_at = models.DateTimeField(null=True)
    elapsed_seconds = models.BigIntegerField(null=True)
    late_seconds = models.BigIntegerField(null=True)
    cancelled_reason = models.CharField(
        max_length=14, choices=CancelledReason, blank=True
    )
    logged_late = models.BooleanField()
    self_reported = models.BooleanField()
    by_silence = models.BooleanField()
    by_hand = models.BooleanField()
    although_met = models.BooleanField()
    excepted = models.BooleanField(default=False)
    late_agreed = models.BooleanField(default=False)
    pauses = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=80, blank=True)
    campaign = _to(Campaign, null=True)
    segment = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    entry = _to(Entry)

    class Meta:
        abstract = True


class Clock(ClockRow):
    """A promise being kept for one lead in one round, as it stands now.

    Where a clock that had ended changes, `ClockVersion` keeps how it had ended, so that
    numbers can be worked out again at any ledger position. While it runs it has no
    result, so there is nothing to keep.
    """

    lead = _to(Lead)
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    resumes_at = models.DateTimeField(null=True)
    segments = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sla_clock_one_per_lead_and_round",
                fields=["lead", "round", "kind"],
            ),
            models.CheckConstraint(
                name="sla_clock_words_known",
                condition=Q(
                    kind__in=LEAD_CLOCKS,
                    state__in=ClockState.values,
                    done_by__in=DoneBy.values,
                    cancelled_reason__in=CancelledReason.values,
                ),
            ),
            models.CheckConstraint(
                name="sla_clock_resumes_exactly_when_paused",
                condition=Q(state=ClockState.PAUSED, resumes_at__isnull=False)
                | ~Q(state=ClockState.PAUSED) & Q(resumes_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sla_clock_cancelled_for_a_reason",
                condition=Q(state=ClockState.CANCELLED, done_by="")
                & ~Q(cancelled_reason="")
                | ~Q(state=ClockState.CANCELLED) & Q(cancelled_reason=""),
            ),
            models.CheckConstraint(
                name="sla_clock_ended_exactly_when_decided",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | ~Q(state__in=ENDED) & Q(ended_at__isnull=True, done_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sla_clock_done_by_something",
                condition=Q(done_at__isnull=True, elapsed_seconds__isnull=True)
                & Q(done_by="")
                | Q(done_at__isnull=False, elapsed_seconds__isnull=False)
                & ~Q(done_by=""),
            ),
            models.CheckConstraint(
                name="sla_clock_met_is_in_time",
                condition=~Q(state=ClockState.MET)
                | Q(done_at__lte=F("breach_at"), late_seconds__isnull=True)
                & Q(ended_at=F("done_at")),
            ),
            models.CheckConstraint(
                name="sla_clock_late_exactly_when_breached_and_done",
                condition=Q(late_seconds__isnull=True)
                | Q(state=ClockState.BREACHED, done_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="sla_clock_running",
                fields=["breach_at"],
                condition=Q(state=ClockState.RUNNING),
            ),
            models.Index(
                name="sla_clock_to_warn",
                fields=["warn_at"],
                condition=Q(state=ClockState.RUNNING, warned_at__isnull=True)
                & Q(warn_at__isnull=False),
            ),
            models.Index(
                name="sla_clock_paused",
                fields=["resumes_at"],
                condition=Q(state=ClockState.PAUSED),
            ),
            models.Index(
                name="sla_clock_waiting",
                fields=["lead", "breach_at"],
                condition=Q(waiting=True),
            ),
            models.Index(
                name="sla_clock_ended",
                fields=["kind", "ended_at"],
                condition=Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.state}"


class ClockVersion(ClockRow):
    """How a clock had ended, from ``entry`` until, and without, ``until_entry``."""

    clock = _to(Clock)
    lead = _to(Lead)
    until_entry = _to(Entry)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sla_clockversion_words_known",
                condition=Q(
                    kind__in=LEAD_CLOCKS,
                    state__in=ClockState.values,
                    done_by__in=DoneBy.values,
                    cancelled_reason__in=CancelledReason.values,
                ),
            ),
        ]
        indexes = [
            models.Index(name="sla_clockversion_ended", fields=["kind", "ended_at"]),
        ]

    def __str__(self) -> str:
        return f"#{self.clock_id} {self.kind} {self.state}"
