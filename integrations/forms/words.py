"""What kinds of files, and what they can say, are called on pages."""

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _

from integrations.domain.kinds import KINDS, Target
from integrations.domain.problems import BadMapping, NotATable, Param, Problem

KIND_LABELS: dict[str, Promise] = {
    "companies": _("Companies"),
    "campaigns": _("Campaigns"),
    "leads": _("Leads"),
    "stage-changes": _("Stage changes"),
    "touchpoints": _("Touchpoints"),
    "deals": _("Deals"),
    "exchange-rates": _("Exchange rates"),
    "spend": _("Spend"),
    "revenue": _("Revenue"),
}

RECORDS: dict[str, str] = {
    "campaigns": "kpis:numbers",
    "leads": "leads:lead-list",
    "stage-changes": "leads:lead-list",
    "touchpoints": "leads:lead-list",
    "companies": "leads:lead-list",
    "deals": "kpis:numbers",
    "spend": "kpis:numbers",
    "revenue": "kpis:numbers",
    "exchange-rates": "kpis:numbers",
}
"""The address of the page on which what a file of a kind brought is seen."""

RECORD_WORDS: dict[str, Promise] = {
    "leads:lead-list": _("Open the leads"),
    "kpis:numbers": _("Open the numbers"),
}

TARGET_LABELS: dict[str, Promise] = {
    "actor": _("Done by"),
    "amount": _("Amount"),
    "automatic": _("Done by a machine"),
    "base_currency": _("Base currency"),
    "budget": _("Budget"),
    "campaign": _("Campaign"),
    "campaign_external_id": _("Identifier of the campaign"),
    "category": _("Category"),
    "channel": _("Channel"),
    "closed_at": _("Closed"),
    "company": _("Company"),
    "company_domain": _("Domain of the company"),
    "company_external_id": _("Identifier of the company"),
    "cost": _("Cost"),
    "country": _("Country"),
    "created_at": _("Created"),
    "currency": _("Currency"),
    "customer_at": _("Customer since"),
    "day": _("Day"),
    "deal_external_id": _("Identifier of the deal"),
    "direction": _("Direction"),
    "do_not_contact": _("Not to be contacted"),
    "domain": _("Domain"),
    "email": _("E-mail address"),
    "employees": _("Employees"),
    "ends_on": _("Last day"),
    "entry_date": _("Day of re-entry"),
    "external_id": _("Identifier"),
    "external_system": _("System of the identifiers"),
    "first_name": _("First name"),
    "industry": _("Industry"),
    "job_title": _("Position"),
    "kind": _("Kind"),
    "language": _("Language"),
    "last_name": _("Last name"),
    "lead_email": _("E-mail address of the lead"),
    "lead_external_id": _("Identifier of the lead"),
    "lost_at": _("Lost on"),
    "lost_reason": _("Why it was lost"),
    "mql_at": _("MQL since"),
    "name": _("Name"),
    "notes": _("Notes"),
    "occurred_at": _("When it happened"),
    "opened_at": _("Opened"),
    "opportunity_at": _("Opportunity since"),
    "outcome": _("Outcome"),
    "owner": _("Owner"),
    "phone": _("Phone"),
    "priority": _("Priority"),
    "proof": _("Evidence"),
    "proof_reference": _("Where the evidence is"),
    "rate": _("Rate"),
    "reason": _("Reason"),
    "sal_at": _("SAL since"),
    "segment": _("Segment"),
    "source": _("Source"),
    "sql_at": _("SQL since"),
    "stage": _("Stage"),
    "starts_on": _("First day"),
    "team": _("Team"),
    "to_stage": _("New stage"),
    "type": _("Type"),
    "utm_campaign": _("UTM campaign"),
    "utm_medium": _("UTM medium"),
    "utm_source": _("UTM source"),
    "won_at": _("Won on"),
}

_ON_PAGES = {
    "unmapped_system": gettext_noop(
        "“%(target)s” needs the system it comes from. Choose a column for “System of "
        "the identifiers”, or name the system under “Filled in where the file says "
        "nothing”."
    ),
    "missing_system": gettext_noop(
        "An identifier is given without the system it comes from. Fill it in, or name "
        "the system under “Filled in where the file says nothing”."
    ),
}
"""Sentences that speak of places on the page, where the command speaks of names."""


@cache
def called() -> dict[str, list[str]]:
    """Return what each target is called, in every language that the product speaks."""
    found: dict[str, list[str]] = {name: [] for name in TARGET_LABELS}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for name, label in TARGET_LABELS.items():
                found[name].append(str(label))
    return found


def label_of(target: Target) -> str:
    """Return what a target is called, with a mark where it must be filled."""
    label = str(TARGET_LABELS[target.name])
    return f"{label} *" if target.required else label


def sentence(problem: Problem) -> str:
    """Return what is wrong in the reader's language and in the page's words."""
    told = {name: _in_words(name, value) for name, value in problem.params.items()}
    template = _ON_PAGES.get(problem.code, problem.own_template)
    return Problem(problem.code, told, template).sentence(gettext)


def sentences(fault: BadMapping | NotATable) -> list[str]:
    """Return everything that is wrong with a mapping or a file."""
    if isinstance(fault, BadMapping):
        return [sentence(problem) for problem in fault.problems]
    return [sentence(fault.problem)]


def _in_words(name: str, value: Param) -> Param:
    if isinstance(value, Problem):
        return sentence(value)
    if name in {"target", "targets"}:
        return _listed(str(value).split(", "))
    if name == "kind" and value in KINDS:
        return str(KIND_LABELS[str(value)])
    return value


def _listed(names: Sequence[str]) -> str:
    return ", ".join(str(TARGET_LABELS.get(name, name)) for name in names)
