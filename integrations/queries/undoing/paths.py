"""Which leads and deals a chunk moved, and which of them moved on since.

What a chunk says of the path of one lead, and of its deals, is taken back as a whole
or not at all.
"""

from dataclasses import dataclass, field

from integrations.queries.undoing.scope import Scope

_CHANGES = """
    SELECT id, lead_id, in_force FROM leads_stagechange
    WHERE id > %(first)s AND id <= %(last)s AND entry_id = %(entry)s
        AND NOT is_withdrawal
"""
_LATER_CHANGES = """
    SELECT o.id, o.lead_id, o.cause = 'silence'
    FROM unnest(%(leads)s::bigint[], %(since)s::bigint[]) AS mine(lead, since)
    JOIN leads_stagechange o ON o.lead_id = mine.lead AND o.id > mine.since
        AND o.in_force AND NOT o.is_withdrawal AND o.entry_id <> ALL(%(own)s)
"""
_DEALS = """
    SELECT c.id, c.deal_id, d.lead_id, NOT EXISTS (
        SELECT FROM deals_dealchange b WHERE b.deal_id = c.deal_id AND b.in_force
            AND NOT b.is_withdrawal AND b.id < c.id AND b.entry_id <> c.entry_id)
    FROM deals_dealchange c JOIN deals_deal d ON d.id = c.deal_id
    WHERE c.id > %(first)s AND c.id <= %(last)s AND c.entry_id = %(entry)s
        AND c.in_force AND NOT c.is_withdrawal
"""
_DEALS_BUILT_UPON = """
    SELECT c.deal_id FROM deals_dealchange c
    WHERE c.deal_id = ANY(%(deals)s) AND c.in_force AND NOT c.is_withdrawal
        AND c.entry_id > %(entry)s AND c.entry_id <> ALL(%(own)s)
    UNION SELECT r.deal_id FROM deals_revenueentry r
    WHERE r.deal_id IN (SELECT unnest(%(deals)s::bigint[]))
        AND r.in_force AND NOT r.is_withdrawal
        AND r.entry_id > %(entry)s AND r.entry_id <> ALL(%(own)s)
"""
_MADE = """
    SELECT e.subject_id, l.exclusion FROM ledger_event e
    JOIN leads_lead l ON l.id = e.subject_id
    WHERE e.entry_id = %(entry)s AND e.kind = 'leads.lead.created'
"""
_LEADS_BUILT_UPON = """
    WITH made AS (SELECT unnest(%(leads)s::bigint[]) AS id)
    SELECT m.id FROM made m JOIN leads_touchpoint t ON t.lead_id = m.id
        AND t.in_force AND NOT t.is_withdrawal AND t.entry_id <> ALL(%(own)s)
    UNION SELECT m.id FROM made m JOIN deals_deal d ON d.lead_id = m.id
        AND d.withdrawn_at IS NULL
    UNION SELECT m.id FROM made m JOIN deals_revenueentry r ON r.lead_id = m.id
        AND r.in_force AND NOT r.is_withdrawal
    UNION SELECT m.id FROM made m JOIN leads_attributechange a ON a.subject = 'lead'
        AND a.subject_id = m.id AND a.in_force AND NOT a.is_withdrawal
        AND a.entry_id > %(entry)s AND a.entry_id <> ALL(%(own)s)
    UNION SELECT m.id FROM made m JOIN leads_note n ON n.lead_id = m.id
        AND n.written_at > %(written_at)s AND NOT EXISTS (
            SELECT FROM integrations_loadchange c
            JOIN integrations_loadchunk k ON k.id = c.chunk_id
            WHERE c.subject_type = 'leads.note' AND c.subject_id = n.id
                AND k.load_id = %(load)s)
    UNION SELECT m.id FROM made m JOIN leads_lead l ON l.merged_into_id = m.id
"""
_TOLD_SINCE = """
    SELECT c.subject_id FROM integrations_loadchange c
    JOIN integrations_loadchunk k ON k.id = c.chunk_id
    WHERE c.subject_type = %(subject)s AND c.subject_id = ANY(%(ids)s)
        AND k.load_id <> %(load)s AND k.entry_id > %(entry)s AND k.undone_at IS NULL
    UNION SELECT e.subject_id FROM ledger_event e
    JOIN ledger_entry w ON w.id = e.entry_id
    WHERE e.entry_id > %(entry)s AND e.kind = %(kind)s AND e.subject_type = %(subject)s
        AND e.subject_id IN (SELECT unnest(%(ids)s::bigint[]))
        AND w.cause NOT LIKE 'load:%%' AND w.cause NOT LIKE 'undo:%%'
"""


@dataclass
class Paths:
    """What of a chunk's leads and deals can be taken back.

    ``changes`` and ``deal_changes`` are facts; ``leads`` and ``deals`` records that
    the chunk made; ``moved_leads`` and ``kept_deals`` count for the answer.
    ``kept``: leads as a whole that something later stands on.
    """

    changes: list[int] = field(default_factory=list)
    deal_changes: list[int] = field(default_factory=list)
    leads: set[int] = field(default_factory=set)
    deals: set[int] = field(default_factory=set)
    kept_leads: set[int] = field(default_factory=set)
    kept_deals: set[int] = field(default_factory=set)
    kept_changes: int = 0
    lone_changes: int = 0


def told_since(scope: Scope, subject: str, kind: str, ids: set[int]) -> set[int]:
    """Return those of these records that others have told something new of since."""
    if not ids:
        return set()
    rows = scope.rows(_TOLD_SINCE, subject=subject, kind=kind, ids=sorted(ids))
    return {pk for (pk,) in rows}


def paths_of(scope: Scope) -> Paths:
    """Return which facts and records of leads and deals can be taken back."""
    changes = scope.rows(_CHANGES, "leads_stagechange")
    deals = scope.rows(_DEALS, "deals_dealchange")
    made = dict(scope.rows(_MADE))
    later = _later(scope, changes)
    kept = {lead for _, lead, silent in later if not silent}
    kept |= _built_upon(scope, set(made))
    kept |= {pk for pk, exclusion in made.items() if exclusion == "merged"}
    stuck = _stuck_deals(scope, {deal for _, deal, _, _ in deals})
    kept |= {lead for _, deal, lead, _ in deals if deal in stuck}
    return _sort(changes, deals, set(made), later, kept)


def _later(
    scope: Scope, changes: list[tuple[int, int, bool]]
) -> list[tuple[int, int, bool]]:
    """Return later changes of others: id, lead, and whether silence made it."""
    since: dict[int, int] = {}
    for pk, lead, _ in changes:
        since[lead] = min(pk, since.get(lead, pk))
    if not since:
        return []
    moments = list(since.values())
    return scope.rows(_LATER_CHANGES, leads=list(since), since=moments)


def _built_upon(scope: Scope, made: set[int]) -> set[int]:
    if not made:
        return set()
    rows = scope.rows(_LEADS_BUILT_UPON, leads=sorted(made))
    told = told_since(scope, "leads.lead", "leads.lead.changed", made)
    return told | {pk for (pk,) in rows}


def _stuck_deals(scope: Scope, deals: set[int]) -> set[int]:
    if not deals:
        return set()
    rows = scope.rows(_DEALS_BUILT_UPON, deals=sorted(deals))
    return {pk for (pk,) in rows}


def _sort(
    changes: list[tuple[int, int, bool]],
    deals: list[tuple[int, int, int, bool]],
    made: set[int],
    later: list[tuple[int, int, bool]],
    kept: set[int],
) -> Paths:
    found = Paths()
    in_force = [(pk, lead) for pk, lead, counts in changes if counts]
    found.changes = [pk for pk, lead in in_force if lead not in kept]
    found.changes += [pk for pk, lead, silent in later if silent and lead not in kept]
    found.leads, found.kept_leads = made - kept, made & kept
    with_deals = {lead for _, _, lead, _ in deals}
    alone = [lead for _, lead in in_force if lead not in made]
    alone = [lead for lead in alone if lead not in with_deals]
    found.lone_changes = sum(lead not in kept for lead in alone)
    found.kept_changes = len(alone) - found.lone_changes
    found.deal_changes = [pk for pk, _, lead, _ in deals if lead not in kept]
    found.deals = {deal for _, deal, lead, new in deals if new and lead not in kept}
    found.kept_deals = {deal for _, deal, lead, _ in deals if lead in kept}
    return found
