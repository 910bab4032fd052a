"""Every kind of file, through the command, twice, changed, and with bad rows."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from campaigns.models import Campaign, SpendEntry
from deals.models import Deal, DealChange, RevenueEntry
from foundation.currencies.models import ExchangeRate
from foundation.ledger import queries as ledger
from foundation.ledger.models import Entry
from integrations.models import Load
from leads.models import AttributeChange, Company, Lead, StageChange, Touchpoint
from tests.factories.leads import make_company, make_lead

pytestmark = pytest.mark.django_db
CREATED = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def ana(db):
    return make_lead(
        email="ana@gmail.com",
        external_system="crm",
        external_id="L1",
        created_at=CREATED,
        source="webinar",
        country="RO",
    )


@pytest.fixture
def load(load_file, counts):
    """Load lines of text, with identifiers of the system crm; return the answer."""

    def run(kind, *lines, expect, errors=()):
        text = "\n".join(lines)
        words = ["--default", "external_system=crm"]
        if kind == "exchange-rates":
            words = []
        answer = load_file(kind, text, *words, "--timezone", "UTC")
        found = [(e["row"], e["column"], e["code"]) for e in answer["errors"]]
        assert (counts(answer), found) == (expect, list(errors))
        return answer

    return run


def test_companies(load):
    header = "external_id,name,domain,country,employees"
    rows = ["C1,Alfa,www.alfa.ro,Romania,50", ",Beta,beta.pl,PL,", ",Gamma,,,"]
    load("companies", header, *rows, expect=(3, 0, 0, 0))
    load("companies", header, *rows, expect=(0, 0, 3, 0))

    changed = ["C1,Alfa SRL,,,60", "C2,Beta,beta.pl,,", "C1,Alfa SRL,beta.pl,,"]
    load(
        "companies",
        header,
        *changed,
        expect=(0, 2, 0, 1),
        errors=[(4, "external_id", "identity_conflict")],
    )

    found = Company.objects.order_by("pk").values_list(
        "external_id", "name", "domain", "country", "employees"
    )
    assert list(found) == [
        ("C1", "Alfa SRL", "alfa.ro", "RO", 60),
        ("C2", "Beta", "beta.pl", "PL", None),
        ("", "Gamma", "", "", None),
    ]
    facts = AttributeChange.objects.values_list("subject", "field", "value")
    assert list(facts) == [("company", "employees", "60")]


def test_a_domain_that_is_given_up_is_free_for_the_next_row(load):
    header = "external_id,name,domain"
    load("companies", header, "1,Alfa,alfa.ro", expect=(1, 0, 0, 0))

    load("companies", header, "1,Alfa,alfa.eu", "2,New,alfa.ro", expect=(1, 1, 0, 0))

    found = Company.objects.order_by("pk").values_list("external_id", "domain")
    assert list(found) == [("1", "alfa.eu"), ("2", "alfa.ro")]


def test_campaigns(load):
    header = "external_id,name,channel,starts_on,ends_on,budget,currency,owner"
    rows = [
        "K1,Spring fair,targi,2026-03-01,2026-03-05,1000,RON,Mark",
        ",Newsletter,e-mail,,,,,",
    ]
    load("campaigns", header, *rows, expect=(2, 0, 0, 0))
    load("campaigns", header, *rows, expect=(0, 0, 2, 0))

    changed = [
        "K1,Spring fair 2026,,,2026-03-06,,,",
        "K2,Newsletter,,,,500,,",
        "K3,Newsletter,,,,,,",
        "K1,Spring fair 2026,,2026-04-01,,,,",
        ",Spring fair,,,,,,",
    ]
    load(
        "campaigns",
        header,
        *changed,
        expect=(1, 2, 0, 2),
        errors=[
            (4, "external_id", "identity_conflict"),
            (5, "ends_on", "ends_before_start"),
        ],
    )

    found = Campaign.objects.order_by("pk").values_list(
        "external_id", "name", "channel", "ends_on", "budget", "currency", "owner__name"
    )
    assert list(found) == [
        *[
            (
                *("K1", "Spring fair 2026", "event", date(2026, 3, 6)),
                *(Decimal(1000), "RON", "Mark"),
            ),
            ("K2", "Newsletter", "email", None, Decimal(500), "EUR", None),
            ("", "Spring fair", "other", None, None, "", None),
        ]
    ]


def test_stage_changes_in_any_order(load, ana):
    header = "lead_external_id,lead_email,to_stage,occurred_at,reason,actor"
    rows = [
        "L1,,sql,2026-01-09 10:00,,",
        ",ana@gmail.com,mql,2026-01-06 10:00,,Mark",
        "L1,,recycled,2026-01-12,No budget now,",
    ]
    load("stage-changes", header, *rows, expect=(3, 0, 0, 0))
    load("stage-changes", header, *rows, expect=(0, 0, 3, 0))

    bad = [
        "L9,,mql,2026-01-06,,",
        "L1,,mql,2026-01-01,,",
        "L1,,sal,2026-01-08,nonsense,",
        "L1,,sal,2026-01-10,,",
        "L1,,sal,2199-01-10,,",
        "L1,,nowhere,2026-01-10,,",
    ]
    load(
        "stage-changes",
        header,
        *bad,
        expect=(0, 0, 0, 6),
        errors=[
            (2, "lead_external_id", "unknown_lead"),
            (3, "occurred_at", "before_lead_created"),
            (4, "reason", "unknown_reason"),
            (5, "occurred_at", "out_of_order"),
            (6, "occurred_at", "in_future"),
            (7, "to_stage", "unknown_choice"),
        ],
    )

    path = StageChange.objects.filter(lead=ana).order_by("pk")
    assert [(c.to_stage, c.implied, c.reason) for c in path] == [
        ("lead", False, ""),
        ("mql", False, ""),
        ("sal", True, ""),
        ("sql", False, ""),
        ("recycled", False, "no_budget"),
    ]
    assert path[1].actor.name == "Mark"  # type: ignore[union-attr]
    ana.refresh_from_db()
    assert ana.stage == "recycled"


def test_touchpoints(load, ana):
    header = (
        "external_id,lead_email,occurred_at,type,direction,team,campaign,cost,proof"
    )
    rows = [
        "T1,ana@gmail.com,2026-01-03 10:00,form,,,Fair,,",
        "T2,ana@gmail.com,2026-01-04 10:00,call,outbound,sales,,12.50,call",
        ",ana@gmail.com,2026-01-05 10:00,email,,marketing,,,",
        ",ana@gmail.com,2026-01-05 10:00,email,,marketing,,,",
    ]
    load("touchpoints", header, *rows, expect=(3, 0, 1, 0))
    load("touchpoints", header, *rows, expect=(0, 0, 4, 0))

    changed = [
        "T1,ana@gmail.com,2026-01-03 11:00,,,,,,",
        ",ana@gmail.com,2026-01-05 10:00,email,,marketing,,7,",
        ",nobody@gmail.com,2026-01-05 10:00,email,,,,,",
        ",ana@gmail.com,2199-01-05 10:00,email,,,,,",
    ]
    load(
        "touchpoints",
        header,
        *changed,
        expect=(0, 2, 0, 2),
        errors=[
            (4, "lead_email", "unknown_lead"),
            (5, "occurred_at", "in_future"),
        ],
    )

    in_force = Touchpoint.objects.filter(in_force=True, is_withdrawal=False)
    found = in_force.order_by("occurred_at").values_list(
        *("external_id", "occurred_at__hour", "type", "direction", "team"),
        *("campaign__name", "cost", "currency", "proof", "history"),
    )
    own = "self_reported"
    assert list(found) == [
        ("T1", 11, "form", "inbound", "", "Fair", None, "", own, True),
        *[
            (
                *("T2", 10, "call", "outbound", "sales", None),
                *(Decimal("12.50"), "EUR", "call_record", True),
            ),
            ("", 10, "email", "outbound", "marketing", None, 7, "EUR", own, True),
        ],
    ]
    assert Touchpoint.objects.count() == 7


def test_deals(load, ana):
    header = (
        "external_id,lead_external_id,outcome,opened_at,won_at,lost_at,amount,owner"
    )
    rows = [
        "D1,L1,,2026-01-06,,,1000,Sally",
        ",L1,won,,2026-01-10,,500,",
        "D3,L1,,2026-01-07,,2026-01-08,,",
    ]
    load("deals", header, *rows, expect=(3, 0, 0, 0))
    load("deals", header, *rows, expect=(0, 0, 3, 0))

    changed = [
        "D1,L1,,,2026-01-20,,1200,",
        "D4,L1,,,2026-01-04,,,",
        "D5,L9,,,2026-01-24,,,",
        "D6,L1,won,,,,,",
        "D7,L1,,2026-01-09,2026-01-08,,,",
    ]
    load(
        "deals",
        header,
        *changed,
        expect=(0, 1, 0, 4),
        errors=[
            (3, "won_at", "before_lead_created"),
            (4, "lead_external_id", "unknown_lead"),
            (5, "outcome", "closed_at_missing"),
            (6, "won_at", "closed_before_opened"),
        ],
    )

    found = Deal.objects.order_by("pk").values_list(
        "external_id", "outcome", "amount", "currency", "source", "owner__name"
    )
    assert list(found) == [
        ("D1", "won", Decimal(1200), "EUR", "webinar", "Sally"),
        ("", "won", Decimal(500), "EUR", "webinar", None),
        ("D3", "lost", None, "", "webinar", None),
    ]
    ana.refresh_from_db()
    assert (ana.stage, ana.first_customer_at) == (
        "customer",
        datetime(2026, 1, 10, tzinfo=UTC),
    )
    assert DealChange.objects.count() == 4


def test_exchange_rates(load):
    header = "day,currency,base_currency,rate"
    rows = ["2026-01-05,RON,,4.9750", "2026-01-05,PLN,EUR,4.25"]
    load("exchange-rates", header, *rows, expect=(2, 0, 0, 0))
    load("exchange-rates", header, *rows, expect=(0, 0, 2, 0))
    load(
        "exchange-rates",
        header,
        "2026-01-05,RON,,4.98",
        "2026-01-05,EUR,,1",
        "2026-01-06,RON,,0",
        expect=(0, 0, 0, 3),
        errors=[
            (2, "rate", "rate_known"),
            (3, "currency", "same_currency"),
            (4, "rate", "not_positive"),
        ],
    )
    assert ExchangeRate.objects.count() == 2


def test_spend(load):
    Campaign.objects.create(
        name="Fair", external_system="crm", external_id="K1", created_at=CREATED
    )
    header = "campaign,campaign_external_id,day,amount,currency,category"
    rows = [
        "Fair,,2026-01-05,100,EUR,booth",
        ",K1,2026-01-06,50,,",
        "New,,2026-01-06,1,,",
    ]
    load("spend", header, *rows, expect=(3, 0, 0, 0))
    load("spend", header, *rows, expect=(0, 0, 3, 0))
    load(
        "spend",
        header,
        "Fair,,2026-01-05,120,EUR,booth",
        ",K9,2026-01-05,1,,",
        "New,K1,2026-01-05,1,,",
        expect=(0, 1, 0, 2),
        errors=[
            (3, "campaign_external_id", "unknown_campaign"),
            (4, "campaign_external_id", "identity_conflict"),
        ],
    )
    in_force = SpendEntry.objects.filter(in_force=True, is_withdrawal=False)
    found = in_force.order_by("pk").values_list("campaign__name", "amount", "currency")
    assert list(found) == [
        ("Fair", Decimal(50), "EUR"),
        ("New", Decimal(1), "EUR"),
        ("Fair", Decimal(120), "EUR"),
    ]


def test_revenue(load, ana):
    alfa = make_company(name="Alfa", external_system="crm", external_id="C1")
    header = (
        "external_id,company_external_id,lead_external_id,deal_external_id,kind,"
        "starts_on,amount,currency,reason"
    )
    rows = [
        "R2,C1,,,expansion,2026-02-01,50,EUR,",
        "R1,C1,,,new,2026-01-05,100,EUR,",
        ",,L1,,new,2026-01-05,30,,",
        ",,L1,,churn,2026-03-01,,,Price",
    ]
    load("revenue", header, *rows, expect=(4, 0, 0, 0))
    load("revenue", header, *rows, expect=(0, 0, 4, 0))
    load(
        "revenue",
        header,
        "R1,C1,,,new,2026-01-05,120,EUR,",
        ",C9,,,new,2026-01-05,120,EUR,",
        ",,L9,,new,2026-01-05,120,EUR,",
        ",,,D9,new,2026-01-05,120,EUR,",
        ",C1,,,contraction,2026-03-01,999,EUR,",
        ",C1,,,churn,2026-01-01,,EUR,",
        ",C1,,,churn,2026-03-01,,EUR,who knows",
        expect=(0, 0, 0, 7),
        errors=[
            (2, "external_id", "known_otherwise"),
            (3, "company_external_id", "unknown_company"),
            (4, "lead_external_id", "unknown_lead"),
            (5, "deal_external_id", "unknown_deal"),
            (6, "amount", "more_than_there_is"),
            (7, "starts_on", "out_of_order"),
            (8, "reason", "unknown_reason"),
        ],
    )
    found = RevenueEntry.objects.order_by("pk").values_list(
        "company", "lead", "kind", "amount", "reason"
    )
    assert sorted(found, key=str) == sorted(
        [
            (alfa.pk, None, "new", Decimal(100), ""),
            (alfa.pk, None, "expansion", Decimal(50), ""),
            (None, ana.pk, "new", Decimal(30), ""),
            (None, ana.pk, "churn", Decimal(30), "price"),
        ],
        key=str,
    )


def test_what_says_nothing_new_makes_no_entry(load, ana):
    header, row = "email,source", "ana@gmail.com,webinar"
    before = Entry.objects.count()

    load("leads", header, row, expect=(0, 0, 1, 0))

    assert Entry.objects.count() == before
    load("leads", header, "ana@gmail.com,fair", expect=(0, 1, 0, 0))
    assert Entry.objects.latest("pk").cause == f"load:{Load.objects.latest('pk').pk}"
    assert ledger.flaws() == []
    assert Lead.objects.get().source == "fair"
