"""The signers choose which open clocks count in hours drawn up since; a worker does it.

Without their choice nothing changes: a calendar holds for clocks that start later.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Function
from foundation.accounts.models import User
from foundation.documents.rules import capacities
from foundation.jobs.actions import jobs
from foundation.kernel.errors import DomainError, Forbidden
from foundation.ledger import actions as ledger
from sla.actions import assessing, writing
from sla.domain import timing
from sla.domain.clocks import Clock, Found, work_out
from sla.domain.recounting import in_other_hours
from sla.models import Calendar, Recount
from sla.queries import facts, terms
from sla.queries import recounts as queries

KIND = "sla.recount"
BATCH = 1_000
_SIGNED_IN = {Function.SALES: "sales_by", Function.MARKETING: "marketing_by"}
_LOCK = "SELECT id FROM leads_lead WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


class NotASigner(Forbidden):
    """Only who signs for sales or marketing chooses."""

    code = "not_a_signer"


class NothingToCountAnew(DomainError):
    """None of these clocks is open and counts in other hours."""

    code = "nothing_to_count_anew"


class NotOpen(DomainError):
    """It was agreed, or taken back, already."""

    code = "recount_not_open"


def propose(
    calendar: Calendar, chosen: Collection[int] | None, *, by: User, at: datetime
) -> Recount:
    """Propose which open clocks are to count in a version's hours from their start.

    It happens once both functions agree; who signs for both agrees at once. Another
    proposal for the version takes the place of one that waits.

    Args:
        calendar: the version, in force or to come.
        chosen: clocks; None for all that are open when it happens.
        by: who signs for sales or marketing.
        at: now.

    Raises:
        NotASigner: ``by`` signs for neither.
        NothingToCountAnew: none of the clocks is concerned.
    """
    signs = _functions(by)
    found = queries.to_count_anew(calendar, at=max(at, calendar.effective_at))
    if chosen is not None:
        found = found.filter(pk__in=chosen)
    ids = sorted(found.values_list("pk", flat=True)) if chosen is not None else None
    if not (found.exists() if ids is None else ids):
        raise NothingToCountAnew(_("None of these clocks counts in other hours."))
    with ledger.entry(by=by, at=at, cause="recount") as entry:
        Calendar.objects.select_for_update().get(pk=calendar.pk)
        _withdraw(calendar, at=at)
        row = Recount.objects.create(
            calendar=calendar, chosen=ids, proposed_at=at, entry_id=entry.pk
        )
        _record(entry, "proposed", row)
        _sign(row, signs, by=by, at=at)
    row.refresh_from_db()
    return row


def agree(recount: Recount, *, by: User, at: datetime) -> None:
    """Agree for one's own function; the second one starts the work. Safe to repeat.

    Raises:
        NotASigner: ``by`` signs for neither.
        NotOpen: another proposal took its place.
    """
    signs = _functions(by)
    with ledger.entry(by=by, at=at, cause="recount"):
        row = Recount.objects.select_for_update(of=("self",)).get(pk=recount.pk)
        if row.withdrawn_at is not None:
            raise NotOpen(_("Something else was proposed since."))
        if row.agreed_at is None:
            _sign(row, signs, by=by, at=at)


def withdraw(recount: Recount, *, by: User, at: datetime) -> None:
    """Take a proposal back, whichever side made it. Safe to repeat.

    Raises:
        NotASigner: ``by`` signs for neither.
        NotOpen: it was agreed.
    """
    _functions(by)
    with ledger.entry(by=by, at=at, cause="recount") as entry:
        row = Recount.objects.select_for_update(of=("self",)).get(pk=recount.pk)
        if row.agreed_at is not None:
            raise NotOpen(_("Both sides have agreed already."))
        if _withdraw(row.calendar, at=at):
            _record(entry, "withdrawn", row)


def _functions(by: User) -> Sequence[Function]:
    found = [*capacities(by)]
    if not found:
        raise NotASigner(_("Only who signs for sales or marketing chooses this."))
    return found


def _sign(row: Recount, signs: Sequence[Function], *, by: User, at: datetime) -> None:
    for function in signs:
        if getattr(row, f"{_SIGNED_IN[function]}_id") is None:
            setattr(row, _SIGNED_IN[function], by)
    if row.sales_by_id is not None and row.marketing_by_id is not None:
        row.agreed_at = at
        due_at = max(at, row.calendar.effective_at)
        row.job = jobs.enqueue(KIND, {"recount": row.pk}, at=due_at, by=by)
        _record(ledger.current(), "agreed", row)
    row.save(update_fields=["sales_by", "marketing_by", "agreed_at", "job"])


def _withdraw(calendar: Calendar, *, at: datetime) -> int:
    rows = Recount.objects.filter(
        calendar=calendar, agreed_at__isnull=True, withdrawn_at__isnull=True
    )
    return rows.update(withdrawn_at=at)


def _record(entry: ledger.Writer, word: str, row: Recount) -> None:
    chosen = None if row.chosen is None else len(row.chosen)
    entry.record(
        f"sla.recount.{word}",
        subject=("sla.recount", row.pk),
        data={"calendar": row.calendar_id, "clocks": chosen},
    )


@dataclass(frozen=True)
class _Frame:
    """What a batch counts by."""

    recount: Recount
    calendar: int
    owners: Collection[int | None]
    at: datetime


def do_batch(recount: Recount, *, after: int, at: datetime) -> int:
    """Count the next clocks anew and return the last one's id; 0 at the end.

    A transaction with its ledger entry. Clocks that ended, went past their time or
    count in these hours already are left alone, so repeating it does nothing.
    """
    found = queries.to_count_anew(recount.calendar, at=at).filter(pk__gt=after)
    if recount.chosen is not None:
        found = found.filter(pk__in=recount.chosen)
    rows = list(found.order_by("pk").values_list("pk", "lead_id")[:BATCH])
    if not rows:
        return 0
    with ledger.entry(by=None, at=at, cause="recount") as entry:
        hours = queries.hours_of(recount.calendar, at=at)
        owners = queries.owners_of(recount.calendar, at=at)
        frame = _Frame(recount, hours.pk, owners, at)
        clocks = _count(frame, {pk for pk, _ in rows}, {lead for _, lead in rows})
        writing.update(clocks, entry)
        entry.record_many("sla.clock.recounted", map(_told, clocks))
        more = Recount.objects.filter(pk=recount.pk)
        more.update(counted=F("counted") + len(clocks))
    return rows[-1][0]


def finish(recount: Recount, *, at: datetime) -> None:
    """Note that the work is done."""
    Recount.objects.filter(pk=recount.pk).update(done_at=at)


def _count(frame: _Frame, ids: set[int], lead_ids: set[int]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted(lead_ids)])
    rounds = facts.passages(facts.of_clocks(lead_ids))
    return list(_counted(frame, ids, assessing.told(rounds)))


def _counted(frame: _Frame, ids: set[int], told: assessing.Told) -> Iterator[Found]:
    """Give the clocks as they are to be stored; what has ended meanwhile is left."""
    agreed, now = terms.current(), timing.to_moment(frame.at)
    for passage, kind, stored in told:
        if stored is None or stored.clock.id not in ids:
            continue
        if _has_ended(stored.clock, now):
            continue
        other, added = in_other_hours(stored, frame.calendar, frame.owners)
        found = work_out(passage, kind, other, agreed, now)
        if found is not None:
            yield found._replace(segments=[*added, *found.segments])


def _has_ended(clock: Clock, now: int) -> bool:
    return clock.state not in {"running", "paused"} or clock.breach_at < now


def _told(found: Found) -> tuple[tuple[str, int], ledger.Payload]:
    clock = found.clock
    return ("sla.clock", clock.id), {
        "lead": clock.lead,
        "kind": clock.kind,
        "round": clock.round,
    }
