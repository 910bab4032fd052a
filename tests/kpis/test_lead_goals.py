"""From a revenue goal to qualified leads, and to the volume clause of the draft."""

from decimal import Decimal

import pytest

from foundation.accounts.enums import Role
from foundation.documents.models import Version
from kpis.domain.lead_goals import Goal, Plan, work_back
from tests.factories.accounts import make_user
from tests.factories.sla import make_draft, make_signed
from tests.kpis import life

D = Decimal
ASKED = {
    "revenue": "500000",
    "period": "quarter",
    "share": "60",
    "average": "10000",
    "to_customer": "25",
    "to_opportunity": "20",
}
NARROW = {
    "kind": "volume",
    "measure": "count",
    "period": "month",
    "leads": 5,
    "source": "web",
}


@pytest.fixture
def hanna(client, db):
    person = make_user(Role.HEAD_OF_SALES)
    client.force_login(person)
    return person


def test_the_goal_of_the_domain_is_worked_back():
    plan = Plan(D(500_000), D("0.6"), D(10_000), D("0.25"), D("0.2"))
    assert work_back(plan) == Goal(30, 120, 600)


def test_each_number_is_rounded_up_and_nothing_before():
    assert work_back(Plan(D(10), D(1), D(3), D("0.3"), D("0.7"))) == Goal(4, 14, 20)
    assert work_back(Plan(D(1), D("0.1"), D("0.1"), D("0.1"), D("0.1"))) == Goal(
        1, 10, 100
    )


def test_what_was_measured_is_filled_in_with_its_interval(
    client, hanna, sally, mark, monkeypatch
):
    monkeypatch.setattr("foundation.kernel.clock.now", lambda: life.AT)
    life.begin(sally, mark)

    form = client.get("/numbers/lead-goal/").context_data["form"]

    # One deal of 1 200 was won; two of four qualified leads had an opportunity, and one
    # of these two became a customer.
    assert form.initial["average"] == "1200"
    assert (form.initial["to_customer"], form.initial["to_opportunity"]) == ("50", "50")
    told = form.fields["to_opportunity"].help_text.replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith("50 % (15 % \N{EN DASH} 85 %), n = 4, ")


@pytest.mark.django_db
def test_it_is_worked_out_by_what_is_typed(client, hanna):
    told = client.get("/numbers/lead-goal/", ASKED)
    assert told.context_data["goal"] == Goal(30, 120, 600)
    wrong = client.get("/numbers/lead-goal/", {**ASKED, "to_customer": "0"})
    assert wrong.context_data["goal"] is None
    assert list(wrong.context_data["form"].errors) == ["to_customer"]


def clauses():
    row = Version.objects.latest("number")
    return [(c["kind"], c["source"], c.get("leads")) for c in row.content["clauses"]]


def test_one_click_makes_it_the_volume_clause_of_the_draft(client, hanna):
    make_signed()
    usual = [("first_response", "", None), ("acceptance", "", None)]

    answer = client.post("/numbers/lead-goal/agree/", ASKED)
    row = Version.objects.latest("number")
    assert answer.url == f"/agreement/versions/{row.pk}/edit/"
    assert clauses() == [*usual, ("volume", "", 600)]

    client.post("/numbers/lead-goal/agree/", {**ASKED, "revenue": "250000"})
    assert Version.objects.latest("number") == row
    assert clauses() == [*usual, ("volume", "", 300)]


def test_a_narrower_clause_stays_as_it_is(client, hanna):
    make_draft(NARROW, by=hanna)

    client.post("/numbers/lead-goal/agree/", ASKED)

    assert clauses() == [("volume", "web", 5), ("volume", "", 600)]


def test_who_may_not_draft_only_reckons(client, sally):
    client.force_login(sally)
    assert client.get("/numbers/lead-goal/", ASKED).status_code == 200
    assert client.post("/numbers/lead-goal/agree/", ASKED).status_code == 403
    assert Version.objects.count() == 0
