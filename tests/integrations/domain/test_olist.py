"""Real files of a real company, with dates in a zone where midnights are skipped."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.domain.duplicates import waves
from integrations.domain.mapping import Mapping, zone_of
from integrations.domain.rows import convert
from integrations.domain.tables import open_table
from integrations.domain.values import Reading

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "olist"
LEADS = FOLDER / "olist_marketing_qualified_leads_dataset.csv"
DEALS = FOLDER / "olist_closed_deals_dataset.csv"
ZONE = zone_of("America/Sao_Paulo")

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the data are not here")


def load(kind, path, maps, defaults):
    opened = open_table(path)
    mapping = Mapping.resolve(
        kind, opened.header, maps, defaults, reading=Reading(zone=ZONE)
    )
    batches = list(convert(mapping, opened.rows(), size=3_000))
    return opened, mapping, batches


@pytest.fixture(scope="module")
def leads():
    maps = ["external_id=mql_id", "created_at=first_contact_date", "source=origin"]
    return load("leads", LEADS, maps, ["external_system=olist", "stage=mql"])


@pytest.fixture(scope="module")
def deals():
    maps = [
        *("lead_external_id=mql_id", "won_at=won_date"),
        *("owner=sr_id", "segment=business_segment"),
    ]
    return load("deals", DEALS, maps, ["external_system=olist", "outcome=won"])


def rows_of(loaded):
    return [row for batch in loaded[2] for row in batch.accepted]


def test_the_files_are_read_for_what_they_are(leads, deals):
    assert leads[0].header == (
        *("mql_id", "first_contact_date", "landing_page_id", "origin"),
    )
    assert (leads[0].encoding, leads[0].separator) == ("utf-8", ",")
    assert (leads[0].rows_hint, deals[0].rows_hint) == (8000, 842)
    assert leads[1].ignored == ("landing_page_id",)


def test_every_row_is_accepted(leads, deals):
    for loaded, count in ((leads, 8000), (deals, 842)):
        assert len(rows_of(loaded)) == count
        assert [one for batch in loaded[2] for one in batch.rejected] == []
        assert all(
            waves(loaded[1], batch.accepted) == [batch.accepted] for batch in loaded[2]
        )


def test_blank_and_unknown_sources_stay_apart(leads):
    assert leads[1].targets[2] == "source"
    sources = Counter(row[3] for row in rows_of(leads))

    assert (sources[None], sources["unknown"], sources["organic_search"]) == (
        *(60, 1099, 2296),
    )


def test_days_begin_at_their_first_existing_instant(leads):
    moments = [row[5] for row in rows_of(leads)]
    local = Counter(moment.astimezone(ZONE).time().isoformat() for moment in moments)
    skipped = datetime(2017, 10, 15, 3, tzinfo=UTC)

    assert leads[1].targets[4] == "created_at"
    assert local == {"00:00:00": 7993, "01:00:00": 7}
    assert {m for m in moments if m.astimezone(ZONE).hour == 1} == {skipped}
    assert Counter(f"{m.astimezone(ZONE):%Y-%m}" for m in moments)["2018-01"] == 1141


def test_times_are_those_of_the_place(deals):
    assert deals[1].targets == (
        *("external_system", "lead_external_id", "outcome", "won_at", "owner"),
        "segment",
    )
    assert rows_of(deals)[0] == (
        *(2, "olist", "5420aad7fec3549a85876ba1c529bd84", "won"),
        datetime(2018, 2, 26, 22, 58, 54, tzinfo=UTC),
        *("4ef15afb4b2723d8f3d81e51ec7afefe", "pet"),
    )
