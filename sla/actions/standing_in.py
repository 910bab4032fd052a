"""Pass the clocks of people on vacation to whoever stands in, and back again.

Who has whose clocks follows from the vacations alone and is compared with what is
noted on the person, so a worker that comes late, twice, or after one that was killed
does what is left to do and nothing else.
"""

from datetime import datetime, timedelta

from django.db import connection

from foundation.accounts.actions import vacations
from foundation.accounts.queries import vacations as queries
from foundation.jobs.actions import jobs
from foundation.ledger import actions as ledger
from sla.actions import assessing
from sla.queries import facts

AGAIN = "sla.stand_ins_again"
LATER = timedelta(minutes=1)
"""By then no transaction goes on that had read who stands in before it changed."""

_OPEN = """
    SELECT id FROM leads_lead l WHERE owner_id = %s AND EXISTS (
        SELECT FROM sla_clock c JOIN accounts_user o ON o.id = l.owner_id
        WHERE c.lead_id = l.id AND c.state IN ('running', 'paused') AND NOT c.history
            AND c.owner_id IS DISTINCT FROM coalesce(o.stood_in_by_id, o.id))
"""
_LOCK = f"{_OPEN} ORDER BY id FOR NO KEY UPDATE"
_ANY = f"SELECT EXISTS ({_OPEN})"


class _Settled(Exception):
    """Ends an entry that would be empty: another worker was first."""


def settle(*, at: datetime) -> int:
    """Bring all clocks to whoever has them now; return for how many people.

    Each person is a transaction with its ledger entry: the note on the person and the
    hand-over of every open clock stand or fall together. The hand-over is dated now,
    as only now somebody else knows of it; a clock past its time stays where it broke.
    """
    return sum(_pass_on(person, at=at) for person in queries.unsettled(at=at))


def settle_again(person: int, *, at: datetime) -> None:
    """Pass on the clocks of leads that somebody gave to the person at that moment."""
    with connection.cursor() as cursor:
        cursor.execute(_ANY, [person])
        (found,) = cursor.fetchone()
    if found:
        with ledger.entry(by=None, at=at, cause="vacation"):
            _hand_over(person, at=at)


def _pass_on(person: int, *, at: datetime) -> bool:
    """Note who stands in for somebody and hand over; not if another worker did."""
    try:
        with ledger.entry(by=None, at=at, cause="vacation") as entry:
            other = queries.stand_ins(at=at).get(person)
            _require(vacations.stand_in(person, other, at=at))
            entry.topics.add("sla")
            _hand_over(person, at=at)
            jobs.enqueue(AGAIN, {"person": person}, at=at + LATER)
    except _Settled:
        return False
    return True


def _require(changed: bool) -> None:  # noqa: FBT001 -- what an update tells
    if not changed:
        raise _Settled


def _hand_over(person: int, *, at: datetime) -> None:
    """Judge the person's leads that somebody else has open clocks of, locked."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [person])
        lead_ids = [pk for (pk,) in cursor.fetchall()]
    if lead_ids:
        assessing.assess(facts.of_clocks(lead_ids), at=at)
