"""What people of the example company were told lately, read and unread."""

from datetime import datetime, timedelta

from foundation.accounts.queries import people
from foundation.kernel.periods import DAY
from foundation.notifications.actions import delivering, following, reading
from foundation.notifications.domain import registry
from foundation.notifications.queries.notices import inbox_of
from sla.actions import escalating, excuses
from sla.enums import ExceptionReason
from sla.models import Clock

_HOUR = timedelta(hours=1)


def tell(*, since: int, at: datetime) -> None:
    """Fill inboxes with what the ledger holds above a position, by e-mail nothing.

    It is told when everybody was last at work, so that inboxes are full on the first
    day, whatever its hour. What is more than a day old was read.
    """
    following.begin_after(since)
    at_work = _last_at_work(at)
    _propose(at_work)
    _follow(at_work)
    while escalating.escalate(at=at_work):
        pass
    _follow(at_work)
    while delivering.deliver(at=at_work, by_mail=False):
        pass
    _follow(at_work)  # that it was delivered concerns nobody
    for person in people.active():
        for notice in inbox_of(person).filter(happened_at__lt=at_work - DAY):
            reading.read(notice, by=person, at=at_work)


def _propose(at: datetime) -> None:
    """Have marketing's head asked about the case that went past its time last."""
    late = Clock.objects.filter(
        breach__quiet=False, breach_at__lt=at, owner__isnull=False, history=False
    ).select_related("owner")
    clock = late.order_by("-breach_at").first()
    if clock is not None and clock.owner is not None:
        excuses.propose(clock, ExceptionReason.OUTAGE, by=clock.owner, at=at)


def _follow(at: datetime) -> None:
    while following.follow(at=at):
        pass


def _last_at_work(at: datetime) -> datetime:
    everybody = people.active().values_list("pk", flat=True)
    while any(
        opens > at for opens in registry.openings(dict.fromkeys(everybody, at)).values()
    ):
        at -= _HOUR
    return at
