"""What others changed or built upon since a load is kept, and told."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.actions import spend
from campaigns.actions.spend import NewSpend
from campaigns.models import Campaign, SpendEntry
from deals.actions import deals, revenue
from deals.actions.deals import DealFacts
from deals.actions.revenue import NewRevenue
from deals.models import Deal, RevenueEntry
from foundation.currencies.models import ExchangeRate
from foundation.kernel import clock
from integrations.actions import undo
from integrations.models import Load
from leads.actions import companies, leads, touchpoints
from leads.actions.touchpoints import Touch
from leads.models import Company, Lead, StageChange, Touchpoint
from tests.factories.leads import make_company, make_lead, move

pytestmark = pytest.mark.django_db
CREATED = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 8, tzinfo=UTC)
DAY = date(2026, 1, 5)


@pytest.fixture
def take(load_file):
    """Load lines of a kind, with identifiers of the system crm; return the load."""

    def run(kind, *lines):
        words = ["--default", "external_system=crm"] * (kind != "exchange-rates")
        answer = load_file(kind, "\n".join(lines), *words, "--timezone", "UTC")
        assert answer["errors"] == []
        return Load.objects.latest("pk")

    return run


def take_back(load):
    """Undo a load as it was foreseen; return taken back, put back and kept."""
    foreseen = undo.preview(load)
    for _ in undo.run(load, by=None, now=clock.now):
        pass
    load.refresh_from_db()
    assert load.undoing == foreseen.as_json()
    told = foreseen.as_json()
    return told["records"], told["updates"], told["kept"]


def lead(number):
    return Lead.objects.get(external_id=f"L{number}")


LEADS = (
    "external_id,email,created_at,mql_at",
    *(f"L{n},l{n}@gmail.com,2026-01-05,2026-01-06" for n in range(1, 8)),
)


def test_leads_that_something_stands_on_are_kept(take, sally):
    load = take("leads", *LEADS)
    move(lead(1), "sal", LATER, by=sally)
    leads.change(lead(2), {"source": "fair"}, by=sally, at=LATER)
    leads.change(lead(3), {"first_name": "Cy"}, by=sally, at=LATER)
    values = {"direction": "outbound", "team": "sales"}
    touchpoints.log(Touch(lead(4).pk, LATER, values), by=sally, at=LATER)
    deals.save(DealFacts(lead(5).pk, "open", LATER), by=sally, at=LATER)
    lead(6).notes.create(text="Called.", written_by=sally, written_at=clock.now())

    told = take_back(load)

    assert told == ({"leads": 1}, {}, {"leads built_upon": 6})
    assert lead(7).exclusion == "withdrawn"
    assert {lead(n).exclusion for n in range(1, 7)} == {""}
    assert lead(1).stage == "sal"
    in_force = StageChange.objects.filter(in_force=True, is_withdrawal=False)
    assert in_force.filter(lead=lead(1)).count() == 3
    assert not in_force.filter(lead=lead(7)).exists()


def test_values_that_are_others_by_now_are_kept(take, sally):
    values: dict[str, Any] = {"source": "web", "country": "RO"}
    ana, bo, _ = (
        make_lead(external_system="crm", external_id=f"L{n}", **values)
        for n in (1, 2, 3)
    )
    load = take(
        "leads", "external_id,source,country", *(f"L{n},fair,PL" for n in (1, 2, 3))
    )
    leads.change(ana, {"source": "phone"}, by=sally, at=LATER)
    leads.change(bo, {"source": "x", "country": "DE"}, by=sally, at=LATER)

    told = take_back(load)

    assert told == ({}, {"leads": 2}, {"leads changed_since": 2})
    found = Lead.objects.order_by("pk").values_list("source", "country")
    assert list(found) == [("phone", "RO"), ("x", "DE"), ("web", "RO")]


def test_an_address_that_another_lead_has_by_now_is_kept(take):
    make_lead(external_system="crm", external_id="L1", email="ana@gmail.com")
    load = take("leads", "external_id,email", "L1,ana@yahoo.com")
    make_lead(email="ana@gmail.com", created_at=LATER)

    told = take_back(load)

    assert told == ({}, {}, {"leads taken": 1})
    assert lead(1).email == "ana@yahoo.com"


def test_loads_over_each_other_are_undone_from_the_last(take):
    make_lead(external_system="crm", external_id="L1", source="a")
    first = take("leads", "external_id,source", "L1,b")
    second = take("leads", "external_id,source", "L1,c")

    assert take_back(first) == ({}, {}, {"leads changed_since": 1})
    assert lead(1).source == "c"
    assert take_back(second) == ({}, {"leads": 1}, {})
    assert lead(1).source == "b"


def test_a_lead_of_one_load_that_another_changed_is_kept_until_that_is_undone(take):
    first = take("leads", *LEADS[:2])
    second = take("leads", "external_id,first_name", "L1,Ana")
    assert undo.preview(first).as_json()["kept"] == {"leads built_upon": 1}

    assert take_back(second) == ({}, {"leads": 1}, {})
    assert take_back(first) == ({"leads": 1}, {}, {})


def test_stage_changes_that_others_follow_are_kept(take, sally):
    for n in (1, 2):
        make_lead(external_system="crm", external_id=f"L{n}", created_at=CREATED)
    load = take(
        "stage-changes",
        "lead_external_id,to_stage,occurred_at",
        "L1,mql,2026-01-06",
        "L2,mql,2026-01-06",
    )
    move(lead(1), "sal", LATER, by=sally)

    kept = {"stage_changes built_upon": 1}
    assert take_back(load) == ({"stage_changes": 1}, {}, kept)
    assert (lead(1).stage, lead(2).stage) == ("sal", "lead")


def test_deals_that_were_told_on_are_kept_with_the_path(take, sally):
    make_lead(external_system="crm", external_id="L1", created_at=CREATED)
    load = take(
        "deals",
        "external_id,lead_external_id,outcome,opened_at,amount,currency",
        *(f"D{n},L1,open,2026-01-06,5,EUR" for n in (1, 2)),
    )
    deal = Deal.objects.get(external_id="D1")
    deals.change(deal, {"amount": Decimal(7)}, by=sally, at=LATER)

    assert take_back(load) == ({}, {}, {"deals built_upon": 2})
    assert Deal.objects.filter(withdrawn_at=None).count() == 2
    assert lead(1).stage == "opportunity"


def test_deals_with_revenue_are_kept(take, sally):
    for n in (1, 2):
        make_lead(external_system="crm", external_id=f"L{n}", created_at=CREATED)
    load = take(
        "deals",
        "external_id,lead_external_id,won_at,amount,currency",
        *(f"D{n},L{n},2026-01-06,5,EUR" for n in (1, 2)),
    )
    deal = Deal.objects.get(external_id="D1")
    paid = NewRevenue(
        ("lead", lead(1).pk), "new", DAY, Decimal(5), "EUR", deal_id=deal.pk
    )
    revenue.enter(paid, by=sally, at=LATER)

    assert take_back(load) == ({"deals": 1}, {}, {"deals built_upon": 1})
    assert (lead(1).stage, lead(2).stage) == ("customer", "lead")


def test_touches_that_were_told_otherwise_since_are_kept(take):
    make_lead(external_system="crm", external_id="L1", created_at=CREATED)
    lines = "external_id,lead_external_id,occurred_at,type"
    first = take("touchpoints", lines, "T1,L1,2026-01-06,call", "T2,L1,2026-01-06,call")
    second = take("touchpoints", lines, "T1,L1,2026-01-06,email")

    assert take_back(first) == (
        {"touchpoints": 1},
        {},
        {"touchpoints changed_since": 1},
    )
    in_force = Touchpoint.objects.filter(in_force=True, is_withdrawal=False)
    assert [touch.type for touch in in_force] == ["email"]
    assert take_back(second) == ({}, {"touchpoints": 1}, {})
    assert [touch.type for touch in in_force.all()] == ["call"]


def test_spend_that_was_replaced_since_is_kept(take, sally):
    fair = Campaign.objects.create(name="Fair", created_at=CREATED)
    load = take(
        "spend",
        "campaign,day,amount,currency",
        *(f"Fair,2026-01-0{n},10,EUR" for n in (5, 6)),
    )
    again = NewSpend(fair.pk, DAY, Decimal(12), "EUR")
    spend.enter_many([again], by=sally, at=LATER)

    assert take_back(load) == ({"spend": 1}, {}, {"spend changed_since": 1})
    in_force = SpendEntry.objects.filter(in_force=True, is_withdrawal=False)
    assert [row.amount for row in in_force] == [Decimal(12)]


def test_revenue_that_was_reduced_since_is_kept(take, sally):
    alfa = make_company(name="Alfa", external_system="crm", external_id="C1")
    load = take(
        "revenue",
        "company_external_id,kind,starts_on,amount,currency",
        "C1,new,2026-01-05,100,EUR",
        "C1,expansion,2026-03-05,50,EUR",
        "C1,one_off,2026-01-05,9,EUR",
    )
    less = NewRevenue(
        ("company", alfa.pk), "contraction", date(2026, 3, 6), Decimal(10), "EUR"
    )
    assert revenue.enter(less, by=sally, at=clock.now()).code == "created"

    assert take_back(load) == ({"revenue": 1}, {}, {"revenue built_upon": 2})
    in_force = RevenueEntry.objects.filter(in_force=True, is_withdrawal=False)
    assert in_force.count() == 3


def test_rates_that_sums_were_converted_with_are_kept(take, sally):
    fair = Campaign.objects.create(name="Fair", created_at=CREATED)
    load = take(
        "exchange-rates",
        "day,currency,rate",
        *("2026-01-05,RON,5", "2026-01-07,RON,5.1", "2026-01-05,PLN,4.2"),
    )
    spent = NewSpend(fair.pk, date(2026, 1, 6), Decimal(10), "RON")
    spend.enter_many([spent], by=sally, at=clock.now())

    assert take_back(load) == ({"rates": 2}, {}, {"rates built_upon": 1})
    assert [str(rate.day) for rate in ExchangeRate.objects.all()] == ["2026-01-05"]


def test_companies_and_campaigns_in_use_are_kept(take, sally):
    load = take(
        "leads",
        "external_id,email,company,campaign",
        *(f"L{n},l{n}@gmail.com,Company {n},Campaign {n}" for n in (1, 2, 3)),
    )
    second = Company.objects.get(name="Company 2")
    companies.change(second, {"segment": "big"}, by=sally, at=LATER)
    leads.change(lead(1), {"source": "fair"}, by=sally, at=LATER)

    told = take_back(load)

    assert told == (
        {"leads": 2, "companies": 1, "campaigns": 2},
        {},
        {"leads built_upon": 1, "companies built_upon": 2, "campaigns built_upon": 1},
    )
    left = Company.objects.filter(withdrawn_at=None).order_by("name")
    assert [company.name for company in left] == ["Company 1", "Company 2"]
    campaigns = Campaign.objects.filter(withdrawn_at=None)
    assert [campaign.name for campaign in campaigns] == ["Campaign 1"]


def command(load, *words):
    answer = StringIO()
    call_command("undo_load", str(load.pk), *words, stdout=answer)
    return answer.getvalue()


def test_the_command_says_what_it_did(take, sally):
    load = take("leads", *LEADS[:3])
    leads.change(lead(1), {"source": "fair"}, by=sally, at=LATER)

    dry = json.loads(command(load, "--dry-run", "--json"))
    assert dry == {
        "records": {"leads": 1},
        "updates": {},
        "kept": {"leads built_upon": 1},
    }
    assert "Nothing was written" in command(load, "--dry-run")
    assert lead(2).exclusion == ""

    told = command(load).splitlines()
    assert told == [
        "taken back: Leads 1",
        "put back: 0",
        "kept: 1",
        "  1 Leads: Something else stands on it by now",
    ]
    assert lead(2).exclusion == "withdrawn"
    with pytest.raises(CommandError, match="undone already"):
        command(load)
    with pytest.raises(CommandError, match="no load 0"):
        call_command("undo_load", "0")
