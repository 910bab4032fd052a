from datetime import timedelta
from decimal import Decimal

import pytest

from deals.actions import deals
from deals.actions.deals import DealFacts
from deals.models import Deal, DealChange
from foundation.currencies.models import ExchangeRate
from leads.models import StageChange
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def stages_of(lead):
    rows = StageChange.objects.filter(lead=lead, in_force=True).order_by("pk")
    return [(row.to_stage, row.implied) for row in rows]


def test_a_won_deal_makes_its_lead_a_customer_with_the_skipped_stages_implied(at):
    lead = make_lead(stage="mql", source="webinar", country="PL")

    saved = deals.save(
        DealFacts(lead.pk, "won", closed_at=at, amount=Decimal(10), currency="EUR"),
        by=None,
        at=at,
    )

    deal = Deal.objects.get(pk=saved.deal_id)
    assert (deal.outcome, deal.opened_at, deal.closed_at, deal.base_amount) == (
        "won",
        at,
        at,
        Decimal(10),
    )
    assert (deal.source, deal.country) == ("webinar", "PL")
    assert stages_of(lead) == [
        ("lead", False),
        ("mql", False),
        ("sal", True),
        ("sql", True),
        ("opportunity", True),
        ("customer", False),
    ]


def test_the_same_deal_told_twice_is_one(at):
    lead = make_lead(stage="mql")
    facts = DealFacts(lead.pk, "won", closed_at=at, amount=Decimal(10), currency="EUR")

    codes = [deals.save(facts, by=None, at=at).code for _ in range(2)]

    assert codes == ["created", "unchanged"]
    assert (Deal.objects.count(), DealChange.objects.count()) == (1, 1)


def test_a_deal_is_opened_then_won(at):
    lead = make_lead(stage="mql")
    own = {"external_system": "crm", "external_id": "D1"}
    opened = DealFacts(lead.pk, opened_at=at, values=own)
    won = DealFacts(lead.pk, "won", at, at + 5 * HOUR, Decimal(7), "EUR", own)

    first = deals.save(opened, by=None, at=at)
    lead.refresh_from_db()
    assert (first.code, lead.stage, lead.round_opportunity_at) == (
        "created",
        "opportunity",
        at,
    )
    second = deals.save(won, by=None, at=at + 5 * HOUR)

    lead.refresh_from_db()
    assert (second.code, second.deal_id) == ("updated", first.deal_id)
    assert (lead.stage, lead.round_customer_at) == ("customer", at + 5 * HOUR)
    changes = DealChange.objects.order_by("pk").values_list("outcome", "amount")
    assert list(changes) == [("open", None), ("won", Decimal(7))]


def test_a_lost_deal_takes_the_lead_along(at):
    lead = make_lead(stage="mql")
    deals.save(
        DealFacts(lead.pk, "lost", at, at + HOUR, values={"lost_reason": "price"}),
        by=None,
        at=at + HOUR,
    )

    lead.refresh_from_db()
    assert lead.stage == "lost"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"outcome": "won"}, "closed_at_missing"),
        ({"outcome": "won", "closed_at": -99}, "before_lead_created"),
        ({"outcome": "won", "closed_at": 99}, "in_future"),
        ({"outcome": "won", "opened_at": 2, "closed_at": 1}, "closed_before_opened"),
        ({"amount": Decimal(1)}, "currency_missing"),
        ({"lead_id": 0}, "unknown_lead"),
    ],
)
def test_refusals_write_nothing(at, facts, code):
    lead = make_lead(stage="mql")
    moments = {
        name: at + facts[name] * HOUR
        for name in ("opened_at", "closed_at")
        if name in facts
    }
    told = DealFacts(**{"lead_id": lead.pk, **facts, **moments})

    with pytest.raises(deals.NotSaved) as refusal:
        deals.save(told, by=None, at=at + 9 * HOUR)

    assert refusal.value.code == code
    assert (Deal.objects.count(), len(stages_of(lead))) == (0, 2)


def test_amounts_are_converted_at_the_rate_of_their_own_day(at):
    day = at.date()
    for days, rate in [(3, "4.9000"), (0, "5.0000"), (-1, "6.0000")]:
        ExchangeRate.objects.create(
            currency="RON", day=day - timedelta(days), rate=Decimal(rate)
        )
    lead = make_lead(stage="mql")
    facts = DealFacts(lead.pk, "won", closed_at=at, amount=Decimal(1), currency="RON")

    saved = deals.save(facts, by=None, at=at)

    assert Deal.objects.get(pk=saved.deal_id).base_amount == Decimal("0.20")


def test_a_missing_rate_leaves_the_conversion_open(at):
    lead = make_lead(stage="mql")
    facts = DealFacts(lead.pk, "won", closed_at=at, amount=Decimal(1), currency="PLN")

    saved = deals.save(facts, by=None, at=at)

    assert Deal.objects.get(pk=saved.deal_id).base_amount is None


def test_the_number_of_statements_does_not_grow(at, count_queries):
    def save(n):
        facts = [
            DealFacts(
                make_lead(stage="mql").pk,
                "won",
                at,
                at,
                Decimal(5),
                "EUR",
                {"external_id": f"{n}-{i}"},
            )
            for i in range(n)
        ]
        return count_queries(deals.save_many, facts, by=None, at=at)

    assert save(1) == save(3) == save(60)
