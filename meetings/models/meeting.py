from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.accounts.enums import Function
from kpis.models import Scorecard
from meetings.enums import UPCOMING, MeetingState
from meetings.models.series import Series

_NOT_STARTED = Q(started_at__isnull=True, started_by__isnull=True)
_STARTED = Q(started_at__isnull=False, started_by__isnull=False)
_NOT_ENDED = Q(
    ended_at__isnull=True,
    ended_by__isnull=True,
    scorecard__isnull=True,
    record__isnull=True,
    digest="",
)
_ENDED = Q(
    ended_at__gte=F("started_at"),
    ended_by__isnull=False,
    scorecard__isnull=False,
    record__isnull=False,
) & ~Q(digest="")


class Meeting(models.Model):
    """One meeting of a series, from its plan to its minutes.

    The minutes are ``record`` (coded values and references), the pinned ``scorecard``
    and the rows of items, notes, decisions and actions; ``digest`` seals them all. Once
    a meeting is held or was skipped, the database refuses every change of its rows;
    only what becomes of its actions goes on.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10, choices=Function)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(
        max_length=14, choices=MeetingState, default=MeetingState.PLANNED
    )
    agenda_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, null=True, blank=True, related_name="+"
    )
    record = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="meetings_meeting_once_per_time", fields=["series", "starts_at"]
            ),
            models.UniqueConstraint(
                name="meetings_meeting_one_upcoming_per_series",
                fields=["series"],
                condition=Q(state__in=UPCOMING),
            ),
            models.CheckConstraint(
                name="meetings_meeting_side_known",
                condition=Q(side__in=Function.values),
            ),
            models.CheckConstraint(
                name="meetings_meeting_in_one_state",
                condition=Q(state=MeetingState.PLANNED, agenda_at__isnull=True)
                & _NOT_STARTED
                & _NOT_ENDED
                | Q(state=MeetingState.AGENDA_WRITTEN, agenda_at__isnull=False)
                & _NOT_STARTED
                & _NOT_ENDED
                | Q(state=MeetingState.RUNNING, agenda_at__isnull=False)
                & _STARTED
                & _NOT_ENDED
                | Q(state=MeetingState.HELD, agenda_at__isnull=False)
                & _STARTED
                & _ENDED
                | Q(state=MeetingState.SKIPPED) & _NOT_STARTED & _NOT_ENDED,
            ),
        ]
        indexes = [
            models.Index(name="meetings_meeting_by_time", fields=["state", "starts_at"])
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"

    @property
    def ends_at(self) -> datetime:
        """Return when it should be over: after the planned minutes."""
        return (self.started_at or self.starts_at) + timedelta(minutes=self.minutes)

    @property
    def length(self) -> timedelta:
        """Return how long a meeting that was held took."""
        if self.started_at is None or self.ended_at is None:
            return timedelta()
        return self.ended_at - self.started_at

    @property
    def agenda_due_at(self) -> datetime:
        """Return when its agenda is to be written."""
        return self.starts_at - timedelta(hours=self.series.agenda_hours)
