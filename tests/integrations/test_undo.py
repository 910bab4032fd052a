"""Whatever a file brought or changed goes when its load is undone, and comes again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from campaigns.actions import spend
from campaigns.actions.spend import NewSpend
from campaigns.models import Campaign
from deals.actions import deals, revenue
from deals.actions.deals import DealFacts
from deals.actions.revenue import NewRevenue
from deals.models import Deal
from foundation.currencies.actions.rates import publish_many
from foundation.kernel import clock
from integrations.actions import undo
from integrations.enums import LoadState
from integrations.models import Load, LoadChange
from leads.actions import touchpoints
from leads.actions.touchpoints import Touch
from leads.models import Lead
from leads.queries import leads as queries
from tests.factories.leads import make_company, make_lead, move
from tests.integrations.states import (
    differences,
    numbers,
    state,
    verified,
    what_is_said,
)

pytestmark = pytest.mark.django_db
CREATED = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAY = date(2026, 1, 5)


@pytest.fixture
def world(sally):
    """A lead with a deal, revenue, a touch, a company, a campaign and its spend."""
    publish_many([("RON", DAY, Decimal("4.97"))], by=None, at=CREATED)
    alfa = make_company(
        name="Alfa", external_system="crm", external_id="C1", domain="alfa.ro"
    )
    fair = Campaign.objects.create(
        name="Fair", external_system="crm", external_id="K1", created_at=CREATED
    )
    ana = make_lead(
        email="ana@gmail.com",
        external_system="crm",
        external_id="L1",
        created_at=CREATED,
        source="webinar",
        country="RO",
        owner=sally,
    )
    move(ana, "mql", datetime(2026, 1, 6, 8, tzinfo=UTC))
    entry = NewSpend(fair.pk, DAY, Decimal(100), "EUR", category="booth")
    spend.enter_many([entry], by=None, at=CREATED)
    when = datetime(2026, 1, 7, 8, tzinfo=UTC)
    named = {"external_system": "crm", "external_id": "D1"}
    facts = DealFacts(ana.pk, "open", when, None, Decimal(500), "EUR", named)
    deals.save(facts, by=None, at=when)
    paid = NewRevenue(("company", alfa.pk), "new", DAY, Decimal(90), "EUR")
    revenue.enter(paid, by=None, at=when)
    values = {"external_system": "crm", "external_id": "T1", "type": "call"}
    values |= {"direction": "outbound", "team": "sales"}
    touchpoints.log(Touch(ana.pk, when, values), by=None, at=when)
    return ana


LEADS = (
    "external_id,email,source,country,company,company_domain,campaign,owner,stage,"
    "created_at,mql_at,notes"
)
FILES = {
    "companies": [
        "external_id,name,domain,country,employees",
        "C1,Alfa SRL,alfa.eu,RO,60",
        "C2,Beta,beta.pl,PL,5",
    ],
    "campaigns": [
        "external_id,name,channel,starts_on,ends_on,budget,currency",
        "K1,Spring fair,event,2026-03-01,2026-03-05,1000,RON",
        "K2,Fair,email,,,,",
    ],
    "leads": [
        LEADS,
        "L1,ana@alfa.ro,fair,PL,Gamma,gamma.pl,Open day,Mark,sal,,,Called twice",
        "L2,bo@gmail.com,fair,PL,Delta,,Open day,Mark,customer,2026-01-08,2026-01-09,x",
        "L3,cy@gmail.com,web,,,,,,,2026-01-09,,",
    ],
    "stage-changes": [
        "lead_external_id,to_stage,occurred_at,actor,reason,entry_date",
        "L1,sal,2026-01-06 10:00,Sally,,",
        "L1,sql,2026-01-06 12:00,Sally,,",
        "L1,recycled,2026-01-19,Sally,,2026-04-01",
        "L1,mql,2026-01-20,Sally,,",
    ],
    "touchpoints": [
        "external_id,lead_external_id,occurred_at,type,campaign,cost,team",
        "T1,L1,2026-01-07 08:00,email,Fair,12,sales",
        "T2,L1,2026-01-09,webinar,New one,,",
    ],
    "deals": [
        "external_id,lead_external_id,outcome,opened_at,won_at,amount,currency,owner",
        "D1,L1,won,,2026-01-20,700,EUR,Sally",
        "D2,L1,open,2026-01-09,,50,RON,",
        ",L1,won,,2026-01-21,60,EUR,",
    ],
    "exchange-rates": ["day,currency,rate", "2026-01-06,RON,5", "2026-01-06,PLN,4.2"],
    "spend": [
        "campaign,day,amount,currency,category",
        "Fair,2026-01-05,120,EUR,booth",
        "Fair,2026-01-06,7,RON,booth",
        "Another,2026-01-06,1,EUR,",
    ],
    "revenue": [
        "external_id,company_external_id,lead_external_id,kind,starts_on,amount,currency",
        "R1,C1,,expansion,2026-02-01,50,EUR",
        "R2,C1,,contraction,2026-02-10,100,EUR",
        "R3,,L1,new,2026-01-05,30,EUR",
    ],
}


@pytest.fixture
def take(load_file):
    """Load a file of a kind; return the answer and the load."""

    def run(kind, *lines, live=False):
        words = ["--default", "external_system=crm"] * (kind != "exchange-rates")
        words += ["--live"] * live
        text = "\n".join(lines or FILES[kind])
        answer = load_file(kind, text, *words, "--timezone", "UTC")
        assert answer["errors"] == []
        return answer, Load.objects.latest("pk")

    return run


@pytest.fixture
def take_back():
    """Undo a load as it was foreseen; return what was told."""

    def run(load, by=None):
        foreseen = undo.preview(load)
        for _ in undo.run(load, by=by, now=clock.now):
            pass
        load.refresh_from_db()
        assert load.undoing == foreseen.as_json()
        assert (load.state, load.kept) == (LoadState.UNDONE, foreseen.kept_total)
        return foreseen

    return run


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_goes_and_comes_again(kind, world, take, take_back, sally):
    at = clock.now()
    before, counted = state(), numbers(at)

    first, load = take(kind)
    taken, said = state(), what_is_said()
    assert first["created"] + first["updated"] > 1
    assert taken != before

    told = take_back(load, sally)

    assert differences(before, state()) == {}
    assert (numbers(at), verified()) == (counted, "")
    assert told.kept_total == 0
    assert told.records_total > 0
    assert not LoadChange.objects.filter(chunk__load=load).exists()

    again, _ = take(kind)
    assert {**again, "rows": 0} == {**first, "rows": 0}
    assert differences(said, what_is_said()) == {}


def test_undoing_twice_is_refused(world, take, take_back, sally):
    _, load = take("leads")
    take_back(load)
    after = state()
    with pytest.raises(undo.NotUndoable):
        undo.begin(load, by=sally, at=clock.now())
    with pytest.raises(undo.NotUndoable):
        list(undo.run(load, by=sally, now=clock.now))
    assert state() == after
    assert undo.preview(load).records_total == 0


def test_a_deal_told_again_by_hand_comes_back(world, take, take_back):
    _, load = take("deals")
    take_back(load)
    gone = Deal.objects.exclude(withdrawn_at=None).get(external_id="D2")
    when = datetime(2026, 1, 9, tzinfo=UTC)
    named = {"external_system": "crm", "external_id": "D2"}
    facts = DealFacts(world.pk, "open", when, None, Decimal(50), "EUR", named)

    saved = deals.save(facts, by=None, at=clock.now())
    again = deals.save(facts, by=None, at=clock.now())

    assert (saved.code, saved.deal_id) == ("created", gone.pk)
    assert (again.code, again.deal_id) == ("unchanged", gone.pk)
    assert Deal.objects.get(withdrawn_at=None, external_id="D2").currency == "EUR"


def test_a_withdrawn_lead_is_in_no_list(world, take, take_back, sally):
    _, load = take("leads")
    listed = queries.listed(queries.LeadFilter(), reader=sally)
    assert [lead.external_id for lead in listed.leads] == ["L3", "L2", "L1"]
    take_back(load)
    listed = queries.listed(queries.LeadFilter(), reader=sally)
    assert [lead.external_id for lead in listed.leads] == ["L1"]
    found = queries.listed(queries.LeadFilter(text="bo@gmail.com"), reader=sally)
    assert found.leads == []


def test_who_was_withdrawn_can_be_entered_by_hand(world, take, take_back, sally):
    """The row that stays behind for its facts gives up what identified it."""
    names = "external_system;external_id;email;created_at"
    text = f"{names}\ncrm;L7;eva@gmail.com;2026-01-08\n"
    _, load = take("leads", text)
    gone = Lead.objects.get(external_id="L7")
    take_back(load)

    entered = make_lead(
        email="eva@gmail.com", external_system="crm", external_id="L7", by=sally
    )

    gone.refresh_from_db()
    assert entered.pk != gone.pk
    assert (gone.email, gone.external_id, gone.exclusion) == ("", "", "withdrawn")
    told, _ = take("leads", text)
    assert (told["created"], told["updated"] + told["unchanged"]) == (0, 1)
