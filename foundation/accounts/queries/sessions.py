from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from foundation.accounts.models import Session, User

_IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS)


def of_person(person: User, *, at: datetime) -> QuerySet[Session]:
    """Return the browsers somebody is signed in with now, the latest seen first."""
    alive = Session.objects.filter(expire_date__gt=at, seen_at__gt=at - _IDLE)
    return alive.filter(user=person).order_by("-seen_at", "mark")
