"""Keep ready what somebody is looking at, so that nobody waits for it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet

from foundation.accounts.queries import workspace
from foundation.kernel.periods import Period, Step, around
from foundation.ledger import queries as ledger
from kpis.actions import scorecards, sheets
from kpis.models import Scorecard, Sheet

WATCHED = timedelta(minutes=10)
"""How long after somebody last looked a page is still kept ready by a worker."""

EXPECTED = 10
"""How many pages of today, and cards, are brought up to date for who comes next."""


def refresh(*, at: datetime) -> int:
    """Work out anew the watched pages that fell behind; return how many they were.

    A page is watched if it was asked for in the last ten minutes. Safe to repeat.
    """
    return _renew(list(_cards(at, at - WATCHED)), list(_pages(at, at - WATCHED)), at)


def are_behind(*, at: datetime) -> bool:
    """Tell whether a page that somebody is looking at has fallen behind the ledger."""
    return _pages(at, at - WATCHED).exists() or _cards(at, at - WATCHED).exists()


def refresh_expected(*, at: datetime) -> int:
    """Bring up to date what somebody will ask for next; return how many they were.

    These are the card that Today opens with, whoever asked for it, and what was asked
    for earlier on this day, the latest first. Nobody has looked for a while, so it can
    wait until a change is some minutes old. Safe to repeat.
    """
    return _renew(_expected_cards(at), list(_pages(at)[:EXPECTED]), at)


def are_expected_behind(*, at: datetime) -> bool:
    """Tell whether a page that somebody may ask for next has fallen behind."""
    return _pages(at).exists() or bool(_expected_cards(at))


type Asked = tuple[str, date, date, datetime]
"""A period's label, its ends, and when somebody last wanted its card."""


def _expected_cards(at: datetime) -> list[Asked]:
    """Return the cards of this day that fell behind, and Today's if there is none.

    Nothing is expected before there is anything in the ledger.
    """
    position, today = ledger.position(), workspace.current().today(at)
    found = list(_cards(at)[:EXPECTED])
    first = around(today, Step.QUARTER)
    opened = Scorecard.objects.filter(period=first.label, first_on=first.first)
    if position and not opened.filter(day=today).exists():
        found.append((first.label, first.first, first.end, at - WATCHED))
    return found


def _renew(cards: Sequence[Asked], pages: Sequence[Sheet], at: datetime) -> int:
    for label, first, end, asked_at in cards:
        scorecards.current(Period(first, end, label), at=at, asked_at=asked_at)
    for sheet in pages:
        sheets.renew(sheet, at=at)
    return len(cards) + len(pages)


def _pages(at: datetime, since: datetime | None = None) -> QuerySet[Sheet]:
    """Return the pages of this day that fell behind, those asked for last first."""
    rows = Sheet.objects.filter(day=workspace.current().today(at))
    if since is not None:
        rows = rows.filter(asked_at__gt=since)
    return rows.filter(position__lt=ledger.position()).order_by("-asked_at")


def _cards(
    at: datetime, since: datetime | None = None
) -> QuerySet[Scorecard, tuple[str, date, date, datetime]]:
    """Return the periods whose newest card fell behind, and when it was asked for."""
    rows = Scorecard.objects.filter(
        day=workspace.current().today(at), asked_at__isnull=False
    )
    if since is not None:
        rows = rows.filter(asked_at__gt=since)
    newest = rows.values("period", "first_on", "end_on").annotate(
        newest=Max("position"), asked=Max("asked_at")
    )
    behind = newest.filter(newest__lt=ledger.position()).order_by("-asked")
    return behind.values_list("period", "first_on", "end_on", "asked")
