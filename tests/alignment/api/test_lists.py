"""Lists: filters, order, search, and pages that stay put."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.kernel.api.pagination import PAGE_SIZE
from tests.factories.accounts import JOINED_AT, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.alignment.api.probe")]
WHEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def names(answer):
    assert answer.status_code == 200, answer.json()
    return [row["name"] for row in answer.json()["results"]]


def refusal(answer):
    assert answer.status_code == 400
    [fault] = answer.json()["errors"]
    return fault["parameter"], fault["code"]


def test_filters_match_exactly(call):
    team = make_team()
    make_user(name="Ana", team=team)
    make_user(Role.MARKETER, name="Dan", is_active=False)
    make_user(name="")

    assert names(call("get", "people/?role=sales_rep&ordering=name")) == [
        "Ana",
        User.objects.latest("pk").name,
    ]
    assert names(call("get", "people/?name=Ana")) == ["Ana"]
    assert names(call("get", f"people/?team={team.pk}")) == ["Ana"]
    assert names(call("get", "people/?active=false&role=marketer")) == ["Dan"]


def test_moments_are_half_open(call):
    for days in range(3):
        make_user(name=f"Day {days}")
        User.objects.filter(name=f"Day {days}").update(
            joined_at=JOINED_AT + timedelta(days=days)
        )

    after = (JOINED_AT + timedelta(days=1)).isoformat().replace("+", "%2B")
    before = (JOINED_AT + timedelta(days=2)).isoformat().replace("+", "%2B")
    query = f"people/?joined_at_after={after}&joined_at_before={before}"
    assert names(call("get", query)) == ["Day 1"]
    assert names(call("get", "people/?joined_on_after=2026-01-06&name=Day 1")) == [
        "Day 1"
    ]
    assert names(call("get", "people/?joined_on_before=2026-01-06&name=Day 1")) == []


def test_search_looks_into_each_field(call):
    make_user(name="Żaneta Kos")
    make_user(name="Ion Kos")

    assert names(call("get", "people/?search=kos&ordering=name")) == [
        "Ion Kos",
        "Żaneta Kos",
    ]
    assert names(call("get", "people/?search=żaneta")) == ["Żaneta Kos"]
    assert names(call("get", "people/?search=ion&role=marketer")) == []


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("colour=red", "colour", "unknown_parameter"),
        ("role=king", "role", "bad_parameter"),
        ("team=x", "team", "bad_parameter"),
        ("team=-1", "team", "bad_parameter"),
        ("team=99999999999999999999", "team", "bad_parameter"),
        ("active=maybe", "active", "bad_parameter"),
        ("joined_at_after=2026-01-05", "joined_at_after", "bad_parameter"),
        ("joined_at_after=2026-01-05T10:00:00", "joined_at_after", "bad_parameter"),
        ("joined_on_after=yesterday", "joined_on_after", "bad_parameter"),
        ("name=a&name=b", "name", "repeated_parameter"),
        ("name=a%00b", "name", "bad_parameter"),
        ("ordering=email", "ordering", "bad_parameter"),
        ("page_size=0", "page_size", "bad_parameter"),
        ("page_size=501", "page_size", "bad_parameter"),
        ("cursor=nonsense", "cursor", "bad_cursor"),
        ("cursor=WzFd:abc", "cursor", "bad_cursor"),
    ],
)
def test_what_a_list_does_not_understand_is_refused(call, query, parameter, code):
    assert refusal(call("get", f"people/?{query}")) == (parameter, code)


def test_writes_take_their_own_parameters_only(call):
    answer = call("post", "teams/?role=x", {"name": "a"})
    assert refusal(answer) == ("role", "unknown_parameter")
    assert call("post", "teams/?quiet=true", {"name": "a"}).status_code == 201


def all_pages(call, query):
    """Follow ``next`` to the end, and check that ``previous`` leads back."""
    pages, url = [], f"/api/v1/people/?{query}"
    while url:
        answer = call("get", url.partition("/api/v1/")[2]).json()
        pages.append(answer)
        url = answer["next"]
    assert pages[0]["previous"] is None
    for page, following in pairwise(pages):
        back = call("get", following["previous"].partition("/api/v1/")[2]).json()
        assert back["results"] == page["results"]
    return [row["id"] for page in pages for row in page["results"]]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 500])
@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("name", lambda u: (u.name, u.pk)),
        ("-name", lambda u: (u.name, u.pk)),
        ("last_login", lambda u: (u.last_login, u.pk)),
        ("-last_login", lambda u: (u.last_login, u.pk)),
        ("joined_at", lambda u: u.pk),
    ],
)
def test_pages_hold_every_row_once_whatever_is_equal_or_blank(call, order, key, size):
    """Names come twice, half of the people never signed in, all joined together."""
    for number in range(8):
        seen = WHEN + timedelta(hours=number // 4) if number % 2 else None
        make_user(name=f"Person {number // 2}", last_login=seen)
    falling = order.startswith("-")
    blank = [u for u in User.objects.all() if getattr(u, order.lstrip("-")) is None]
    rest = [u for u in User.objects.all() if u not in blank]
    wanted = sorted(rest, key=key, reverse=falling)
    wanted += sorted(blank, key=lambda u: u.pk, reverse=falling)

    found = all_pages(call, f"ordering={order}&page_size={size}")

    assert found == [person.pk for person in wanted]


def test_rows_that_arrive_meanwhile_move_nothing(call):
    people = [make_user() for _ in range(4)]
    first = call("get", "people/?role=sales_rep&page_size=2").json()
    make_user()

    second = call("get", first["next"].partition("/api/v1/")[2]).json()

    assert [row["id"] for row in first["results"] + second["results"]] == [
        person.pk for person in reversed(people)
    ]


def test_a_cursor_of_another_order_is_refused(call):
    for _ in range(3):
        make_user()
    cursor = call("get", "people/?page_size=1").json()["next"].rpartition("cursor=")[2]

    answer = call("get", f"people/?ordering=name&cursor={cursor.partition('&')[0]}")

    assert refusal(answer) == ("cursor", "bad_cursor")


def test_the_usual_page(call):
    for _ in range(PAGE_SIZE + 1):
        make_user()

    answer = call("get", "people/?role=sales_rep").json()

    assert len(answer["results"]) == PAGE_SIZE
    assert answer["next"].startswith("http://testserver/api/v1/people/?")


@pytest.mark.parametrize("count", [1, 3, 60])
def test_a_page_costs_the_same_at_any_length(call, count, django_assert_num_queries):
    for _ in range(count):
        make_user()
    call("get", "people/")

    with django_assert_num_queries(2):  # token and owner; people
        call("get", "people/?ordering=name")


def test_moments_are_written_in_utc_for_everybody(client, sally):
    """A person's time zone is for pages; programs compare answers."""
    sally.time_zone = "Asia/Tokyo"
    sally.last_login = WHEN
    sally.save()
    client.force_login(sally)
    User.objects.filter(pk=sally.pk).update(last_login=WHEN)

    answer = client.get("/api/v1/people/?name=Sally Sales").json()

    assert answer["results"][0]["last_login"] == "2026-03-02T10:00:00Z"
