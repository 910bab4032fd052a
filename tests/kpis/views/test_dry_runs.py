"""Asking for a dry run, watching it, and what stands behind its figures."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.jobs.actions import running
from foundation.jobs.enums import JobState
from leads.enums import Cause, Stage
from leads.models import DryRun
from tests.factories.accounts import make_user
from tests.factories.dry_runs import make_draft, make_dry_run
from tests.factories.leads import move
from tests.kpis.views.conftest import NOW
from tests.leads.actions.test_dry_runs import a_lead, an_mql, on

pytestmark = pytest.mark.django_db
WINDOW = {"first_on": "2026-01-01", "last_on": "2026-03-31"}


@pytest.fixture
def head(client):
    person = make_user(Role.HEAD_OF_MARKETING, name="Mona Marketing")
    client.force_login(person)
    return person


def worked(run):
    assert running.run_next("long")
    run.refresh_from_db()
    return run


def test_the_last_full_quarter_is_proposed(client, head):
    version = make_draft()

    answer = client.get(reverse("kpis:dry-runs-of", args=[version.pk]))

    form = answer.context_data["form"]
    assert (form.initial["first_on"], form.initial["last_on"]) == (
        date(2026, 4, 1),
        date(2026, 6, 30),
    )


def test_a_region_comes_without_the_frame(client, head):
    address = reverse("kpis:dry-runs-of", args=[make_draft().pk])

    region = client.get(address, headers={"HX-Request": "true"}).text

    assert 'id="dry-runs"' in region
    assert "<main" not in region


def test_who_reads_sees_runs_and_no_form(client, mark):
    client.force_login(mark)
    run = make_dry_run()

    answer = client.get(reverse("kpis:dry-runs-of", args=[run.version_id]))

    assert answer.context_data["form"] is None
    address = reverse("kpis:dry-run", args=[run.pk])
    assert [row[0]["url"] for row in answer.context_data["rows"]] == [address]
    page = client.get(address)
    assert page.context_data["job"]["cancel_url"] == ""
    assert client.post(reverse("kpis:dry-run-cancel", args=[run.pk])).status_code == 403


def test_asking_leads_to_the_run_and_once_worked_out_to_its_figures(client, head):
    met, waiting = an_mql(on(2, 10), on(2, 1)), a_lead(on(3, 20))
    version = make_draft()
    address = reverse("kpis:dry-run-ask", args=[version.pk])

    answer = client.post(address, WINDOW)

    run = DryRun.objects.get()
    place = reverse("kpis:dry-run", args=[run.pk])
    assert (answer.status_code, answer.url) == (302, place)
    assert (run.asked_by, run.asked_at, run.version) == (head, NOW, version)
    assert client.post(address, WINDOW, headers={"HX-Request": "true"})[
        "HX-Redirect"
    ] == (place)
    assert DryRun.objects.count() == 1
    region = reverse("kpis:dry-run-progress-region", args=[run.pk])
    assert client.get(region).status_code == 200
    assert client.get(place).context_data["going_on"]

    worked(run)

    assert client.get(region)["HX-Redirect"] == place
    shown = client.get(place).context_data["shown"]
    assert [(bar["outcome"], bar["text"]) for bar in shown.bars] == [
        ("same", "1"),
        ("no_longer", "0"),
        ("newly", "1"),
    ]
    for bar, lead in zip(shown.bars[::2], (met, waiting), strict=True):
        listed = client.get(bar["url"]).context_data
        assert listed["count"] == 1
        lead_page = reverse("leads:lead-detail", args=[lead.pk])
        assert [row[0]["url"] for row in listed["rows"]] == [lead_page]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "first_on"),
        ({**WINDOW, "last_on": "2025-12-01"}, "last_on"),
        ({**WINDOW, "last_on": "2026-12-01"}, "last_on"),
        ({**WINDOW, "first_on": "2020-01-01"}, "first_on"),
    ],
)
def test_a_window_that_is_none_comes_back_with_the_form(client, head, sent, field):
    answer = client.post(reverse("kpis:dry-run-ask", args=[make_draft().pk]), sent)

    assert answer.status_code == 422
    assert field in answer.context_data["form"].errors
    assert not DryRun.objects.exists()


def test_stopping_it_says_so_and_twice_too(client, head):
    run = make_dry_run()
    address = reverse("kpis:dry-run-cancel", args=[run.pk])

    for _ in range(2):
        page = client.post(address, follow=True)
        assert "The dry run was stopped." in page.text
    run.refresh_from_db()
    assert run.state == JobState.CANCELLED


def test_small_groups_are_counts_and_growing_ones_say_so(client, head):
    for _ in range(2):
        an_mql(on(2, 10), on(2, 1))
    run = worked(make_dry_run())

    row = client.get(reverse("kpis:dry-run", args=[run.pk])).context_data["shown"].rows

    texts = [(cell["text"], cell.get("sub", "")) for cell in row[0]]
    assert texts[:3] == [
        ("Qualify under both", ""),
        ("2", "too few to say"),
        ("0 of 2", ""),
    ]
    assert [cell["text"] for cell in row[1][2:]] == ["–"] * 4  # noqa: RUF001


def test_large_groups_are_shares_with_their_interval(client, head):
    for _ in range(30):
        an_mql(on(2, 10), on(2, 1))
    run = worked(make_dry_run())

    shown = client.get(reverse("kpis:dry-run", args=[run.pk])).context_data["shown"]

    cell = shown.rows[0][2]
    assert (cell["text"], cell["sub"]) == ("0\u00a0%", "0.0–11.4")  # noqa: RUF001
    assert shown.flow["links"] == [
        {
            "source": "qualified",
            "target": "same",
            "value": 30,
            "url": f"/numbers/dry-runs/{run.pk}/leads/?group=same",
        },
        {
            "source": "same",
            "target": "no_sql",
            "value": 30,
            "url": f"/numbers/dry-runs/{run.pk}/leads/?group=same&part=no_sql",
        },
    ]


def test_a_definition_of_sql_tells_what_comes_after_sql(client, head):
    won, open_, newly = (an_mql(on(2, 1), on(2, 1)) for _ in range(3))
    for lead in (won, open_):
        move(lead, "sql", on(2, 10))
    move(won, "customer", on(3, 10), cause=Cause.DEAL)
    move(newly, "recycled", on(2, 10), cause=Cause.IMPORT)
    run = worked(make_dry_run(make_draft(stage=Stage.SQL)))
    address = reverse("kpis:dry-run", args=[run.pk])

    shown = client.get(address).context_data["shown"]

    assert [column["label"] for column in shown.columns[2:]] == [
        "to opportunity",
        "customer",
        "still after 3 months",
        "still after 12 months",
    ]
    assert [cell["text"] for cell in shown.rows[0]][1:4] == ["2", "1 of 2", "1 of 2"]
    links = {(each["source"], each["target"]): each for each in shown.flow["links"]}
    assert {ends: each["value"] for ends, each in links.items()} == {
        ("qualified", "same"): 2,
        ("same", "customer"): 1,
        ("same", "no_opportunity"): 1,
        ("waiting", "newly"): 1,
        ("newly", "no_opportunity"): 1,
    }
    for each in links.values():
        assert client.get(each["url"]).context_data["count"] == each["value"]
    rows = list(csv.reader(io.StringIO(_text(client.get(f"{address}?as=csv")))))
    assert rows[0][3] == "to opportunity"
    region = reverse("kpis:dry-runs-of", args=[run.version_id])
    detail = client.get(reverse("leads:definition-detail", args=[run.version_id]))
    assert f'hx-get="{region}"' in detail.text


def test_files_hold_every_figure_and_every_lead(client, head):
    leads = [an_mql(on(2, 10), on(2, 1)) for _ in range(3)]
    run = worked(make_dry_run())

    page = client.get(reverse("kpis:dry-run", args=[run.pk]) + "?as=csv")
    rows = list(csv.reader(io.StringIO(_text(page))))
    assert [row[:4] for row in rows] == [
        ["\ufeffGroup", "Source", "Leads", "to SQL"],
        ["Qualify under both", "All", "3", "0"],
        ["No longer qualify", "All", "0", "0"],
        ["Newly qualify", "All", "0", "0"],
        ["Qualify under both", "web", "3", "0"],
    ]
    address = reverse("kpis:dry-run-leads", args=[run.pk])
    page = client.get(f"{address}?group=same&source=web&as=csv")
    rows = list(csv.reader(io.StringIO(_text(page))))
    assert {row[0] for row in rows[1:]} == {str(lead.pk) for lead in leads}


def _text(answer):
    return b"".join(answer.streaming_content).decode()


def test_pages_of_leads_go_on_where_the_last_one_ended(client, head, monkeypatch):
    leads = [an_mql(on(2, 10), on(2, 1)).pk for _ in range(5)]
    monkeypatch.setattr("kpis.views.records.PAGE_SIZE", 2)
    run = worked(make_dry_run())
    address = reverse("kpis:dry-run-leads", args=[run.pk])

    seen, query = [], "?group=same"
    while query:
        listed = client.get(address + query).context_data
        seen += [int(row[0]["url"].split("/")[2]) for row in listed["rows"]]
        query = listed["older_url"]

    assert seen == leads[::-1]


@pytest.mark.parametrize(
    "query", ["", "?group=none", "?group=same&part=x", "?group=same&after=x"]
)
def test_leads_of_nothing_are_not_there(client, head, query):
    run = worked(make_dry_run())
    address = reverse("kpis:dry-run-leads", args=[run.pk])
    assert client.get(address + query).status_code == 404


def test_the_page_asks_as_much_for_one_lead_as_for_many(client, head):
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    def statements(path):
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        return len(caught.captured_queries)

    def both():
        run = worked(make_dry_run())
        page = reverse("kpis:dry-run", args=[run.pk])
        return statements(page), statements(f"{page}leads/?group=same")

    an_mql(on(2, 10), on(2, 1))
    one = both()
    for _ in range(7):
        an_mql(on(2, 10), on(2, 1))
    assert both() == one


def test_sources_are_written_as_words(client, head):
    from tests.factories.dry_runs import ASKED  # noqa: PLC0415

    paid = {"field": "lead.source", "op": "is", "value": "paid_search"}
    criteria = {"rules": {"all": [paid, ASKED["rules"]["all"][1]]}}
    an_mql(on(2, 10), on(2, 1), source="paid_search")
    run = worked(make_dry_run(make_draft(criteria)))
    address = reverse("kpis:dry-run", args=[run.pk])

    (same,) = client.get(address).context_data["shown"].sources
    assert same["rows"][0][0]["text"] == "paid search"
    listed = client.get(same["rows"][0][1]["url"]).context_data
    assert "paid search" in listed["words"]
    (row,) = listed["rows"]
    assert "paid search" in [cell["text"] for cell in row]
