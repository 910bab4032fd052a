"""Drawn leads, what is left to judge, and how often both teams say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from foundation.accounts.enums import Function
from foundation.kernel.periods import day_of
from leads.models import BlindReview

WEEKS = 8
_BOTH = 2


@dataclass(frozen=True)
class Agreement:
    """How many drawn leads both teams judged, and how many of them alike."""

    judged: int
    alike: int


def week_of(at: datetime, zone: ZoneInfo) -> date:
    """Return the Monday of a moment's ISO week."""
    today = day_of(at, zone)
    return today - timedelta(days=today.weekday())


def of_week(week: date) -> QuerySet[BlindReview]:
    """Return the leads drawn in a week, in their order, with their verdicts."""
    rows = BlindReview.objects.filter(week=week).order_by("place")
    return rows.select_related("lead__company", "definition").prefetch_related(
        "verdicts__given_by"
    )


def left_for(function: Function, week: date) -> QuerySet[BlindReview]:
    """Return the leads of a week that a team has not judged, in their order."""
    return of_week(week).exclude(verdicts__function=function)


def judged_by_both(
    *, weeks: Sequence[date], alike: bool | None = None
) -> QuerySet[BlindReview]:
    """Return the leads drawn in some weeks that both teams have judged.

    ``alike`` leaves those that they judged alike, or differently.
    """
    rows = BlindReview.objects.filter(week__in=weeks).alias(said=Count("verdicts"))
    rows = rows.filter(said=_BOTH)
    if alike is None:
        return rows
    yes = Count("verdicts", filter=Q(verdicts__qualified=True))
    same = Q(_yes__in=(0, _BOTH))
    return rows.alias(_yes=yes).filter(same if alike else ~same)


def agreement(*, weeks: Sequence[date]) -> Agreement:
    """Count over some weeks; what only one team has judged does not count yet."""
    alike, differently = (
        judged_by_both(weeks=weeks, alike=alike).count() for alike in (True, False)
    )
    return Agreement(alike + differently, alike)


def last_weeks(week: date) -> list[date]:
    """Return a week and those before it over which agreement is told."""
    return [week - timedelta(weeks=n) for n in range(WEEKS)]


def disagreements(*, weeks: Sequence[date]) -> list[BlindReview]:
    """Return the leads that the teams judged differently, the newest first."""
    apart = judged_by_both(weeks=weeks, alike=False)
    found = apart.select_related("lead__company").prefetch_related("verdicts__given_by")
    return list(found.order_by("-week", "place"))
