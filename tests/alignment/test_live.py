"""Open pages ask whether anything they show has moved."""

import pytest
from django.test import Client

from foundation.accounts.enums import Role
from foundation.ledger import actions as ledger
from foundation.ledger import queries
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(client, sally):
    client.force_login(sally)

    def ask(at, *topics):
        return client.get("/live/", {"at": at, "topics": ",".join(topics)})

    return ask


def write(at, *topics):
    with ledger.entry(by=None, at=at) as entry:
        for topic in topics:
            entry.record(f"{topic}.thing.changed", subject=(topic, 1))


def test_nothing_moved(live, at):
    write(at, "leads")

    answer = live(1, "leads")

    assert (answer.status_code, answer.content) == (204, b"")


def test_what_moved_of_what_is_shown(live, at):
    write(at, "leads", "sla")
    write(at, "kpis")
    write(at, "meetings")

    assert live(0, "leads", "kpis", "campaigns").json() == {
        "position": 3,
        "topics": ["kpis", "leads"],
    }
    assert live(1, "leads", "kpis").json() == {"position": 3, "topics": ["kpis"]}


def test_what_is_not_shown_moves_only_the_position(live, at):
    """So the page asks from there, and the range to look through stays short."""
    write(at, "sla")

    assert live(0, "leads").json() == {"position": 1, "topics": []}
    assert live(0).json() == {"position": 1, "topics": []}


def test_after_a_long_sleep_everything_moved(live, at, monkeypatch):
    monkeypatch.setattr(queries, "_MANY", 3)
    for _ in range(4):
        write(at, "sla")

    assert live(1, "leads").json() == {"position": 4, "topics": []}
    assert live(0, "leads", "kpis").json() == {
        "position": 4,
        "topics": ["kpis", "leads"],
    }


@pytest.mark.parametrize("at_", ["x", "-1", "1.5", "9" * 30, "٣"])
def test_a_position_that_is_none(live, at_):
    assert live(at_, "leads").status_code == 400


def test_a_position_of_the_future_waits(live, at):
    write(at, "leads")

    assert live(10**17, "leads").status_code == 204


def test_signed_out_pages_are_told():
    answer = Client().get("/live/?at=0")

    assert answer.status_code == 302


@pytest.mark.parametrize("entries", [1, 50])
def test_it_costs_two_statements(live, at, entries, django_assert_num_queries):
    for _ in range(entries):
        write(at, "leads")

    with django_assert_num_queries(2):
        live(0, "leads")
    with django_assert_num_queries(2):
        live(entries, "leads")


def test_health_is_short_for_all_and_long_for_leadership(client, lena, sally, at):
    """S57: details are not public."""
    write(at, "leads")
    assert client.get("/health/").json() == {"status": "ok"}
    client.force_login(sally)
    assert client.get("/health/ready/").status_code == 403
    client.force_login(lena)

    answer = client.get("/health/ready/")

    assert (answer.status_code, answer.json()) == (
        503,
        {
            "status": "impaired",
            "redis": True,
            "workers": False,
            "position": 1,
            "jobs": {},
        },
    )


def test_somebody_of_any_role_may_ask(at):
    write(at, "leads")
    for role in (Role.MARKETER, Role.CUSTOMER_CARE, Role.LEADERSHIP):
        client = Client()
        client.force_login(make_user(role))
        assert client.get("/live/?at=0&topics=leads").json()["topics"] == ["leads"]
