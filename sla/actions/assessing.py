"""Judge the clocks of any number of leads by their facts, and store what changed.

Whatever happens to a lead, its clocks are worked out anew from everything that is
known, so the order in which facts arrive, and telling them twice, make no difference.
Whoever calls this holds the leads' rows locked, so that a lead is judged by one at a
time.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection

from foundation.ledger import actions as ledger
from leads.domain.sets import Rows
from leads.models import StageChange
from sla.actions import judging_history, writing
from sla.domain import timing
from sla.domain.clocks import Found, Stored, work_out
from sla.domain.passages import Passage
from sla.domain.terms import Moment
from sla.enums import LEAD_CLOCKS
from sla.queries import facts, terms
from sla.queries.facts import Keys

MANY = 5_000
"""Sets of fewer changes are not worth the statements that judge history in sets."""

_KINDS = [kind.value for kind in LEAD_CLOCKS]

type Told = Sequence[tuple[Passage, str, Stored | None]]
"""Passages and kinds of promises, each with the clock that is stored, if one is."""


_LOCK_TOUCHED = """
    SELECT id FROM leads_lead WHERE id IN (
        SELECT t.lead_id FROM leads_touchpoint t
        JOIN sla_clock c ON c.lead_id = t.lead_id AND c.kind = 'first_response'
        WHERE t.id BETWEEN %s AND %s AND t.entry_id = %s AND (
            t.is_withdrawal
            OR t.team = 'sales' AND t.direction = 'outbound' AND NOT t.automatic
                AND (c.done_at IS NULL OR t.occurred_at <= c.done_at)))
    ORDER BY id FOR NO KEY UPDATE
"""


def lock_touched(rows: Rows) -> list[int]:
    """Lock the leads on whose clocks a set of touches bears, and return them.

    A touch bears on a first response that is open or, as it counts when it happened,
    one that came later; a withdrawal on every one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_TOUCHED, [rows.first, rows.last, rows.entry])
        return [pk for (pk,) in cursor.fetchall()]


def assess_rounds(
    rows: Rows, *, at: datetime, changes: Sequence[StageChange] = ()
) -> None:
    """Judge the clocks of the rounds in which a set of stage changes falls.

    As `assess`; what a large set tells of history is judged in the database. Where all
    ``changes`` are those of new leads, nothing is read.
    """
    if rows.last - rows.first >= MANY:
        judged, others = judging_history.judge(rows, at=at)
        assess(others, at=at, judged=judged)
    elif changes:
        _assess(facts.passages_of_new(changes), at=at)
    else:
        assess(facts.of_changes(rows), at=at)


def assess(keys: Keys | None, *, at: datetime, judged: int = 0) -> None:
    """Judge the clocks of leads and rounds; start those that their MQL calls for.

    Joins the open ledger entry. Repeating it changes nothing. The number of statements
    depends on what kinds of facts there are, not on how many.

    Args:
        keys: which leads and rounds, if any; the caller holds the leads' rows locked.
        at: now.
        judged: how many new clocks of history were stored already, beside these.
    """
    _assess(facts.passages(keys) if keys else [], at=at, judged=judged)


def _assess(passages: Sequence[Passage], *, at: datetime, judged: int = 0) -> None:
    found = [p for p in passages if p.mql or p.lead.has_clock]
    changed = list(_work_out(found, timing.to_moment(at))) if found else []
    new = [item for item in changed if not item.clock.id]
    entry = ledger.current()
    writing.insert(new, entry)
    writing.record_history(judged + sum(item.clock.history for item in new), entry)
    writing.update([item for item in changed if item.clock.id], entry)


def _work_out(found: Sequence[Passage], now: Moment) -> Iterator[Found]:
    known = told(found)
    agreed = terms.current()
    for passage, kind, clock in known:
        if (item := work_out(passage, kind, clock, agreed, now)) is not None:
            yield item


def told(found: Sequence[Passage]) -> Told:
    """Give each passage, read with its touches, and kind of promise with its clock.

    The caller holds the leads' rows locked.
    """
    stored = _stored(found)
    return [
        (passage, kind, stored.get((passage.lead.lead, passage.lead.round, kind)))
        for passage in found
        for kind in _KINDS
    ]


def _stored(found: Sequence[Passage]) -> dict[tuple[int, int, str], Stored]:
    """Read the touches into the passages, and return what is stored of the clocks."""
    touches = facts.touches({p.lead.lead for p in found if p.lead.has_touch})
    for passage in found:
        passage.touches = touches.get(passage.lead.lead, ())
    clocks = facts.clocks({p.lead.lead for p in found if p.lead.has_clock})
    segments, pauses = facts.segments(clocks.values()), facts.pauses(clocks.values())
    return {
        key: Stored(clock, segments[clock.id], pauses[clock.id])
        for key, clock in clocks.items()
    }
