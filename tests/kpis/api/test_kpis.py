from datetime import UTC, datetime, timedelta

import pytest

from foundation.accounts.enums import Role
from kpis.domain.registry import REGISTRY
from leads.models import Lead
from tests.factories.accounts import make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import call, make_agreement

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BEGIN = datetime(2018, 1, 3, 9, tzinfo=UTC)


@pytest.fixture
def ask(client, mark):
    client.force_login(mark)

    def get(path, **params):
        return client.get(f"/api/v1/{path}", params)

    return get


@pytest.fixture
def two_of_three(sally, mark):
    """Three MQLs of January, two of them customers, of which one after 20 days."""
    for source, owner, days in [("web", sally, 5), ("web", mark, 20), ("", sally, 0)]:
        lead = make_lead(created_at=BEGIN, stage="mql", source=source, owner=owner)
        if days:
            move(lead, "customer", BEGIN + days * DAY)


def test_a_value_comes_with_its_company(ask, two_of_three):
    answer = ask("kpis/mql_to_customer/", period="2018-01", by="source", within=10)

    body = answer.json()
    assert answer.status_code == 200
    assert (body["key"], body["unit"], body["kind"], body["within"], body["by"]) == (
        "mql_to_customer",
        "ratio",
        "cohort",
        10,
        "source",
    )
    total, blank, web = body["values"]
    url = total.pop("records_url")
    assert total == {
        "split": None,
        "label": "",
        "period": "2018-01",
        "n": 3,
        "numerator": 1,
        "denominator": 3,
        "value": "0.3333333333",
        "low": "0.0614919447",
        "high": "0.7923403991",
        "percentiles": {},
        "apart": {},
        "mature": True,
        "small_sample": True,
        "missing": 0,
        "problem": "",
    }
    assert (blank["split"], blank["value"]) == ("", "0.0000000000")
    assert (web["split"], web["value"]) == ("web", "0.5000000000")
    rows = ask(url.removeprefix("http://testserver/api/v1/")).json()["results"]
    assert sorted(row["id"] for row in rows) == sorted(
        Lead.objects.values_list("pk", flat=True)
    )
    assert {row["type"] for row in rows} == {"lead"}


def test_the_records_of_each_part_are_as_many_as_the_number(ask, two_of_three):
    values = ask("kpis/mql_to_customer/", period="2018-01", by="source").json()[
        "values"
    ]

    for value in values:
        url = value["records_url"].removeprefix("http://testserver/api/v1/")
        for part in ("numerator", "denominator"):
            found = ask(f"{url}&part={part}").json()["results"]
            assert len(found) == value[part]


def test_a_series_has_a_value_for_each_step(ask, two_of_three):
    values = ask("kpis/customers_won/", period="2018-Q1", step="month").json()["values"]

    assert [(v["period"], v["value"]) for v in values] == [
        ("2018-01", "2"),
        ("2018-02", "0"),
        ("2018-03", "0"),
    ]


def test_speed_counts_history_by_date_of_mql(ask, sally):
    """What a file tells of years ago took as long as it took."""
    make_agreement()
    now, minute = datetime(2026, 9, 7, 9, tzinfo=UTC), timedelta(minutes=1)
    monday, friday = (datetime(2021, 1, day, 8, tzinfo=UTC) for day in (11, 29))
    for mql, wait, source in [
        (monday, 30 * minute, "web"),
        (monday, 50 * minute, ""),
        (friday, 3 * DAY, ""),  # two of the days are no business time
    ]:
        lead = make_lead(created_at=mql, stage="mql", at=now, source=source)
        call(lead, mql + wait, at=now, by=sally)
    make_lead(created_at=monday, stage="mql", at=now)  # nobody ever called

    body = ask("kpis/speed_to_lead/", period="2021-01", by="source").json()

    total, blank, web = body["values"]
    assert (total["n"], total["value"], total["percentiles"], total["apart"]) == (
        3,
        "50.0000000000",
        {"p90": "442.0000000000"},
        {"in_time": 2, "in_time_share": "0.6666666666", "history": 3},
    )
    assert [(v["split"], v["n"], v["value"]) for v in (blank, web)] == [
        ("", 2, "295.0000000000"),
        ("web", 1, "30.0000000000"),
    ]
    url = total["records_url"].removeprefix("http://testserver/api/v1/")
    assert len(ask(f"{url}&part=history").json()["results"]) == 3
    assert ask("kpis/speed_to_lead/", period="2021-02").json()["values"][0]["n"] == 0


@pytest.mark.parametrize(
    ("path", "params", "status", "parameter"),
    [
        ("kpis/nonsense/", {}, 404, None),
        ("kpis/mqls/", {"period": "soon"}, 400, "period"),
        ("kpis/mqls/", {"by": "colour"}, 400, "by"),
        ("kpis/mqls/", {"by": "stage"}, 400, "by"),
        ("kpis/mqls/", {"kind": "cohort"}, 400, "kind"),
        ("kpis/mqls/", {"within": "9"}, 400, "within"),
        ("kpis/mql_to_sql/", {"within": "4000"}, 400, "within"),
        ("kpis/mql_to_sql/", {"within": "9", "kind": "period"}, 400, "within"),
        ("kpis/mqls/", {"as_of": "999"}, 400, "as_of"),
        ("kpis/mqls/", {"as_of": "0"}, 400, "as_of"),
        ("kpis/mqls/", {"step": "day", "period": "2000/2010"}, 400, "period"),
        (
            "kpis/mqls/",
            {"step": "day", "period": "2000-01-01/2010-01-01"},
            400,
            "step",
        ),
        ("kpis/mqls/", {"colour": "red"}, 400, "colour"),
        ("kpis/mqls/records/", {"part": "best"}, 400, "part"),
    ],
)
def test_bad_questions_name_the_parameter(ask, path, params, status, parameter):
    answer = ask(path, **params)

    assert (answer.status_code, answer["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    assert [e.get("parameter") for e in answer.json()["errors"]] in (
        [[parameter]] if parameter else [[], [None]]
    )


def test_persons_are_compared_by_those_who_may_only(client, two_of_three, sally, mark):
    """S49: totals are for everybody, splits by person are not."""
    lena = make_user(Role.LEADERSHIP)
    head = make_user(Role.HEAD_OF_SALES)
    shown = {}
    for user in (sally, mark, head, lena):
        client.force_login(user)
        body = client.get("/api/v1/kpis/mqls/", {"by": "owner"}).json()
        shown[user.pk] = {v["split"]: v["n"] for v in body["values"]}

    sallys, marks = str(sally.pk), str(mark.pk)
    assert shown == {
        sally.pk: {None: 3, sallys: 2},
        mark.pk: {None: 3, marks: 1},
        head.pk: {None: 3, sallys: 2},
        lena.pk: {None: 3, sallys: 2, marks: 1},
    }
    client.force_login(mark)
    other = {"by": "owner", "split": sallys}
    assert client.get("/api/v1/kpis/mqls/records/", other).status_code == 404
    own = {"by": "owner", "split": marks}
    rows = client.get("/api/v1/kpis/mqls/records/", own).json()["results"]
    assert len(rows) == 1


def test_the_registry_lists_every_kpi(ask):
    results = ask("kpis/").json()["results"]

    assert [row["key"] for row in results] == list(REGISTRY)
    assert next(row for row in results if row["key"] == "leads") == {
        "key": "leads",
        "name": "New leads",
        "unit": "count",
        "direction": "up",
        "formula": "Leads that first entered the stage Lead in the period.",
        "inputs": ["stage_changes"],
        "owner": "both",
        "section": "path",
        "kinds": [],
        "by": ["source", "campaign", "segment", "country", "owner"],
    }
