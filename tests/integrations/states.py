"""Everything that people see and count, to be compared before and after."""

from io import StringIO
from typing import Any

from django.core.management import call_command

from campaigns.models import Campaign, SpendEntry
from deals.models import Deal, DealChange, RevenueEntry
from foundation.currencies.models import ExchangeRate
from foundation.kernel.periods import parse
from foundation.ledger import queries as ledger
from kpis.actions import facts
from kpis.queries import cards
from kpis.queries.reading import reading
from leads.enums import Exclusion
from leads.models import (
    AttributeChange,
    Company,
    Lead,
    Note,
    StageChange,
    Touchpoint,
)
from sla.enums import CancelledReason
from sla.models import Clock

PERIODS = ("2026-Q1",)
_FACTS = (
    *(StageChange, Touchpoint, SpendEntry),
    *(DealChange, RevenueEntry),
)
_PASSING = {"id", "entry_id", "corrects_id", "recorded_at", "subject_id"}
"""What tells rows apart that say the same."""


def state(*, leave_out=frozenset()):
    """Return the rows that count, by table; ``leave_out`` names columns."""
    visible: dict[str, Any] = {
        "leads": Lead.objects.exclude(exclusion=Exclusion.WITHDRAWN),
        "companies": Company.objects.filter(withdrawn_at=None),
        "campaigns": Campaign.objects.filter(withdrawn_at=None),
        "deals": Deal.objects.filter(withdrawn_at=None),
        "rates": ExchangeRate.objects.all(),
        "notes": Note.objects.all(),
        "clocks": Clock.objects.exclude(
            cancelled_reason__in=[CancelledReason.WITHDRAWN, CancelledReason.CORRECTED]
        ),
    }
    for model in _FACTS:
        rows = model._default_manager.filter(in_force=True, is_withdrawal=False)
        visible[model.__name__] = rows
    attributes = AttributeChange.objects.filter(in_force=True, is_withdrawal=False)
    visible["AttributeChange"] = attributes.exclude(field="exclusion")
    return {name: _told(rows, leave_out) for name, rows in visible.items()}


def what_is_said():
    """Return the same without what differs from one load to the next."""
    passing = {"written_at", "created_at", "company_id", "campaign_id", "lead_id"}
    passing |= {"deal_id", "change_id", "entry_id", "clause_id", "calendar_id"}
    return state(leave_out=_PASSING | passing | {"value", "owner_id"})


def _told(rows, leave_out):
    dropped = set(leave_out) | ({"entry_id"} if rows.model is Clock else set())
    if leave_out and rows.model is AttributeChange:
        dropped |= {"occurred_at"}
    told = [
        tuple(sorted((k, str(v)) for k, v in row.items() if k not in dropped))
        for row in rows.values()
    ]
    return sorted(told)


def numbers(at):
    """Return the scorecards of some periods."""
    facts.refresh_all()
    with reading(at=at) as seen:
        found = [cards.card(seen, parse(period)) for period in PERIODS]
    return [{**card, "position": 0} for card in found]


def verified():
    """Return what `verify_numbers` finds; blank if every number agrees."""
    told = StringIO()
    call_command("verify_numbers", stdout=StringIO(), stderr=told)
    assert ledger.flaws() == []
    return told.getvalue()


def differences(one, other):
    """Return what two states do not share, by table, for a readable failure."""
    found = {}
    for name in one.keys() | other.keys():
        lost = [dict(row) for row in one.get(name, []) if row not in other[name]]
        new = [dict(row) for row in other.get(name, []) if row not in one[name]]
        if lost or new:
            found[name] = _columns(lost, new)
    return found


def _columns(lost, new):
    if len(lost) != len(new):
        return {"lost": lost, "new": new}
    return [
        {key: (a[key], b[key]) for key in a if a[key] != b[key]}
        for a, b in zip(lost, new, strict=True)
    ]
