from decimal import Decimal

import pytest
from django.utils import translation

from foundation.kernel.periods import parse
from kpis.actions import scorecards
from kpis.domain.bottlenecks import MEASURED, NOT_ENOUGH, Step
from kpis.models import Scorecard
from kpis.queries.bottleneck import Finding
from kpis.views import findings
from leads.actions import decisions
from tests.factories.leads import make_lead, move
from tests.kpis import life
from tests.kpis.life import AT, BEGIN, DAY
from tests.kpis.views.conftest import NOW

REGION = "/numbers/today/?period=2026-Q3"


@pytest.mark.django_db
def test_the_figures_are_those_of_the_one_scorecard(client, sally, mark, play):
    play(3)
    card = scorecards.current(parse("2026-Q3"), at=NOW)
    texts = []
    for person in (sally, mark):
        client.force_login(person)
        texts.append(client.get(REGION).text)

    assert texts[0] == texts[1]
    assert Scorecard.objects.count() == 1
    found = client.get(REGION).context_data
    entries = card.values["bottleneck"]["entries"]
    assert found["steps"][0]["n"] == str(entries) == "12"


@pytest.mark.django_db
def test_every_step_of_today_opens_as_many_records_as_it_says(client, sally, play):
    play(3)
    client.force_login(sally)

    steps = client.get(REGION).context_data["steps"]

    assert len(steps) == 6
    for step in steps:
        assert str(client.get(step["url"]).context_data["count"]) == step["n"]


def finding(**fields):
    given = {
        "stage": "mql",
        "to_stage": "sal",
        "n": 912,
        "reached": 378,
        "state": MEASURED,
        "rate": Decimal("0.41"),
        "target": Decimal("0.6"),
        "target_agreed": True,
        "customers": Decimal("11.4"),
        "impact": Decimal(278000),
        "low": Decimal(349000),
        "high": Decimal(211000),
        "assumption": "half_of_accepted",
    }
    step = Step(**(given | fields))  # type: ignore[arg-type]
    worst = step if step.state == MEASURED else None
    return Finding(parse("2026-Q2"), 90, 2148, (step,), worst, Decimal(25000), 40)


def told(**fields):
    with translation.override("en"):
        found = findings.told(finding(**fields), currency="EUR")
    return {k: str(v).replace("\N{NO-BREAK SPACE}", " ") for k, v in found.items()}


def test_a_finding_is_a_sentence_with_its_money_interval_assumption_and_n():
    found = told()

    assert found["money"] == "€ 278,000"
    assert found["headline"] == "Most is lost between MQL and SAL."
    assert found["text"] == "41 % came further, 60 % is agreed."
    for words in ("between € 211,000 and € 349,000", "half as well", "n = 912"):
        assert words in found["note"]


def test_without_a_worth_of_deals_customers_are_told():
    found = told(impact=None, low=None, high=None, target_agreed=False)

    assert found["money"] == "11 customers"
    assert "60 % is usual" in found["text"]
    assert "between" not in found["note"]


def test_too_few_leads_are_no_finding():
    found = told(state=NOT_ENOUGH)

    assert found["headline"] == "Not enough data yet."
    assert "money" not in found


@pytest.fixture
def waiting(sally, mark, monkeypatch):
    """Refusals with reasons, and MQLs that wait; the oldest came first."""
    life.begin(sally, mark)
    leads = [make_lead(created_at=BEGIN, owner=sally) for _ in range(5)]
    for number, lead in enumerate(leads):
        move(lead, "mql", BEGIN + (1 + number) * DAY, by=mark)
    decisions.refuse(leads[0], reason="no_budget", by=sally, at=BEGIN + 9 * DAY)
    decisions.refuse(leads[1], reason="no_budget", by=sally, at=BEGIN + 9 * DAY)
    decisions.disqualify(leads[2], reason="wrong_company", by=sally, at=BEGIN + 9 * DAY)
    monkeypatch.setattr("foundation.kernel.clock.now", lambda: AT)


@pytest.mark.django_db
def test_beside_the_finding_stand_the_oldest_lead_and_the_reasons(
    client, sally, waiting
):
    client.force_login(sally)
    page = client.get("/numbers/today/?period=2026-Q1").context_data

    oldest, refused = page["beside"]
    assert oldest["text"].replace("\N{NO-BREAK SPACE}", " ") == (
        "The oldest MQL has waited 39 days; the median took 4 days."
    )
    assert client.get(oldest["url"]).status_code == 200
    said = refused["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "4 leads were refused, most often: No budget now 50 %, Company does not fit "
        "25 %, No need now 25 %."
    )
    rows = client.get(refused["url"]).context_data["rows"]
    assert sorted(row[4]["text"] for row in rows) == [
        "Company does not fit",
        "No budget now",
        "No budget now",
        "No need now",
    ]


@pytest.mark.django_db
def test_what_is_expected_by_the_end_is_told_with_its_interval(
    client, sally, mark, monkeypatch
):
    life.begin(sally, mark)
    client.force_login(sally)
    monkeypatch.setattr("foundation.kernel.clock.now", lambda: BEGIN + 12 * DAY)
    expected = client.get("/numbers/today/?period=2026-Q1").context_data["revenue"]

    # € 100 in 73 of 90 days
    assert expected["expected"]["value"] == "€\N{NO-BREAK SPACE}123.00"
    monkeypatch.setattr("foundation.kernel.clock.now", lambda: AT)
    over = client.get("/numbers/today/?period=2026-Q1").context_data["revenue"]
    assert over["expected"] == {}
