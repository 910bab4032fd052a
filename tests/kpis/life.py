"""A company's small life, with a little of everything that numbers are made of."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from campaigns.models import Campaign, SpendEntry
from deals.actions import deals, revenue
from deals.actions.deals import DealFacts
from deals.actions.revenue import NewRevenue
from foundation.accounts.models import Workspace
from foundation.ledger import actions as ledger
from leads.actions import decisions
from tests.factories.leads import make_company, make_lead, move
from tests.factories.sla import call

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
AT = BEGIN + 40 * DAY


def spend(campaign, day, amount, *, base=None, currency="EUR", at=AT):
    with ledger.entry(by=None, at=at) as entry:
        SpendEntry.objects.create(
            entry_id=entry.pk, campaign=campaign, day=day, amount=Decimal(amount),
            currency=currency, base_amount=base, recorded_at=at,
        )  # fmt: skip


def pay(customer, kind, day, amount, *, deal=None, currency="EUR"):
    amount = None if amount is None else Decimal(amount)
    new = NewRevenue(customer, kind, date.fromisoformat(day), amount, currency, deal)
    return revenue.enter(new, by=None, at=AT)


def begin(sally, mark):
    """MQLs: one accepted and won, one sent back, one worked on, one waiting; money."""
    Workspace.objects.create()
    campaign = Campaign.objects.create(name="Fair", created_at=BEGIN)
    ours = {"owner": sally, "source": "web", "campaign": campaign, "country": "RO"}
    won = make_lead(created_at=BEGIN, company=make_company(), **ours)
    refused = make_lead(created_at=BEGIN, **ours)
    worked = make_lead(created_at=BEGIN, **ours)
    waiting = make_lead(created_at=BEGIN + DAY)
    for lead in (won, refused, worked, waiting):
        move(lead, "mql", BEGIN + DAY, by=mark)
    call(won, BEGIN + DAY + HOUR, by=sally)
    for days, stage in enumerate(["sal", "sql"], 3):
        move(worked, stage, BEGIN + days * DAY, by=sally)
    opened = DealFacts(worked.pk, "open", BEGIN + 5 * DAY, None, Decimal(9), "EUR")
    deals.save(opened, by=sally, at=BEGIN + 5 * DAY)
    decisions.accept(won, by=sally, at=BEGIN + 2 * DAY)
    decisions.refuse(refused, reason="no_need", by=sally, at=BEGIN + 2 * DAY)
    facts = DealFacts(
        won.pk, "won", BEGIN + 3 * DAY, BEGIN + 9 * DAY, Decimal(1200), "EUR"
    )
    deal = deals.save(facts, by=sally, at=BEGIN + 10 * DAY).deal_id
    customer = ("company", won.company_id)
    pay(("company", make_company().pk), "new", "2025-11-01", "400")
    pay(customer, "new", "2026-03-11", "100", deal=deal)
    pay(customer, "one_off", "2026-03-12", "50", deal=deal)
    pay(customer, "expansion", "2026-04-01", "20", deal=deal)
    pay(customer, "contraction", "2026-04-02", "10", deal=deal)
    spend(campaign, BEGIN.date(), "300", base=Decimal(300))
    return won


def go_on(won):
    """More happens to all of it."""
    move(won, "customer", AT)
    lead = make_lead(created_at=BEGIN)
    move(lead, "customer", AT, at=AT)
    pay(("company", won.company_id), "churn", "2026-04-03", None)
    lost = DealFacts(lead.pk, "lost", None, AT, Decimal(7), "EUR")
    deals.save(lost, by=None, at=AT)
    spend(Campaign.objects.get(), date(2026, 3, 9), "1", base=Decimal(1))
