"""Put notices into inboxes and e-mails, in the working hours of those who read them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count, Max

from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.jobs.actions import jobs
from foundation.kernel.periods import DAY, day_of, start_of
from foundation.ledger import actions as ledger
from foundation.notifications.domain import flood, registry
from foundation.notifications.domain.flood import Lately
from foundation.notifications.enums import How, MailForm
from foundation.notifications.models import Mailing, Notice
from foundation.notifications.queries import notices as queries
from foundation.notifications.queries import preferences

BATCH = 2_000
READERS = 200
MAIL = "notifications.mail"
_LOCK = 4_207_020


class _NothingDue(Exception):
    """Ends an entry that would be empty."""


def deliver(*, at: datetime, limit: int = BATCH, by_mail: bool = True) -> int:
    """Put into inboxes what waited for working hours; return how many that were.

    That somebody was told is recorded in the ledger, so nobody need take the other's
    word for it, and open pages show it at once. How it goes out by e-mail is decided
    by what its reader wants at this moment.

    Args:
        at: now.
        limit: the most notices in one transaction.
        by_mail: False keeps them to the inbox.
    """
    if not queries.to_deliver(at).exists():
        return 0
    try:
        with ledger.entry(by=None, at=at, cause="notices") as entry:
            return _deliver(entry, limit, by_mail=by_mail)
    except _NothingDue:
        return 0


def _deliver(entry: ledger.Writer, limit: int, *, by_mail: bool) -> int:
    rows = queries.to_deliver(entry.at).order_by("pk")
    found = list(rows.select_for_update(skip_locked=True)[:limit])
    if not found:
        raise _NothingDue
    readers = {row.recipient_id for row in found}
    chosen = preferences.chosen(readers)
    mornings = _next_mornings(readers, entry.at)
    when = {How.AT_ONCE: dict.fromkeys(readers, entry.at), How.DAILY: mornings}
    for row in found:
        row.delivered_at = entry.at
        wanted = chosen.get((row.recipient_id, row.kind), preferences.usual(row.kind))
        row.mail = wanted if by_mail else How.NOT
        row.mail_at = when.get(How(row.mail), {}).get(row.recipient_id)
    Notice.objects.bulk_update(found, ["delivered_at", "mail", "mail_at"])
    entry.record_many(
        "notifications.notice.delivered",
        (
            (
                ("notifications.notice", row.pk),
                {"person": row.recipient_id, "kind": row.kind},
            )
            for row in found
        ),
    )
    return len(found)


def _next_mornings(people: Iterable[int], at: datetime) -> dict[int, datetime]:
    """Return when each person begins to work on the next day on which they do."""
    usual = workspace.current().time_zone
    zones = User.objects.filter(pk__in=people).values_list("pk", "time_zone")
    tomorrow = {pk: _tomorrow(at, ZoneInfo(zone or usual)) for pk, zone in zones}
    return dict(registry.openings(tomorrow))


def _tomorrow(at: datetime, zone: ZoneInfo) -> datetime:
    return start_of(day_of(at, zone) + DAY, zone)


def compose(*, at: datetime) -> int:
    """Put notices that are due by e-mail into mails; return how many were looked at.

    What was read meanwhile needs no mail; what is due while its reader is off waits for
    the next opening; a flood becomes one mail (`flood.plan`). Each mail is a durable
    job of the same transaction. One process at a time composes, so that of one person's
    notices nobody makes mails behind another's back.
    """
    with transaction.atomic():
        if not _turn():
            return 0
        due = queries.to_mail(at)
        readers = list(due.values_list("recipient", flat=True).distinct()[:READERS])
        rows = list(due.filter(recipient__in=readers).order_by("recipient", "pk"))
        if rows:
            _compose(rows, readers, at)
        return len(rows)


def _turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _compose(rows: Sequence[Notice], readers: Sequence[int], at: datetime) -> None:
    opens = registry.openings(dict.fromkeys(readers, at))
    lately = _lately(readers, at)
    by_reader: dict[int, list[Notice]] = defaultdict(list)
    for row in rows:
        by_reader[row.recipient_id].append(row)
    mails = [
        mail
        for reader, theirs in by_reader.items()
        for mail in _mails(theirs, opens[reader], lately.get(reader, Lately()), at)
    ]
    made = Mailing.objects.bulk_create(
        Mailing(recipient_id=notices[0].recipient_id, form=form, created_at=at)
        for form, notices in mails
    )
    for mailing, (_form, notices) in zip(made, mails, strict=True):
        for row in notices:
            row.mail_at, row.mailing = None, mailing
    Notice.objects.bulk_update(rows, ["mail_at", "mailing"], batch_size=BATCH)
    jobs.enqueue_many(MAIL, [{"mailing": mailing.pk} for mailing in made], at=at)


def _mails(
    rows: Sequence[Notice], opens: datetime, lately: Lately, at: datetime
) -> list[tuple[MailForm, list[Notice]]]:
    """Return one reader's mails; what goes in none of them waits, or needs none."""
    for row in rows:
        row.mail_at = opens if opens > at and row.read_at is None else None
    if opens > at:
        return []
    unread = {row.pk: row for row in rows if row.read_at is None}
    daily = [row for row in unread.values() if row.mail == How.DAILY]
    plan = flood.plan([pk for pk in unread if unread[pk].mail == How.AT_ONCE], lately)
    mails = [(MailForm.ONE, [unread[pk]]) for pk in plan.single]
    if plan.together:
        mails.append((MailForm.MANY, [unread[pk] for pk in plan.together]))
    if daily:
        mails.append((MailForm.DAILY, daily))
    if plan.later is not None:
        for row in unread.values():
            row.mail_at = plan.later if row.mail == How.AT_ONCE else None
    return mails


def _lately(readers: Sequence[int], at: datetime) -> dict[int, Lately]:
    """Return what each reader got at once within the last hour. One statement."""
    recent = Mailing.objects.filter(
        recipient__in=readers, created_at__gt=at - flood.SPAN
    )
    rows = recent.exclude(form=MailForm.DAILY).values("recipient")
    found = rows.annotate(n=Count("notices"), last=Max("created_at")).order_by()
    return {row["recipient"]: Lately(row["n"], row["last"]) for row in found}
