from datetime import datetime

from django.db import models
from django.db.models import Prefetch, Q, QuerySet

from foundation.accounts.models import User
from meetings.enums import CLOSED, OPEN, UPCOMING, MeetingState
from meetings.models import AgendaItem, Meeting, Series
from meetings.rules import meetings_visible_to


def upcoming(series: Series) -> Meeting | None:
    """Return the meeting of a series that is planned and has not begun."""
    rows = series.meetings.filter(state__in=UPCOMING)
    return rows.select_related("series").first()


def held_before(meeting: Meeting) -> Meeting | None:
    """Return the last meeting of the series that was held before this one."""
    rows = Meeting.objects.filter(
        series_id=meeting.series_id,
        state=MeetingState.HELD,
        starts_at__lt=meeting.starts_at,
    )
    return rows.order_by("-starts_at").first()


def without_next() -> QuerySet[Series]:
    """Return the series that go on and have no meeting planned."""
    planned = Meeting.objects.filter(series=models.OuterRef("pk"), state__in=UPCOMING)
    return Series.objects.filter(~models.Exists(planned), is_active=True)


def missed(at: datetime) -> list[Meeting]:
    """Return meetings that nobody began on their local day."""
    rows = Meeting.objects.filter(state__in=UPCOMING, starts_at__lt=at)
    return [
        row
        for row in rows.select_related("series")
        if at.astimezone(row.series.rhythm.zone).date()
        > row.starts_at.astimezone(row.series.rhythm.zone).date()
    ]


def agendas_due(at: datetime) -> list[Meeting]:
    """Return planned meetings whose agenda is to be written by now."""
    rows = Meeting.objects.filter(state=MeetingState.PLANNED).select_related("series")
    return [row for row in rows if row.agenda_due_at <= at]


def written() -> QuerySet[Meeting]:
    """Return meetings that have an agenda and have not begun."""
    rows = Meeting.objects.filter(state=MeetingState.AGENDA_WRITTEN)
    return rows.select_related("series")


def is_work_due(at: datetime) -> bool:
    """Tell whether there is a meeting to plan, to skip, or to write an agenda for."""
    return without_next().exists() or bool(missed(at)) or bool(agendas_due(at))


def readable(user: User) -> QuerySet[Meeting]:
    """Return the meetings somebody may read, with whom their pages name."""
    people = ["facilitator", "started_by", "ended_by"]
    return meetings_visible_to(user).select_related("series", *people)


def coming(user: User) -> QuerySet[Meeting]:
    """Return running and planned meetings with their items; running ones first.

    Two statements at any number; further fetches are blocked.
    """
    items = AgendaItem.objects.select_related("decision")
    return (
        readable(user)
        .filter(state__in=OPEN)
        .annotate(is_planned=Q(state__in=UPCOMING))
        .order_by("is_planned", "starts_at", "pk")
        .prefetch_related(Prefetch("items", items))
        .fetch_mode(models.FETCH_RAISE)
    )


def past(user: User) -> QuerySet[Meeting]:
    """Return held and skipped meetings, the last first, with what came out of them."""
    return (
        readable(user)
        .filter(state__in=CLOSED)
        .annotate(
            decision_count=models.Count("items__decisions", distinct=True),
            action_count=models.Count("items__actions", distinct=True),
        )
        .order_by("-starts_at", "-pk")
        .fetch_mode(models.FETCH_RAISE)
    )


def all_series() -> QuerySet[Series]:
    """Return every series, those that go on first."""
    return Series.objects.order_by("-is_active", "name")
