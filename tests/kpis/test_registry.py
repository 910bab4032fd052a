"""Every KPI answers every question it says it can be asked, now and as of before."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from campaigns.models import Campaign, SpendEntry
from deals.actions import deals, revenue
from foundation.accounts.models import Workspace
from foundation.kernel.periods import Step, parse
from foundation.ledger import actions as ledger
from foundation.ledger import queries
from kpis.domain.questions import Question
from kpis.domain.registry import REGISTRY, Kpi, register
from kpis.enums import Direction, Part, Unit
from kpis.queries import records, values
from leads.actions import decisions
from leads.models import Touchpoint
from tests.factories.leads import make_company, make_lead, move

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
AT = BEGIN + 40 * DAY
NOT_ALL_COUNTED = {"sum"}


def spend(campaign, day, amount, at=AT):
    with ledger.entry(by=None, at=at) as entry:
        SpendEntry.objects.create(
            entry_id=entry.pk, campaign=campaign, day=day, amount=Decimal(amount),
            currency="EUR", base_amount=Decimal(amount), recorded_at=at,
        )  # fmt: skip


@pytest.fixture
def company_life(sally, mark):
    """A little of everything that numbers are made of."""
    Workspace.objects.create()
    campaign = Campaign.objects.create(name="Fair", created_at=BEGIN)
    ours = {"owner": sally, "source": "web", "campaign": campaign, "country": "RO"}
    won = make_lead(created_at=BEGIN, company=make_company(), **ours)
    refused = make_lead(created_at=BEGIN, **ours)
    waiting = make_lead(created_at=BEGIN + DAY)
    for lead in (won, refused, waiting):
        move(lead, "mql", BEGIN + DAY, by=mark)
    decisions.accept(won, by=sally, at=BEGIN + 2 * DAY)
    decisions.refuse(refused, reason="no_need", by=sally, at=BEGIN + 2 * DAY)
    deal = deals.save(
        deals.DealFacts(
            won.pk, "won", BEGIN + 3 * DAY, BEGIN + 9 * DAY, Decimal(1200), "EUR"
        ),
        by=sally,
        at=BEGIN + 10 * DAY,
    ).deal_id
    customer = ("company", won.company_id)
    for kind, day, amount in [
        ("new", "2026-03-11", "100"),
        ("one_off", "2026-03-12", "50"),
        ("expansion", "2026-04-01", "20"),
        ("contraction", "2026-04-02", "10"),
    ]:
        new = revenue.NewRevenue(
            customer, kind, date.fromisoformat(day), Decimal(amount), "EUR", deal
        )
        revenue.enter(new, by=sally, at=AT)
    spend(campaign, BEGIN.date(), "300")
    return won


def questions():
    for key, kpi in REGISTRY.items():
        yield Question(key, parse("2026-03"))
        yield Question(key, parse("2026"), step=Step.MONTH)
        yield Question(key, parse("all"))
        for by in kpi.method.dimensions:
            yield Question(key, parse("2026"), by=by, step=Step.QUARTER)
        for kind in kpi.method.kinds:
            yield Question(key, parse("2026"), kind=kind, by="source")
            if kind != "period":
                yield Question(key, parse("2026"), kind=kind, within=7)


def measured(question, at=AT):
    series = values.value(question, at=at)
    return [(v.split, v.label, v.period.label, v.measure) for v in series.values]


def test_later_facts_do_not_move_what_is_asked_as_of_before(company_life):
    before = {question: measured(question) for question in questions()}
    position = queries.position()

    move(company_life, "customer", AT)
    lead = make_lead(created_at=BEGIN)
    move(lead, "customer", AT, at=AT)
    customer = ("company", company_life.company_id)
    more = revenue.NewRevenue(
        customer, "churn", date(2026, 4, 3), None, "EUR", reason="left"
    )
    revenue.enter(more, by=None, at=AT)
    deals.save(
        deals.DealFacts(lead.pk, "lost", None, AT, Decimal(7), "EUR"), by=None, at=AT
    )
    spend(Campaign.objects.get(), date(2026, 3, 9), "1")

    after = {
        question: measured(replace(question, as_of=position)) for question in before
    }
    assert after == before
    moved = [q.key for q in before if measured(q) != before[q]]
    assert {"revenue", "retention", "win_rate", "spend", "leads"} <= set(moved)


def test_the_records_are_as_many_as_the_number_says(company_life):
    seen = set()
    for question in questions():
        if question.step is not None:
            continue
        for value in values.value(question, at=AT).values:
            asked = replace(question, period=value.period)
            rows = records.of(asked, value.split, Part.ALL, at=AT)
            assert rows.count() == value.measure.n, question
            if value.measure.n:
                seen.add(question.key)
    never = {"sal_to_sql", "sqls"}
    assert not never & (set(REGISTRY) - seen)


def test_numerators_open_their_own_records(company_life):
    for key in ("win_rate", "mql_acceptance", "sla_marketing", "sla_sales"):
        question = Question(key, parse("2026"))
        measure = values.value(question, at=AT).total
        found = records.of(question, None, Part.NUMERATOR, at=AT).count()
        assert found == measure.numerator, key


def test_a_key_is_taken_once():
    kpi = next(iter(REGISTRY.values()))

    with pytest.raises(ValueError, match=kpi.key):
        register(kpi)


def test_names_and_formulas_are_words():
    with override("en"):
        for kpi in REGISTRY.values():
            assert isinstance(kpi, Kpi)
            assert str(kpi.name)
            assert str(kpi.formula).endswith(".")
            assert kpi.owner == "both"
            assert kpi.unit in Unit.values
            assert kpi.direction in Direction.values
    assert not Touchpoint.objects.exists()
