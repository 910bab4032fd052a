"""The real funnel of a real company, beside the project; skipped where it is absent."""

from collections import Counter
from pathlib import Path

import pytest

from deals.models import Deal
from foundation.accounts.models import User
from foundation.ledger import queries as ledger
from foundation.ledger.models import Entry, Event
from leads.models import Lead, StageChange

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "olist"
LEADS = FOLDER / "olist_marketing_qualified_leads_dataset.csv"
DEALS = FOLDER / "olist_closed_deals_dataset.csv"
OF_LEADS = [
    *("--map", "external_id=mql_id", "--map", "created_at=first_contact_date"),
    *("--map", "source=origin", "--default", "external_system=olist"),
    *("--default", "stage=mql", "--timezone", "America/Sao_Paulo"),
]
OF_DEALS = [
    *("--map", "lead_external_id=mql_id", "--map", "won_at=won_date"),
    *("--map", "owner=sr_id", "--map", "segment=business_segment"),
    *("--default", "external_system=olist", "--default", "outcome=won"),
    *("--timezone", "America/Sao_Paulo"),
]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not LEADS.exists(), reason="the data set is not there"),
]


def everything():
    """Every row of the tables that loads write, without ids of the ledger."""
    return {
        model.__name__: Counter(map(str, model.objects.values_list(*fields)))  # type: ignore[attr-defined]
        for model, fields in {
            Lead: ("external_id", "stage", "round", "first_mql_at", "exclusion"),
            StageChange: ("lead__external_id", "to_stage", "occurred_at", "in_force"),
            Deal: ("lead__external_id", "closed_at", "segment", "withdrawn_at"),
            Event: ("kind",),
            Entry: ("cause",),
        }.items()
    }


def test_the_funnel_is_loaded_once(load_file, counts):
    leads = load_file("leads", LEADS, *OF_LEADS)
    assert (leads["rows"], counts(leads)) == (8000, (8000, 0, 0, 0))
    assert leads["errors"] == []

    deals = load_file("deals", DEALS, *OF_DEALS)
    assert (deals["rows"], counts(deals)) == (842, (841, 0, 0, 1))
    assert [(e["column"], e["code"]) for e in deals["errors"]] == [
        ("won_date", "before_lead_created")
    ]
    before = everything()

    assert counts(load_file("leads", LEADS, *OF_LEADS)) == (0, 0, 8000, 0)
    assert counts(load_file("deals", DEALS, *OF_DEALS)) == (0, 0, 841, 1)
    assert everything() == before
    assert ledger.flaws() == []


def test_what_was_loaded_is_what_the_files_say(load_file):
    load_file("leads", LEADS, *OF_LEADS)
    load_file("deals", DEALS, *OF_DEALS)

    sources = Counter(Lead.objects.values_list("source", flat=True))
    assert (sources[""], sources["unknown"], sources["organic_search"]) == (
        60,
        1099,
        2296,
    )
    customers = Lead.objects.filter(stage="customer")
    assert customers.count() == 841
    path = StageChange.objects.filter(lead=customers[0]).order_by("pk")
    assert [(c.to_stage, c.implied, c.history) for c in path] == [
        ("lead", False, True),
        ("mql", False, True),
        ("sal", True, True),
        ("sql", True, True),
        ("opportunity", True, True),
        ("customer", False, True),
    ]
    assert not User.objects.filter(is_active=True).exists()
    owners = Deal.objects.values_list("owner_id", flat=True).distinct().count()
    assert owners == User.objects.count() == 22
