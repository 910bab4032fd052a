"""Which touches, spend and revenue of a chunk can be taken back."""

from dataclasses import dataclass, field

from integrations.queries.undoing.scope import Scope

_FACTS = """
    SELECT f.id, f.in_force, f.is_withdrawal, f.corrects_id IS NOT NULL, k.id,
        coalesce(k.entry_id = ANY(%(own)s), false)
    FROM {table} f LEFT JOIN {table} k
        ON k.corrects_id = f.id AND k.in_force AND NOT f.in_force
    WHERE f.id > %(first)s AND f.id <= %(last)s AND f.entry_id = %(entry)s
"""
_TAKEN = """
    SELECT w.id, t.id FROM leads_touchpoint w JOIN leads_touchpoint t
        ON t.external_system = w.external_system AND t.external_id = w.external_id
    WHERE w.id = ANY(%(ids)s) AND NOT w.external_id = '' AND NOT t.external_id = ''
        AND t.in_force AND NOT t.is_withdrawal
    UNION ALL SELECT w.id, t.id FROM leads_touchpoint w JOIN leads_touchpoint t
        ON t.lead_id = w.lead_id AND t.occurred_at = w.occurred_at
        AND t.channel = w.channel AND t.type = w.type AND t.direction = w.direction
        AND t.team = w.team AND t.campaign_id IS NOT DISTINCT FROM w.campaign_id
    WHERE w.id = ANY(%(ids)s) AND w.external_id = '' AND t.external_id = ''
        AND t.in_force AND NOT t.is_withdrawal
"""
_REDUCED_SINCE = """
    SELECT r.id FROM deals_revenueentry r
    WHERE r.id > %(first)s AND r.id <= %(last)s AND r.entry_id = %(entry)s
        AND r.in_force AND NOT r.is_withdrawal AND r.kind <> 'one_off' AND EXISTS (
            SELECT FROM deals_revenueentry o WHERE o.kind IN ('contraction', 'churn')
                AND o.company_id IS NOT DISTINCT FROM r.company_id
                AND o.lead_id IS NOT DISTINCT FROM r.lead_id
                AND o.currency = r.currency AND o.in_force AND NOT o.is_withdrawal
                AND o.entry_id <> ALL(%(own)s)
                AND (o.starts_on, o.id) > (r.starts_on, r.id))
"""


@dataclass
class Facts:
    """Facts of one table: to be withdrawn, withdrawals to be taken back, kept ones.

    ``replacing`` of those to be withdrawn had taken the place of others. ``changed``
    count those that others have replaced since.
    """

    withdraw: list[int] = field(default_factory=list)
    restore: list[int] = field(default_factory=list)
    replacing: int = 0
    changed: int = 0
    built_upon: int = 0


def touches_of(scope: Scope) -> Facts:
    """Return what can be done about touches.

    A touch told otherwise was withdrawn and logged anew. It comes back, unless another
    has taken its place since.
    """
    found = _facts(scope, "leads_touchpoint")
    if found.restore:
        holders = scope.rows(_TAKEN, ids=found.restore)
        going = set(found.withdraw) | scope.gone.of("leads_touchpoint")
        taken = {w for w, touch in holders if touch not in going}
        found.restore = [pk for pk in found.restore if pk not in taken]
        found.replacing = len(found.restore)
    return found


def spend_of(scope: Scope) -> Facts:
    """Return what can be done about spend; what it replaced comes back by itself."""
    return _facts(scope, "campaigns_spendentry")


def revenue_of(scope: Scope) -> Facts:
    """Return what can be done about revenue.

    An entry stays where somebody has entered a later reduction of the same customer in
    the same currency: what that took away is worth what was there.
    """
    found = _facts(scope, "deals_revenueentry")
    kept = {pk for (pk,) in scope.rows(_REDUCED_SINCE, "deals_revenueentry")}
    found.withdraw = [pk for pk in found.withdraw if pk not in kept]
    found.built_upon = len(kept)
    return found


def _facts(scope: Scope, table: str) -> Facts:
    found = Facts()
    gone = scope.gone.of(table)
    rows = scope.rows(_FACTS.format(table=table), table)
    for pk, in_force, is_withdrawal, corrects, corrector, corrected_by_us in rows:
        if is_withdrawal:
            found.restore += [pk] if in_force else []
        elif in_force or corrector in gone:
            found.withdraw.append(pk)
            found.replacing += corrects
        elif not corrected_by_us:
            found.changed += 1
    return found
