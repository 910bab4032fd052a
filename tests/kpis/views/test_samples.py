"""Behind each figure of both samples stand as many records as it says."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions import blind_reviews
from leads.enums import Cause
from tests.factories.definitions import define
from tests.factories.leads import make_lead, move
from tests.factories.second_chances import make_second_chance
from tests.kpis.views.conftest import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REGION = reverse("kpis:samples-region")
REVIEWS = reverse("kpis:sample-reviews")
CHANCES = reverse("kpis:sample-chances")


@pytest.fixture
def judged(sally, mark):
    """Three leads drawn this week: judged alike, differently, and by one team only."""
    define(at=NOW - 300 * DAY)
    for _ in range(3):
        make_lead(created_at=NOW - DAY)
    rows = blind_reviews.draw_week(at=NOW)
    said = [(False, False), (True, False), (True, None)]
    for row, (one, other) in zip(rows, said, strict=True):
        blind_reviews.judge(row, qualified=one, by=sally, at=NOW)
        if other is not None:
            blind_reviews.judge(row, qualified=other, by=mark, at=NOW)
    return rows


def listed(client, address):
    context = client.get(address).context_data
    assert context["count"] == len(context["rows"])
    return context["rows"]


def test_behind_the_agreement_stand_the_leads_both_judged(judged, client, sally):
    client.force_login(sally)
    alike, differently, _ = (row.lead.name for row in judged)
    region = client.get(REGION).context_data

    assert (region["week"].alike, region["week"].judged) == (1, 2)
    assert [row[0]["text"] for row in listed(client, region["week_alike_url"])] == [
        alike
    ]
    for address in (region["week_url"], region["alike"]["url"]):
        assert {row[0]["text"] for row in listed(client, address)} == {
            alike,
            differently,
        }
    (row,) = listed(client, region["week_alike_url"])
    assert [cell["text"] for cell in row[2:]] == ["not qualified", "not qualified"]


def test_a_lead_of_an_earlier_week_counts_over_weeks_only(
    judged, client, sally, monkeypatch
):
    later = NOW + 7 * DAY
    monkeypatch.setattr("foundation.kernel.clock.now", lambda: later)
    client.force_login(sally)

    assert listed(client, f"{REVIEWS}?weeks=1") == []
    assert len(listed(client, f"{REVIEWS}?weeks=8")) == 2
    assert listed(client, f"{REVIEWS}?weeks=8&only=alike") != []


def test_behind_each_figure_of_the_second_chance_stand_its_rounds(client, sally):
    sample = [make_second_chance(NOW - 90 * DAY, won_at=NOW - 9 * DAY)]
    sample += [make_second_chance(NOW - 60 * DAY) for _ in range(2)]
    make_second_chance(NOW - 60 * DAY, decided=False)
    accepted = make_lead(created_at=NOW - 20 * DAY)
    move(accepted, "mql", NOW - 19 * DAY, cause=Cause.IMPORT)
    move(accepted, "sal", NOW - 18 * DAY, cause=Cause.ACCEPTED)
    client.force_login(sally)

    given, chance = client.get(REGION).context_data["groups"]

    assert [(given["n"], given["sqls"]["n"]), chance["n"]] == [(1, 1), 3]
    assert {row[0]["url"] for row in listed(client, chance["url"])} == {
        reverse("leads:lead-detail", args=[lead.pk]) for lead in sample
    }
    for share, number in ((chance["sqls"], 1), (chance["customers"], 1)):
        assert len(listed(client, share["url"])) == number
    assert len(listed(client, given["url"])) == 1
    assert listed(client, given["customers"]["url"]) == []


def test_records_are_a_file_too(client, sally):
    make_second_chance(NOW - 60 * DAY)
    client.force_login(sally)

    answer = client.get(f"{CHANCES}?group=sample&as=csv")

    text = b"".join(answer.streaming_content).decode()
    assert [len(row) for row in csv.reader(io.StringIO(text))] == [11, 11]


@pytest.mark.parametrize(
    "address",
    [
        REVIEWS,
        f"{REVIEWS}?weeks=9",
        f"{REVIEWS}?weeks=1&only=x",
        CHANCES,
        f"{CHANCES}?group=x",
        f"{CHANCES}?group=sample&part=x",
    ],
)
def test_what_is_not_asked_properly_is_not_there(client, sally, address):
    client.force_login(sally)
    assert client.get(address).status_code == 404
