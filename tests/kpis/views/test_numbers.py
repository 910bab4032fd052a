import pytest

from foundation.accounts.enums import Role
from foundation.accounts.models import Workspace
from kpis.actions import facts
from kpis.domain.registry import REGISTRY
from kpis.models import Sheet
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
PLACES = [
    "/numbers/",
    "/numbers/?by=owner&kind=period",
    "/numbers/?by=campaign&step=week&period=2026-Q1",
    "/numbers/?first=2026-03-01&last=2026-03-31",
    "/numbers/all/?period=2026",
    "/numbers/today/?period=2026-Q3",
]


def figures(page):
    """Everything a page shows but when it was read."""
    return {k: v for k, v in page.items() if k not in {"as_of", "live_position"}}


@pytest.mark.parametrize("place", [*PLACES, *(f"/numbers/{key}/" for key in REGISTRY)])
def test_every_place_opens_empty_and_full(client, sally, play, place):
    client.force_login(sally)

    assert client.get(place).status_code == 200
    play(2)
    assert client.get(place).status_code == 200


@pytest.mark.parametrize("place", [p for p in PLACES if "owner" not in p])
def test_both_teams_see_identical_figures(client, sally, mark, play, place):
    play(4)
    pages = []
    for person in (sally, mark, make_user(Role.LEADERSHIP)):
        client.force_login(person)
        pages.append(figures(client.get(place).context_data))

    assert pages[0] == pages[1] == pages[2]


@pytest.mark.parametrize("place", [*PLACES, "/numbers/mql_to_sql/?by=source"])
def test_a_page_has_a_constant_number_of_statements(
    client, sally, play, count_queries, place
):
    client.force_login(sally)
    facts.refresh_all()
    client.get(place)

    play(1)
    first = count_queries(client.get, place)
    play(2)

    assert count_queries(client.get, place) == first


@pytest.mark.parametrize(
    "place", ["/numbers/", "/numbers/all/?period=2026", "/numbers/mql_to_sql/"]
)
def test_who_comes_second_reads_what_was_worked_out(
    client, sally, mark, play, count_queries, place
):
    play(1)
    client.force_login(sally)
    client.get(place)
    client.force_login(mark)
    client.get(place)

    assert count_queries(client.get, place) <= 8


@pytest.mark.parametrize("place", ["/numbers/?by=source&kind=cohort", "/numbers/"])
def test_a_page_is_kept_once_however_its_address_says_it(client, sally, play, place):
    play(1)
    client.force_login(sally)
    client.get(place)
    name = Sheet.objects.get().page
    client.get("/numbers/?by=source")

    assert Sheet.objects.get().page == name


def test_an_empty_workspace_says_what_to_do_next(client, sally):
    client.force_login(sally)

    response = client.get("/numbers/")

    assert "No numbers yet" in response.text
    assert "?period=all" in response.text
    assert "No complete cohort yet" in client.get("/numbers/today/").text


def test_the_address_holds_every_choice(client, sally, play):
    play()
    client.force_login(sally)

    page = client.get(
        "/numbers/?period=2026-Q1&by=country&kind=cohort&within=30&key=mqls&step=week"
    ).context_data

    view = page["view"]
    assert (view.period.label, view.by, view.within, view.key, view.step) == (
        "2026-Q1",
        "country",
        30,
        "mqls",
        "week",
    )
    assert [option["value"] for option in page["windows"] if option["chosen"]] == ["30"]
    assert [row[0]["text"] for row in page["table"].rows] == [
        "All",
        "Romania",
        "Poland",
    ]


def test_only_leads_that_have_had_their_time_are_followed(client, sally, play):
    play()
    client.force_login(sally)

    cut = client.get("/numbers/?period=2026").context_data
    growing = client.get("/numbers/?period=2026-Q3&within=365").context_data

    assert (cut["is_cut"], cut["is_growing"]) == (True, False)
    assert not any(step["immature"] for step in cut["steps_drawn"])
    assert (growing["is_cut"], growing["is_growing"]) == (False, True)
    assert [step["immature"] for step in growing["steps_drawn"]] == [False] + 5 * [True]


def test_a_cohort_and_a_period_are_shown_side_by_side_with_their_difference(
    client, sally, play
):
    play()
    client.force_login(sally)

    response = client.get("/numbers/mql_to_sql/?period=2026&within=30")

    kinds = {kind["current"]: kind for kind in response.context_data["kinds"]}
    assert kinds[True]["v"]["text"] == "33\N{NO-BREAK SPACE}%"
    texts = [kind["v"]["text"] for kind in response.context_data["kinds"]]
    assert texts == [f"{n}\N{NO-BREAK SPACE}%" for n in (33, 67, 33)]
    assert "Why do these two differ?" in response.text


def test_splits_by_person_are_for_that_person_and_heads(client, sally, mark, play):
    play()

    def names(person):
        client.force_login(person)
        page = client.get("/numbers/?by=owner&period=2026").context_data
        return [row[0]["text"] for row in page["table"].rows], page["table"].rows[0]

    own, total = names(sally)
    everybody, same_total = names(make_user(Role.LEADERSHIP))

    assert own == ["All", "not stated", "Sally Sales"]
    assert set(everybody) == {*own, "Mark Marketing"}
    assert total == same_total
    assert names(make_user(Role.HEAD_OF_SALES))[0] == own
    closed = {"persons_visible_to_heads": False}
    Workspace.objects.update_or_create(pk=1, defaults=closed)
    assert names(make_user(Role.HEAD_OF_SALES))[0] == ["All", "not stated"]


@pytest.mark.parametrize(
    ("place", "status", "words"),
    [
        ("/numbers/?period=soon", 400, "is not a period"),
        ("/numbers/?by=moon", 400, "by:"),
        ("/numbers/?step=day&period=1970-01-01/2199-12-31&key=leads", 400, "steps"),
        ("/numbers/nothing/", 404, "no number of this name"),
        ("/numbers/today/?period=x", 400, "is not a period"),
        ("/numbers/all/?period=x", 400, "is not a period"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_wrong_address_is_answered_with_a_sentence(
    client, sally, place, status, words, htmx
):
    client.force_login(sally)

    response = client.get(place, headers={"HX-Request": "true"} if htmx else {})

    assert response.status_code == status
    assert words in response.text
    assert ("<html" in response.text) is not htmx


@pytest.mark.parametrize("language", ["en", "ro", "pl"])
def test_figures_are_written_as_the_language_writes_them(client, play, language):
    play(2)
    client.force_login(make_user(language=language))

    v = client.get("/numbers/lead_to_mql/?period=2026").context_data["v"]

    assert v["text"] == "75\N{NO-BREAK SPACE}%"
    assert client.get("/numbers/?period=2026").status_code == 200
