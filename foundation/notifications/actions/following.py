"""Follow the ledger: who is told of what happened. See docs/decisions/notices.md."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from foundation.ledger.models import Consumer, Entry
from foundation.notifications.domain import registry
from foundation.notifications.domain.registry import Happened, Telling
from foundation.notifications.models import Notice
from foundation.notifications.queries.notices import CONSUMER

ENTRIES = 20
"""So many entries at a time; one may hold thousands of events."""


def follow(*, at: datetime, limit: int = ENTRIES) -> int:
    """Write the notices for the next entries of the ledger; return how many they were.

    Notices and the reader's position commit together, and nobody can have two of one
    kind and cause: however often this dies or is done again, nobody is told twice and
    nothing is left out. Each waits for the working hours of its recipient. People who
    cannot sign in are told nothing.

    Args:
        at: now.
        limit: the most entries.
    """
    return ledger.consume(
        CONSUMER, lambda entries: tell(_happened(entries), at=at), limit=limit
    )


def tell(happened: Iterator[Happened], *, at: datetime) -> None:
    """Write the notices that follow from events."""
    tellings = registry.tell(list(happened))
    active = _active({telling.recipient for telling in tellings})
    tellings = [telling for telling in tellings if telling.recipient in active]
    opens = registry.openings(dict.fromkeys(active, at))
    Notice.objects.bulk_create(
        (_notice(telling, at, opens[telling.recipient]) for telling in tellings),
        ignore_conflicts=True,
        batch_size=2_000,
    )


def begin_after(position: int) -> None:
    """Have nobody told of what the ledger holds up to a position."""
    Consumer.objects.get_or_create(name=CONSUMER)
    behind = Consumer.objects.filter(name=CONSUMER, position__lt=position)
    behind.update(position=position)


def _active(people: set[int]) -> set[int]:
    if not people:
        return set()
    rows = User.objects.filter(pk__in=people, is_active=True)
    return set(rows.values_list("pk", flat=True))


def _happened(entries: Sequence[Entry]) -> Iterator[Happened]:
    for entry in entries:
        for event in entry.events.all():
            if registry.matters(event.kind):
                yield Happened(
                    event.pk,
                    event.kind,
                    event.subject_id,
                    event.payload,
                    entry.actor_id,
                    entry.written_at,
                    entry.cause,
                    entry.pk,
                )


def _notice(telling: Telling, at: datetime, opens: datetime) -> Notice:
    return Notice(
        recipient_id=telling.recipient,
        kind=telling.kind,
        cause=telling.cause,
        subject_type=telling.subject[0],
        subject_id=telling.subject[1],
        data=dict(telling.data),
        happened_at=telling.at,
        told_at=at,
        deliver_at=opens,
    )
