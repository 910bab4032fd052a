"""Compute clocks that run anew under an agreement, where its signers chose so.

A clock otherwise keeps the clause under which it began. Who signs may choose, in the
text, that clocks which run as it takes effect count by its clauses from their own
start; a worker does so batch by batch, and the ledger says how many there were.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from foundation.ledger import actions as ledger
from sla.actions import writing
from sla.domain import timing
from sla.domain.anew import clause_for, under
from sla.domain.clocks import Found
from sla.models import Agreement
from sla.queries import agreement as queries
from sla.queries import judged, terms

BATCH = 1_000
_NEXT = """
    SELECT k.id, k.lead_id FROM sla_clock k JOIN sla_clause c ON c.id = k.clause_id
    WHERE k.state IN ('running', 'paused') AND NOT k.history AND k.id > %s
        AND c.agreement_id <> %s AND k.started_at < %s
    ORDER BY k.id LIMIT %s
"""
_LOCK = """
    SELECT id FROM leads_lead WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""


def recompute(agreement: Agreement, after: int, *, at: datetime) -> int:
    """Compute the next batch anew; return the last clock looked at, 0 at the end.

    Only clocks that began before the agreement and run are concerned; one that its
    clauses say nothing of stays as it is. Repeating a batch changes nothing. Once
    another agreement holds, nothing is left to do.

    Args:
        agreement: whose signers chose so; in force.
        after: the last clock of the batch before; 0 to begin.
        at: now.
    """
    holding = queries.in_force(at=at)
    if holding is None or holding.pk != agreement.pk:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [after, agreement.pk, agreement.effective_at, BATCH])
        found = cursor.fetchall()
    if not found:
        return 0
    with ledger.entry(by=None, at=at, cause="agreement") as entry:
        leads = sorted({lead for _, lead in found})
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [leads])
        changed = list(_anew(agreement, leads, {pk for pk, _ in found}, at))
        writing.update(changed, entry)
        entry.record(
            "sla.clocks.recomputed",
            subject=("sla.agreement", agreement.pk),
            data={"version": agreement.version, "clocks": len(changed)},
        )
    last: int = found[-1][0]
    return last


def _anew(
    agreement: Agreement, leads: list[int], chosen: set[int], at: datetime
) -> Iterator[Found]:
    """Work the clocks out by the clauses that the agreement has for them."""
    agreed, now = terms.current(), timing.to_moment(at)
    since = timing.to_moment(agreement.effective_at)
    for passage, stored in judged.of_leads(leads):
        clock = stored.clock
        if clock.id not in chosen or clock.state not in {"running", "paused"}:
            continue
        clause = clause_for(passage, clock.kind, agreed, since)
        if clause is not None and clause.id != clock.clause:
            yield under(passage, stored, clause, agreed, now)
