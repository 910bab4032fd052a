"""Keep ready what somebody is looking at, so that nobody waits for it."""

from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet

from foundation.accounts.queries import workspace
from foundation.kernel.periods import Period
from foundation.ledger import queries as ledger
from kpis.actions import scorecards, sheets
from kpis.models import Scorecard, Sheet

WATCHED = timedelta(minutes=10)
"""How long after somebody last looked a page is still kept ready by a worker."""


def refresh(*, at: datetime) -> int:
    """Work out anew the watched pages that fell behind; return how many they were.

    A page is watched if it was asked for in the last ten minutes. Safe to repeat.
    """
    cards, pages = list(_cards(at)), list(_pages(at))
    for label, first, end, asked_at in cards:
        scorecards.current(Period(first, end, label), at=at, asked_at=asked_at)
    for sheet in pages:
        sheets.renew(sheet, at=at)
    return len(cards) + len(pages)


def are_behind(*, at: datetime) -> bool:
    """Tell whether a page that somebody is looking at has fallen behind the ledger."""
    return _pages(at).exists() or _cards(at).exists()


def _pages(at: datetime) -> QuerySet[Sheet]:
    today = workspace.current().today(at)
    rows = Sheet.objects.filter(asked_at__gt=at - WATCHED, day=today)
    return rows.filter(position__lt=ledger.position()).order_by("-asked_at")


def _cards(at: datetime) -> QuerySet[Scorecard, tuple[str, date, date, datetime]]:
    """Return the periods whose newest card fell behind, and when it was asked for."""
    today = workspace.current().today(at)
    rows = Scorecard.objects.filter(asked_at__gt=at - WATCHED, day=today)
    newest = rows.values("period", "first_on", "end_on").annotate(
        newest=Max("position"), asked=Max("asked_at")
    )
    behind = newest.filter(newest__lt=ledger.position()).order_by("-asked")
    return behind.values_list("period", "first_on", "end_on", "asked")
