"""The funnel of a real company (for testing only; skipped where its data are not)."""

import csv
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from deals.actions import deals
from deals.actions.deals import DealFacts
from foundation.accounts.enums import Role
from foundation.accounts.models import Workspace
from foundation.kernel.periods import start_of
from kpis.actions import facts
from leads.actions import leads
from leads.actions.leads import NewLead
from leads.models import Lead
from tests.factories.accounts import make_user

SHARED = Path(settings.BASE_DIR).parent / "shared"
DATA, VECTORS = SHARED / "data" / "olist", SHARED / "vectors" / "olist.json"
ZONE = ZoneInfo("America/Sao_Paulo")
AT = datetime(2026, 3, 2, 10, tzinfo=ZONE)
BEFORE_FIRST_CONTACT = "b91cf8812365f50ff4bda4bcd6206b05"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason="The data are not here."),
]


def rows(name):
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def expected():
    return json.loads(VECTORS.read_text())


@pytest.fixture(scope="module")
def olist(django_db_setup, django_db_blocker):
    """The company's leads and won deals, told as an import tells them."""
    with django_db_blocker.unblock():
        yield from _told()


def _told():
    with transaction.atomic():
        leads.create_many(
            [
                NewLead(
                    {
                        "external_system": "olist",
                        "external_id": row["mql_id"],
                        "source": row["origin"],
                    },
                    start_of(date.fromisoformat(row["first_contact_date"]), ZONE),
                    stage="mql",
                )
                for row in rows("olist_marketing_qualified_leads_dataset.csv")
            ],
            by=None,
            at=AT,
            live=False,
        )
        ids = dict(Lead.objects.values_list("external_id", "pk"))
        won = rows("olist_closed_deals_dataset.csv")
        saved = deals.save_many(
            [
                DealFacts(
                    ids[row["mql_id"]],
                    "won",
                    closed_at=datetime.fromisoformat(row["won_date"]).replace(
                        tzinfo=ZONE
                    ),
                    values={"segment": row["business_segment"]},
                )
                for row in won
            ],
            by=None,
            at=AT,
            live=False,
        )
        refused = [
            (row["mql_id"], result.code)
            for row, result in zip(won, saved, strict=True)
            if result.refused
        ]
        yield refused
        transaction.set_rollback(True)


@pytest.fixture
def ask(olist, client):
    cache.clear()
    client.force_login(make_user(Role.MARKETER))

    def get(key, zone=ZONE.key, **params):
        Workspace.objects.update_or_create(pk=1, defaults={"time_zone": zone})
        answer = client.get(f"/api/v1/kpis/{key}/", params)
        assert answer.status_code == 200, answer.content
        return answer.json()["values"]

    return get


def nine(text):
    """As the vectors are written: nine places."""
    return None if text is None else float(round(Decimal(text), 9))


def test_one_row_is_won_before_the_first_contact(olist):
    assert olist == [(BEFORE_FIRST_CONTACT, "before_lead_created")]


def test_conversion_by_origin(ask, expected):
    lost = Lead.objects.get(external_id=BEFORE_FIRST_CONTACT).source
    wanted = {None: (8000, 841, round(841 / 8000, 9))}
    for origin, found in expected["conversion_per_origin"].items():
        split = "" if origin == "(blank)" else origin
        won = found["won"] - (split == lost)
        wanted[split] = (found["mqls"], won, round(won / found["mqls"], 9))  # type: ignore[index]

    def shown(**asked):
        values = ask(by="source", kind="cohort", **asked)
        return {
            v["split"]: (v["denominator"], v["numerator"], nine(v["value"]))
            for v in values
        }

    assert shown(key="lead_to_customer") == wanted
    assert shown(key="lead_to_customer", zone="Europe/Bucharest") == wanted
    assert shown(key="mql_to_customer") == wanted
    assert wanted[""] != wanted["unknown"]  # type: ignore[index]
    facts.refresh_all()
    assert not facts.are_owed()
    assert shown(key="lead_to_customer") == wanted


def test_conversion_by_month(ask, expected):
    windows = {None: "won_ever", 30: "won_within_30_days"}
    windows |= {60: "won_within_60_days", 90: "won_within_90_days"}
    wanted = {
        (within, month): (
            found["mqls"],
            won := found[name] - (month == "2018-03"),
            round(won / found["mqls"], 9),
        )
        for within, name in windows.items()
        for month, found in expected["conversion_per_month_cohort"].items()
    }

    def shown():
        return {
            (within, v["period"]): (v["denominator"], v["numerator"], nine(v["value"]))
            for within in windows
            for v in ask(
                "lead_to_customer",
                step="month",
                **({} if within is None else {"within": within}),
            )
            if v["n"]
        }

    assert shown() == wanted
    facts.refresh_all()
    assert shown() == wanted


def test_entries_by_month_and_origin(ask, expected):
    shown = {}  # type: ignore[var-annotated]
    for value in ask("mqls", step="month", by="source"):
        if value["split"] is not None and value["n"]:
            origin = value["split"] or "(blank)"
            shown.setdefault(value["period"], {})[origin] = value["n"]
    assert shown == expected["mqls_per_month_and_origin"]


def test_wins_by_month(ask, expected):
    shown = {v["period"]: v["n"] for v in ask("customers_won", step="month") if v["n"]}
    wanted = dict(expected["wins_per_month_of_won_date"])
    wanted["2018-03"] -= 1  # the row that is won before the first contact
    assert shown == wanted


def test_days_to_won_are_days_that_passed(ask, expected):
    """The vectors count by the wall, where clocks that change add or take an hour."""
    began = dict(Lead.objects.values_list("pk", "created_at"))
    won = Lead.objects.exclude(first_customer_at=None)
    passed = sorted(
        (at - began[pk]).total_seconds() / 86_400  # type: ignore[operator]
        for pk, at in won.values_list("pk", "first_customer_at")
    )

    value = ask("lead_to_customer_days")[0]

    wall = expected["days_first_contact_to_won"]["fractional_without_negative"]
    assert value["n"] == wall["n"] == 841
    assert nine(value["value"]) == wall["median"] == round(passed[420], 9)
    assert nine(value["percentiles"]["p90"]) == round(passed[756], 9)
    assert passed[756] == pytest.approx(wall["p90_linear"], abs=1 / 24 + 1e-6)
