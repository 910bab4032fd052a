"""Take one chunk of a load back: what it brought, and what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from campaigns.actions import withdrawing as spending
from deals.actions import withdrawing as dealing
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.currencies.actions.retracting import retract_many
from integrations.domain.undoing import Undoing
from integrations.enums import KeptBecause, Noun
from integrations.models import LoadChunk
from integrations.queries.undoing import facts, identities, paths, records, values
from integrations.queries.undoing.scope import Gone, Scope
from leads.actions import withdrawing as leading
from sla.actions import reopening

_NOUNS: Mapping[str, Noun] = {
    "leads.lead": Noun.LEADS,
    "leads.company": Noun.COMPANIES,
    "campaigns.campaign": Noun.CAMPAIGNS,
    "deals.deal": Noun.DEALS,
}
_ATTRIBUTES = """
    SELECT id, subject, subject_id, field FROM leads_attributechange
    WHERE id > %(first)s AND id <= %(last)s AND entry_id = %(entry)s
        AND in_force AND NOT is_withdrawal
"""


@dataclass
class Plan:
    """Everything that taking a chunk back will write, as ids and values."""

    scope: Scope
    paths: paths.Paths
    touches: facts.Facts
    spend: facts.Facts
    revenue: facts.Facts
    values: values.Put
    attributes: list[int] = field(default_factory=list)
    companies: records.Sorted = field(default_factory=lambda: (set(), set()))
    campaigns: records.Sorted = field(default_factory=lambda: (set(), set()))
    rates: records.Sorted = field(default_factory=lambda: (set(), set()))
    notes: list[int] = field(default_factory=list)


def plan_of(chunk: LoadChunk, gone: Gone) -> Plan:
    """Return what taking a chunk back will write; only reads.

    ``gone`` is what later chunks took back, where the rows do not show it yet; what
    this chunk takes back is added.
    """
    scope = Scope.of(chunk, gone)
    moved = paths.paths_of(scope)
    kept_deals = {"deals.deal": moved.kept_deals}
    plan = Plan(
        scope,
        moved,
        facts.touches_of(scope),
        facts.spend_of(scope),
        facts.revenue_of(scope),
        values.values_of(scope, leave=kept_deals),
    )
    _add_to(gone, plan)
    here = workspace.current()
    plan.companies = records.companies_of(scope)
    plan.campaigns = records.campaigns_of(scope)
    plan.notes = records.notes_of(scope)
    plan.rates = records.rates_of(scope, base=here.base_currency, zone=here.time_zone)
    going = {
        "leads.lead": moved.leads,
        "leads.company": plan.companies[0],
        "campaigns.campaign": plan.campaigns[0],
    }
    identities.heed(plan.values, scope, going=going)
    plan.attributes = _attributes(plan)
    return plan


def _attributes(plan: Plan) -> list[int]:
    """Return the facts of those values that are put back."""
    back = plan.values.values
    found = []
    for pk, subject, of, name in plan.scope.rows(_ATTRIBUTES, "leads_attributechange"):
        given = back.get(f"leads.{subject}", {}).get(of, {})
        if name in given or f"{name}_id" in given:
            found.append(pk)
    return found


def _add_to(gone: Gone, plan: Plan) -> None:
    gone.of("leads_stagechange").update(plan.paths.changes)
    gone.of("leads_lead").update(plan.paths.leads)
    gone.of("deals_deal").update(plan.paths.deals)
    for table, found in (
        ("leads_touchpoint", plan.touches),
        ("campaigns_spendentry", plan.spend),
        ("deals_revenueentry", plan.revenue),
    ):
        gone.of(table).update(found.withdraw, found.restore)
    for subject, rows in plan.values.values.items():
        for pk, given in rows.items():
            gone.values.setdefault((subject, pk), {}).update(given)


def write(plan: Plan, *, by: User | None, at: datetime) -> None:
    """Take back and put back what the plan says, inside a ledger entry."""
    reopened = reopening.reopen(plan.scope.entry, by=by, at=at)
    leading.withdraw_changes(plan.paths.changes, by=by, at=at)
    dealing.withdraw_deal_changes(plan.paths.deal_changes, by=by, at=at)
    dealing.withdraw_revenue(plan.revenue.withdraw, by=by, at=at)
    spending.withdraw_spend(plan.spend.withdraw, by=by, at=at)
    touches = plan.touches
    leading.take_back_touches(touches.withdraw, touches.restore, by=by, at=at)
    leading.withdraw_attributes(plan.attributes, by=by, at=at)
    _put_back(plan, by=by, at=at)
    dealing.withdraw_deals(plan.paths.deals, by=by, at=at)
    leading.withdraw_leads(plan.paths.leads, by=by, at=at)
    leading.withdraw_companies(plan.companies[0], by=by, at=at)
    spending.withdraw_campaigns(plan.campaigns[0], by=by, at=at)
    leading.delete_notes(plan.notes)
    retract_many(plan.rates[0], by=by, at=at)
    reopening.judge_again(reopened, by=by, at=at)


_PUT_BACK = {
    "leads.lead": leading.put_back_leads,
    "leads.company": leading.put_back_companies,
    "campaigns.campaign": spending.put_back_campaigns,
    "deals.deal": dealing.put_back_deals,
}


def _put_back(plan: Plan, *, by: User | None, at: datetime) -> None:
    for subject, rows in plan.values.to_be_written().items():
        if rows:
            _PUT_BACK[subject](rows, by=by, at=at)


def told(plan: Plan) -> Undoing:
    """Return the counts of what a plan takes back, puts back and keeps."""
    answer = Undoing()
    _tell_paths(answer, plan.paths)
    _tell_facts(answer, Noun.TOUCHPOINTS, plan.touches)
    _tell_facts(answer, Noun.SPEND, plan.spend)
    _tell_facts(answer, Noun.REVENUE, plan.revenue)
    _tell_values(answer, plan)
    for noun, (unused, used) in (
        (Noun.COMPANIES, plan.companies),
        (Noun.CAMPAIGNS, plan.campaigns),
        (Noun.RATES, plan.rates),
    ):
        answer.records[noun] += len(unused)
        answer.kept[noun, KeptBecause.BUILT_UPON] += len(used)
    answer.records[Noun.NOTES] += len(plan.notes)
    return answer


def _tell_paths(answer: Undoing, found: paths.Paths) -> None:
    answer.records[Noun.LEADS] += len(found.leads)
    answer.records[Noun.DEALS] += len(found.deals)
    answer.records[Noun.STAGE_CHANGES] += found.lone_changes
    why = KeptBecause.BUILT_UPON
    answer.kept[Noun.LEADS, why] += len(found.kept_leads)
    answer.kept[Noun.DEALS, why] += len(found.kept_deals)
    answer.kept[Noun.STAGE_CHANGES, why] += found.kept_changes


def _tell_facts(answer: Undoing, noun: Noun, found: facts.Facts) -> None:
    answer.records[noun] += len(found.withdraw) - found.replacing
    answer.updates[noun] += found.replacing
    answer.kept[noun, KeptBecause.CHANGED_SINCE] += found.changed
    answer.kept[noun, KeptBecause.BUILT_UPON] += found.built_upon


def _tell_values(answer: Undoing, plan: Plan) -> None:
    put = plan.values
    for subject, noun in _NOUNS.items():
        answer.updates[noun] += len(put.values.get(subject, {}))
        changed, taken = put.changed.get(subject, ()), put.taken.get(subject, ())
        answer.kept[noun, KeptBecause.CHANGED_SINCE] += len(changed)
        answer.kept[noun, KeptBecause.TAKEN] += len(taken)
