"""U6: behind every number stand exactly as many records as it says, for each role."""

import csv
import io

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from kpis.actions import facts
from tests.factories.accounts import make_user
from tests.factories.leads import make_lead, move
from tests.kpis.views.conftest import DAY, NOW

pytestmark = pytest.mark.django_db
LIST = reverse("kpis:record-list")


def read(client, query):
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200, response.text
    return response.context_data


CASES = [
    ("key=leads", 8),
    ("key=mqls", 6),
    ("key=leads&by=source&split=web", 4),
    ("key=leads&by=source&split=", 2),
    ("key=leads&by=source&split=fair", 2),
    ("key=mqls&by=country&split=RO", 6),
    ("key=customers_won", 2),
    ("key=lead_to_sql&part=numerator", 4),
    ("key=lead_to_sql&part=denominator", 8),
    ("key=lead_to_sql&within=30&part=numerator", 2),
    ("key=lead_to_customer&by=source&split=web&part=numerator", 2),
    ("key=lead_to_customer&by=source&split=web", 4),
    ("key=mql_to_sql&kind=period&part=numerator", 4),
    ("key=mql_to_sql&kind=period&by=source&split=web&part=numerator", 2),
    ("key=mql_to_sql&kind=attempt&part=numerator", 4),
    ("key=mql_to_sql&kind=attempt", 6),
]


@pytest.mark.parametrize(("query", "number"), CASES)
@pytest.mark.parametrize("worked", [False, True])
def test_there_are_as_many_records_as_the_number_says(
    client, sally, play, worked, query, number
):
    play(2)
    if worked:
        facts.refresh_all()
    client.force_login(sally)

    found = read(client, f"{query}&period=2026")

    assert (found["count"], len(found["rows"])) == (number, number)


@pytest.mark.parametrize("role", [r for r in Role if r != Role.INTEGRATION])
def test_every_link_of_the_table_opens_as_many_records_as_it_says(client, play, role):
    play(3)
    client.force_login(make_user(role))
    for by in ("source", "campaign", "segment", "country"):
        page = client.get(f"/numbers/?by={by}&period=2026").context_data
        counts = [
            cell
            for row in page["table"].rows
            for cell in row[1:]
            if cell.get("url") and not cell["sub"]
        ]
        assert len(counts) > 3
        for cell in counts:
            found = read(client, cell["url"].partition("?")[2])
            assert str(found["count"]) == cell["text"]


def test_every_step_of_the_path_opens_as_many_records_as_it_says(client, sally, play):
    play(3)
    client.force_login(sally)

    steps = client.get("/numbers/?period=2026-Q1").context_data["steps_drawn"]

    assert [step["n"] for step in steps] == ["12", "9", "6", "6", "3", "3"]
    for step in steps:
        found = read(client, step["url"].partition("?")[2])
        assert str(found["count"]) == step["n"]


def test_the_two_sides_of_a_ratio_are_a_click_apart(client, sally, play):
    play()
    client.force_login(sally)

    found = read(client, "key=lead_to_sql&period=2026&within=90")

    assert [part["label"] for part in found["parts"]] == [
        "above the line: 2",
        "below the line: 4",
    ]
    assert [part["current"] for part in found["parts"]] == [False, True]
    above = read(client, found["parts"][0]["url"].partition("?")[2])
    assert (above["count"], above["parts"][0]["current"]) == (2, True)
    assert above["v"]["text"] == "50\N{NO-BREAK SPACE}%"


def test_pages_go_both_ways_and_show_every_record_once(client, sally):
    leads = {make_lead().last_name for _ in range(120)}
    client.force_login(sally)
    seen, query, pages = [], "key=leads&period=2026", []
    while query:
        found = read(client, query)
        pages.append(found)
        seen += [row[0]["text"].partition(" ")[2] for row in found["rows"]]
        query = (found["older_url"] or "").partition("?")[2]

    assert len(pages) == 3
    assert (len(seen), set(seen)) == (120, leads)
    back = read(client, pages[2]["newer_url"].partition("?")[2])
    assert back["rows"] == pages[1]["rows"]
    assert {found["count"] for found in pages} == {120}


def test_the_list_has_a_constant_number_of_statements(
    client, sally, play, count_queries
):
    client.force_login(sally)

    def show(query):
        return count_queries(client.get, f"{LIST}?period=2026&{query}")

    for query in ("key=leads", "key=mql_to_sql&kind=attempt&by=campaign"):
        play(1)
        first = show(query)
        play(2)
        assert show(query) == first


@pytest.mark.parametrize("language", ["en", "ro"])
def test_the_file_holds_every_record(client, play, language):
    person = make_user(language=language)
    play(30)
    client.force_login(person)

    response = client.get(f"{LIST}?key=leads&period=2026&as=csv")
    sent = response.getvalue()
    text = sent.decode("utf-8-sig")
    mark = ";" if language == "ro" else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=mark))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="leads-2026.csv"'
    assert sent.startswith("\ufeff".encode())
    assert (len(rows), {len(row) for row in rows}) == (121, {9})


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\N{FULLWIDTH EQUALS SIGN}1", " =1+1"]
)
def test_no_cell_of_the_file_is_run_as_a_formula(client, sally, name):
    make_lead(first_name=name, last_name="", source=name.strip())
    client.force_login(sally)

    text = client.get(f"{LIST}?key=leads&period=2026&as=csv").getvalue().decode()

    cells = next(csv.reader(io.StringIO(text.splitlines()[1])))
    assert [
        cell
        for cell in cells
        if cell.lstrip()[:1] in set("=+-@\N{FULLWIDTH EQUALS SIGN}")
    ] == []
    assert f"'{name.strip()}" in cells


def test_who_may_not_see_persons_gets_their_own_records_only(client, sally, play):
    play()
    other = make_user(name="Other")
    lead = make_lead(owner_id=other.pk)
    move(lead, "mql", NOW - 100 * DAY)
    client.force_login(sally)
    query = f"{LIST}?key=leads&period=2026&by=owner&split="

    assert client.get(f"{query}{sally.pk}").context_data["count"] == 1
    refused = client.get(f"{query}{other.pk}")
    assert refused.status_code == 403
    assert "for that person" in refused.text
    client.force_login(make_user(Role.LEADERSHIP))
    assert client.get(f"{query}{other.pk}").context_data["count"] == 1


def test_nothing_counted_is_a_calm_page(client, sally):
    client.force_login(sally)

    response = client.get(f"{LIST}?key=leads&period=2020")

    assert response.status_code == 200
    assert "Nothing was counted" in response.text


WRONG = [
    ("period=2026", 404, "does not say which number"),
    ("key=leads", 400, "does not say which period"),
    ("key=nothing&period=2026", 400, "key:"),
    ("key=leads&period=2026-13", 400, "is not a period"),
    ("key=leads&period=2026&by=moon", 400, "by:"),
    ("key=leads&period=2026&by=stage", 400, "not split by that"),
    ("key=leads&period=2026&kind=cohort", 400, "no such kind"),
    ("key=leads&period=2026&within=9", 400, "no window"),
    ("key=leads&period=2026&split=web", 400, "not by what"),
    ("key=leads&period=2026&part=half", 400, "part:"),
    ("key=leads&period=2026&before=x", 400, "before:"),
    ("key=leads&period=2026&as_of=99999", 400, "no such position"),
    ("key=lead_to_mql&period=2026&within=-1", 400, "within:"),
    ("key=lead_to_mql&period=2026&within=99999", 400, "within:"),
    ("key=leads&first=2026-02-01&last=2026-01-01", 400, "before the first"),
    ("key=leads&period=2026\x00", 400, "period:"),
]


@pytest.mark.parametrize(("query", "status", "words"), WRONG)
def test_what_cannot_be_answered_is_a_page_with_a_sentence(
    client, sally, query, status, words
):
    client.force_login(sally)

    response = client.get(f"{LIST}?{query}")

    assert response.status_code == status
    assert words in response.text
    assert "<h1>" in response.text


def test_nobody_sees_records_without_signing_in(client):
    response = client.get(f"{LIST}?key=leads&period=2026")

    assert response.status_code == 302
