"""Which companies, campaigns and rates that a chunk made can be taken back."""

from integrations.queries.undoing.paths import told_since
from integrations.queries.undoing.scope import Scope

_MADE = """
    SELECT subject_id FROM ledger_event WHERE entry_id = %(entry)s AND kind = %(kind)s
"""
_USERS_OF_COMPANIES = """
    SELECT company_id, 'leads_lead', id FROM leads_lead
    WHERE company_id = ANY(%(ids)s) AND exclusion <> 'withdrawn'
    UNION ALL SELECT company_id, 'deals_deal', id FROM deals_deal
    WHERE company_id = ANY(%(ids)s) AND withdrawn_at IS NULL
    UNION ALL SELECT company_id, 'deals_revenueentry', id FROM deals_revenueentry
    WHERE company_id = ANY(%(ids)s) AND in_force AND NOT is_withdrawal
    UNION ALL SELECT subject_id, 'leads_attributechange', id FROM leads_attributechange
    WHERE subject = 'company' AND subject_id = ANY(%(ids)s) AND in_force
        AND NOT is_withdrawal AND entry_id > %(entry)s AND entry_id <> ALL(%(own)s)
"""
_USERS_OF_CAMPAIGNS = """
    SELECT campaign_id, 'leads_lead', id FROM leads_lead
    WHERE campaign_id = ANY(%(ids)s) AND exclusion <> 'withdrawn'
    UNION ALL SELECT campaign_id, 'deals_deal', id FROM deals_deal
    WHERE campaign_id = ANY(%(ids)s) AND withdrawn_at IS NULL
    UNION ALL SELECT campaign_id, 'leads_stagechange', id FROM leads_stagechange
    WHERE campaign_id = ANY(%(ids)s) AND in_force AND NOT is_withdrawal
    UNION ALL SELECT campaign_id, 'leads_touchpoint', id FROM leads_touchpoint
    WHERE campaign_id = ANY(%(ids)s) AND in_force AND NOT is_withdrawal
    UNION ALL SELECT campaign_id, 'campaigns_spendentry', id FROM campaigns_spendentry
    WHERE campaign_id = ANY(%(ids)s) AND in_force AND NOT is_withdrawal
"""
_NOTES = """
    SELECT c.subject_id FROM integrations_loadchange c
    JOIN leads_note n ON n.id = c.subject_id
    WHERE c.chunk_id = %(chunk)s AND c.subject_type = 'leads.note'
"""
_RATES = """
    WITH used AS (
        SELECT DISTINCT currency, day FROM (
            SELECT currency, day, entry_id FROM campaigns_spendentry
            WHERE in_force AND NOT is_withdrawal
            UNION ALL SELECT currency, starts_on, entry_id FROM deals_revenueentry
            WHERE in_force AND NOT is_withdrawal
            UNION ALL SELECT currency,
                (coalesce(closed_at, opened_at) AT TIME ZONE %(zone)s)::date, entry_id
            FROM deals_dealchange WHERE in_force AND NOT is_withdrawal
        ) AS facts
        WHERE entry_id > %(entry)s AND currency NOT IN ('', %(base)s)
    )
    SELECT r.id, r.reference = 'EUR' AND EXISTS (
        SELECT FROM used u WHERE u.day >= r.day
            AND (r.currency = u.currency OR r.currency = %(base)s)
            AND NOT EXISTS (
                SELECT FROM currencies_exchangerate n WHERE n.reference = r.reference
                    AND n.currency = r.currency AND n.day > r.day AND n.day <= u.day))
    FROM integrations_loadchange c
    JOIN currencies_exchangerate r ON r.id = c.subject_id
    WHERE c.chunk_id = %(chunk)s AND c.subject_type = 'currencies.rate'
"""

type Sorted = tuple[set[int], set[int]]
"""Ids that can be taken back, and ids that something stands on."""


def companies_of(scope: Scope) -> Sorted:
    """Return the companies that a chunk made: those unused, and those in use."""
    return _unused(scope, "leads.company", _USERS_OF_COMPANIES)


def campaigns_of(scope: Scope) -> Sorted:
    """Return the campaigns that a chunk made: those unused, and those in use."""
    return _unused(scope, "campaigns.campaign", _USERS_OF_CAMPAIGNS)


def _unused(scope: Scope, subject: str, users: str) -> Sorted:
    made = {pk for (pk,) in scope.rows(_MADE, kind=f"{subject}.created")}
    if not made:
        return set(), set()
    field = f"{subject.partition('.')[2]}_id"
    used = told_since(scope, subject, f"{subject}.changed", made)
    for pk, table, user in scope.rows(users, ids=sorted(made)):
        if user not in scope.gone.of(table) and not _moves(scope, table, user, field):
            used.add(pk)
    return made - used, used


def _moves(scope: Scope, table: str, user: int, field: str) -> bool:
    """Tell whether a record is going to refer to another one."""
    subject = table.replace("_", ".")
    return field in scope.gone.values.get((subject, user), {})


def notes_of(scope: Scope) -> list[int]:
    """Return the notes that a chunk made and that are still there."""
    return [pk for (pk,) in scope.rows(_NOTES)]


def rates_of(scope: Scope, *, base: str, zone: str) -> Sorted:
    """Return the rates that a chunk published: those unused, and those in use.

    A rate is in use if a later fact lies in the days for which it was the last one
    published: its sum was converted with it, and stays.
    """
    rows = scope.rows(_RATES, base=base, zone=zone)
    used = {pk for pk, is_used in rows if is_used}
    return {pk for pk, _ in rows} - used, used
