"""Clocks as people look at them: of a lead, next in line, in a queue."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from foundation.accounts.enums import Function
from foundation.accounts.models import User
from leads.models import Lead
from sla.domain import business_time
from sla.domain.business_time import Calendar as Hours
from sla.enums import ClockState
from sla.models import Clock

_WITH = ("clause__agreement", "calendar", "owner")
AHEAD = timedelta(days=7)
"""How far ahead a countdown knows when business time passes."""


def clocks_of(lead: Lead) -> list[Clock]:
    """Return a lead's clocks: the latest round first, then by when they break."""
    rows = Clock.objects.filter(lead=lead).select_related(*_WITH)
    return list(rows.order_by("-round", "breach_at", "pk"))


def next_clock_for(lead_ids: Collection[int]) -> dict[int, Clock]:
    """Return, for each lead that somebody waits for, the clock that is next.

    Next is the one whose time runs out first, or ran out first. History and promises
    without object are not waited for. One statement.
    """
    rows = _waiting().filter(lead_id__in=lead_ids)
    first = rows.order_by("lead_id", "breach_at", "pk").distinct("lead_id")
    return {clock.lead_id: clock for clock in first}


def _waiting() -> QuerySet[Clock]:
    return Clock.objects.filter(waiting=True).select_related(*_WITH)


def queue_for(
    user: User, *, which: str = "mine", limit: int | None = None
) -> list[Clock]:
    """Return the next clock of each lead in a queue, the least time left first.

    Each clock comes with its lead (``clock.lead``, with company and campaign).

    Args:
        user: whose queue it is.
        which: ``mine`` (leads they own, or whose owner they stand in for), ``team``
            (owned in their sales team; by anybody of sales for all who are in none) or
            ``unassigned`` (nobody's yet).
        limit: the most leads.

    Raises:
        KeyError: there is no such queue.
    """
    mine = _QUEUES[which](user)
    first = Clock.objects.filter(mine, waiting=True).order_by("lead_id", "breach_at")
    ids = first.distinct("lead_id").values("pk")
    rows = Clock.objects.filter(pk__in=ids).select_related(
        *_WITH, "lead__company", "lead__campaign", "lead__owner"
    )
    return list(rows.order_by("breach_at", "pk")[:limit])


def _of_one(user: User) -> Q:
    """Leads whose clocks somebody has: not those another one has for them now."""
    others = Q(lead__owner__in=User.objects.filter(stood_in_by=user.pk).values("pk"))
    return others if user.stood_in_by_id else Q(lead__owner=user.pk) | others


def _of_team(user: User) -> Q:
    if user.team_id is not None and user.function == Function.SALES:
        return Q(lead__owner__team=user.team_id)
    return Q(lead__owner__team__function=Function.SALES) | Q(
        lead__owner__team__isnull=True, lead__owner__isnull=False
    )


_QUEUES: dict[str, Callable[[User], Q]] = {
    "mine": _of_one,
    "team": _of_team,
    "unassigned": lambda _: Q(lead__owner__isnull=True),
}


def queue_sizes(user: User) -> dict[str, int]:
    """Return how many leads wait in each of a person's queues."""
    return {
        which: Clock.objects.filter(condition(user), waiting=True)
        .values("lead_id")
        .distinct()
        .count()
        for which, condition in _QUEUES.items()
    }


@dataclass(frozen=True)
class Countdown:
    """What a page needs to count down by itself.

    ``left`` are the business seconds left at ``at``; below 0 those that it is past.
    ``opens`` are the open intervals from ``at`` until a week after ``due_at``, or after
    now if that is past: only within them time passes.
    """

    at: datetime
    due_at: datetime
    target: int
    left: int
    opens: Sequence[tuple[datetime, datetime]]
    paused_until: datetime | None = None


def countdown(clock: Clock, *, at: datetime) -> Countdown:
    """Return the countdown of a clock that is waited for, in its owner's hours."""
    hours = clock.calendar.hours
    return Countdown(
        at=at,
        due_at=clock.due_at,
        target=clock.clause.target_seconds or 0,
        left=_left(clock, hours, at),
        opens=_opens(hours, at, max(clock.due_at, at) + AHEAD),
        paused_until=clock.resumes_at if clock.state == ClockState.PAUSED else None,
    )


def _left(clock: Clock, hours: Hours, at: datetime) -> int:
    """Return the open seconds until due, from the end of a pause that lasts."""
    since = max(at, clock.resumes_at or at)
    if since <= clock.due_at:
        return business_time.elapsed(hours, since, clock.due_at)
    return -business_time.elapsed(hours, clock.due_at, at)


def _opens(
    hours: Hours, begin: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Return open intervals, joined across midnight, in order."""
    found: list[tuple[datetime, datetime]] = []
    for stretch in business_time.intervals(hours, begin, end):
        if found and found[-1][1] == stretch.starts_at:
            found[-1] = (found[-1][0], stretch.ends_at)
        else:
            found.append((stretch.starts_at, stretch.ends_at))
    return found
