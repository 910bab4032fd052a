"""Signed-in browsers: when they were last seen, and their end. Not in the ledger."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from foundation.accounts.actions import idempotency
from foundation.accounts.models import Session, User

SEEN_EVERY = timedelta(minutes=1)
_IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS)


def saw(session: Session, *, at: datetime) -> None:
    """Note that somebody used this browser, at most once a minute."""
    if session.seen_at <= at - SEEN_EVERY:
        stale = Session.objects.filter(pk=session.pk, seen_at__lte=at - SEEN_EVERY)
        stale.update(seen_at=at)


def end(session: Session, *, of: User) -> bool:
    """End one of somebody's own sessions; tell whether it was there."""
    return bool(Session.objects.filter(pk=session.pk, user=of).delete()[0])


def tidy(*, at: datetime) -> int:
    """Delete ended sessions and answers nobody can ask for; return how many."""
    over = Q(expire_date__lte=at) | Q(seen_at__lte=at - _IDLE)
    return Session.objects.filter(over).delete()[0] + idempotency.forget(at=at)
