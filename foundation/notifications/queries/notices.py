"""Notices: whose turn it is, and a person's inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from foundation.accounts.models import User
from foundation.ledger.models import Consumer, Entry
from foundation.notifications.domain.registry import KINDS, About, Words
from foundation.notifications.models import Notice

CONSUMER = "notices"
SHOWN = 30
COUNTED = 100
"""An inbox with more unread notices than one less says "99+"."""


def is_behind() -> bool:
    """Tell whether the ledger has entries that are not yet told. One statement."""
    seen = Consumer.objects.filter(name=CONSUMER, position__gte=OuterRef("position"))
    last = Entry.objects.filter(position__isnull=False).order_by("-position")[:1]
    newest = Entry.objects.filter(pk__in=last.values("pk"))
    return newest.filter(~Exists(seen)).exists()


def to_deliver(at: datetime) -> QuerySet[Notice]:
    """Return what waits for its reader's working hours and has reached them."""
    return Notice.objects.filter(delivered_at__isnull=True, deliver_at__lte=at)


def to_mail(at: datetime) -> QuerySet[Notice]:
    """Return what is to be looked at for e-mail by now."""
    return Notice.objects.filter(mail_at__lte=at)


def is_work_due() -> bool:
    """Tell whether there is anything to tell, deliver or e-mail by now."""
    at = now()
    return is_behind() or to_deliver(at).exists() or to_mail(at).exists()


def now() -> datetime:
    """Return the database's time, which is the same for all workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def inbox_of(person: User) -> QuerySet[Notice]:
    """Return everything somebody was told, the latest first."""
    rows = Notice.objects.filter(recipient=person, delivered_at__isnull=False)
    return rows.order_by("-delivered_at", "-pk")


def unread_count(person: User) -> int:
    """Return how many notices somebody has not read, `COUNTED` at most."""
    unread = inbox_of(person).filter(read_at__isnull=True).order_by()
    return unread[:COUNTED].count()


@dataclass(frozen=True)
class Said:
    """A notice in words, in the language and time zone in use."""

    notice: Notice
    words: Words


def in_words(notices: Sequence[Notice]) -> list[Said]:
    """Put notices into words, in their order, with as many statements as for one each.

    Those whose kind or subject is not there any more are left out.
    """
    found: dict[int, Words] = {}
    for name, kind in KINDS.items():
        rows = [_about(row) for row in notices if row.kind == name]
        if rows:
            found |= kind.read(rows)
    return [Said(row, found[row.pk]) for row in notices if row.pk in found]


def _about(row: Notice) -> About:
    return About(row.pk, row.subject_id, row.data, row.happened_at)


def page_of(person: User, *, before: int | None = None, unread: bool = False) -> "Page":
    """Return one page of an inbox, from the notice after ``before`` on.

    Args:
        person: whose inbox.
        before: id of the last notice of the page before.
        unread: only what was not read.
    """
    rows = inbox_of(person)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    last = (
        Notice.objects.filter(recipient=person, pk=before).first() if before else None
    )
    if last is not None:
        rows = rows.filter(delivered_at__lte=last.delivered_at).exclude(
            delivered_at=last.delivered_at, pk__gte=last.pk
        )
    found = list(rows[: SHOWN + 1])
    more = found[SHOWN - 1].pk if len(found) > SHOWN else None
    return Page(in_words(found[:SHOWN]), more)


@dataclass(frozen=True)
class Page:
    """Notices in words; ``more`` is the id after which older ones follow, if any do."""

    said: list[Said]
    more: int | None
