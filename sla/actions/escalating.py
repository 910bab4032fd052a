"""The ladder after a breach: owner, head, leadership, as the agreement says.

Steps are rows that a breach leaves behind, each once for a clock; they are settled in
batches, each a transaction with its ledger entry, so that several workers may do it and
any of them may die at any moment. Who hears of a step follows from its event.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from foundation.ledger import actions as ledger
from sla.domain import business_time
from sla.domain.ladder import Step
from sla.enums import ClockState
from sla.models import Clock, Escalation
from sla.queries import escalation as queries

BATCH = 2_000


class _NothingDue(Exception):
    """Ends an entry that would be empty."""


def prepare(clock_ids: Sequence[int]) -> None:
    """Write the steps of clocks that were breached, each when it is due.

    Delays are business time in the hours in which the clock ran. Doing it again
    changes nothing.
    """
    Escalation.objects.bulk_create(
        (
            Escalation(clock=clock, to=step.to, due_at=_due(clock, step))
            for clock in queries.breached(clock_ids)
            for step in queries.steps_of(clock.clause.agreement)
        ),
        ignore_conflicts=True,
        batch_size=BATCH,
    )


def _due(clock: Clock, step: Step) -> datetime:
    seconds = int(timedelta(minutes=step.minutes).total_seconds())
    hours = clock.calendar.hours
    return business_time.due(hours, clock.breach_at, seconds) or clock.breach_at


def escalate(*, at: datetime, limit: int = BATCH) -> int:
    """Settle one batch of steps that are due; return how many it was, 0 at the end.

    One whose promise was kept meanwhile, cancelled or excepted by both sides is settled
    without a word.

    Args:
        at: now.
        limit: the most steps in one transaction.
    """
    if not queries.due(at=at).exists():
        return 0
    try:
        with ledger.entry(by=None, at=at, cause="sla.escalate") as entry:
            return _settle(entry, limit)
    except _NothingDue:
        return 0


def _settle(entry: ledger.Writer, limit: int) -> int:
    rows = queries.due(at=entry.at).order_by("due_at", "pk").select_related("clock")
    found = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
    if not found:
        raise _NothingDue
    told = [row for row in found if _is_open(row.clock)]
    ids = [row.pk for row in found]
    Escalation.objects.filter(pk__in=ids).update(settled_at=entry.at)
    Escalation.objects.filter(pk__in=[row.pk for row in told]).update(entry_id=entry.pk)
    entry.topics.add("sla")
    entry.record_many(
        "sla.clock.escalated",
        (
            (
                ("sla.clock", row.clock_id),
                {"lead": row.clock.lead_id, "kind": row.clock.kind, "to": row.to},
            )
            for row in told
        ),
    )
    return len(found)


def _is_open(clock: Clock) -> bool:
    waited_for = clock.waiting and clock.state == ClockState.BREACHED
    return waited_for and not clock.excepted and not clock.history
