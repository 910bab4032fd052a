"""Which open clocks would count in other hours if they began now."""

from datetime import datetime

from django.db.models import Q, QuerySet

from foundation.accounts.models import User
from sla.enums import ClockState
from sla.models import Calendar, Clock, Recount
from sla.queries import calendars

_OPEN = [ClockState.RUNNING, ClockState.PAUSED]


def hours_of(row: Calendar, *, at: datetime) -> Calendar:
    """Return the version to count in: this one, or the one it goes back to."""
    return calendars.above(row, at=at) if row.follows else row


def to_count_anew(row: Calendar, *, at: datetime) -> QuerySet[Clock]:
    """Return the open clocks in time whose owners go by a version but which do not.

    Those of people and teams with hours of their own are left out of what is above
    them; so is history.
    """
    rows = Clock.objects.filter(
        _going_by(row, at), state__in=_OPEN, history=False, breach_at__gte=at
    )
    return rows.exclude(calendar=hours_of(row, at=at))


def owners_of(row: Calendar, *, at: datetime) -> set[int | None]:
    """Return the people who go by a version; None among them where nobody does too."""
    if row.person_id is not None:
        return {row.person_id}
    people = User.objects.exclude(pk__in=_people_with_own(at))
    if row.team_id is not None:
        return set(people.filter(team=row.team_id).values_list("pk", flat=True))
    others = people.filter(Q(team__isnull=True) | ~Q(team__in=_teams_with_own(at)))
    return {None, *others.values_list("pk", flat=True)}


def open_recount(row: Calendar) -> Recount | None:
    """Return what was proposed for a version and waits for the other side."""
    waiting = Recount.objects.filter(agreed_at__isnull=True, withdrawn_at__isnull=True)
    return waiting.filter(calendar=row).select_related(*_BY).first()


def recounts_of(row: Calendar) -> QuerySet[Recount]:
    """Return what was agreed for a version, the latest first."""
    rows = Recount.objects.filter(calendar=row, agreed_at__isnull=False)
    return rows.select_related(*_BY, "job").order_by("-agreed_at", "-pk")


_BY = ("sales_by", "marketing_by")


def _going_by(row: Calendar, at: datetime) -> Q:
    if row.person_id is not None:
        return Q(owner=row.person_id)
    without_own = ~Q(owner__in=_people_with_own(at))
    if row.team_id is not None:
        return Q(owner__team=row.team_id) & without_own
    alone = Q(owner__team__isnull=True) | ~Q(owner__team__in=_teams_with_own(at))
    return Q(owner__isnull=True) | (Q(owner__isnull=False) & alone & without_own)


def _people_with_own(at: datetime) -> list[int]:
    rows = calendars.in_force(at=at).filter(person__isnull=False)
    return sorted(rows.values_list("person_id", flat=True))


def _teams_with_own(at: datetime) -> list[int]:
    rows = calendars.in_force(at=at).filter(team__isnull=False)
    return sorted(rows.values_list("team_id", flat=True))
