"""Somebody's own inbox, the bell in the frame, and what they want by e-mail."""

from datetime import timedelta

import pytest

from foundation.ledger.models import Event
from foundation.notifications.actions import delivering
from foundation.notifications.enums import How
from foundation.notifications.models import Notice, Preference
from foundation.notifications.queries.notices import SHOWN, unread_count
from foundation.notifications.queries.preferences import choices_of
from tests.factories import notices
from tests.factories.notices import KIND, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind", "always")]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def reader(client, sally):
    client.force_login(sally)
    return client


def deliver(person, numbers, at):
    rows = [give(person, number, at) for number in numbers]
    delivering.deliver(at=at)
    return rows


def titles(page):
    return [each.words.title for each in page.context_data["said"]]


def test_the_latest_first_and_only_ones_own(reader, at, sally, mark):
    deliver(sally, [1, 2], at)
    deliver(sally, [3], at + timedelta(hours=1))
    deliver(mark, [4], at)

    page = reader.get("/inbox/")

    assert titles(page) == ["Thing 3", "Thing 2", "Thing 1"]
    assert page.context_data["unread"] == 3


def test_what_waits_for_working_hours_is_not_there_yet(reader, at, sally):
    give(sally, 1, at, opens=at + timedelta(hours=1))
    delivering.deliver(at=at)

    page = reader.get("/inbox/")

    assert (titles(page), page.context_data["unread"]) == ([], 0)
    assert "Things" in page.content.decode()  # what will come here


def test_following_a_notice_reads_it_and_goes_to_its_subject(reader, at, sally):
    (row,) = deliver(sally, [7], at)

    answer = reader.get(f"/inbox/{row.pk}/")

    assert (answer.status_code, answer.url) == (302, "/leads/?n=7")
    row.refresh_from_db()
    assert row.read_at is not None
    first = row.read_at
    reader.get(f"/inbox/{row.pk}/")
    row.refresh_from_db()
    assert row.read_at == first


def test_one_whose_subject_is_gone_leads_back_to_the_inbox(reader, at, sally):
    (row,) = deliver(sally, [7], at)
    Notice.objects.update(kind="test.gone")

    assert reader.get(f"/inbox/{row.pk}/").url == "/inbox/"
    assert titles(reader.get("/inbox/")) == []


def test_nobody_reaches_those_of_others(reader, at, sally, mark):
    (row,) = deliver(mark, [7], at)

    assert reader.get(f"/inbox/{row.pk}/").status_code == 404
    assert reader.post(f"/inbox/{row.pk}/read/").status_code == 404
    reader.post("/inbox/read/", {"until": row.pk})
    assert unread_count(mark) == 1


def test_one_is_marked_as_read_in_place(reader, at, sally):
    one, two = deliver(sally, [1, 2], at)

    answer = reader.post(f"/inbox/{one.pk}/read/?show=unread", headers=HTMX)

    assert (answer.status_code, answer["HX-Trigger"]) == (200, "notices:read")
    assert titles(answer) == ["Thing 2"]
    assert answer.content.decode().lstrip().startswith('<section class="card')
    assert list(Notice.objects.filter(read_at=None)) == [two]
    # Without script the page comes back.
    assert reader.post(f"/inbox/{two.pk}/read/").url == "/inbox/"


def test_all_are_read_but_for_those_that_came_since(reader, at, sally):
    late = give(sally, 0, at, opens=at + timedelta(hours=1))
    deliver(sally, [1, 2], at)
    newest = reader.get("/inbox/").context_data["newest"]
    delivering.deliver(at=at + timedelta(hours=1))

    answer = reader.post("/inbox/read/", {"until": newest}, headers=HTMX)

    assert list(Notice.objects.filter(read_at=None)) == [late]
    assert answer.context_data["unread"] == 1
    reader.post("/inbox/read/", {"until": newest})
    assert unread_count(sally) == 1


@pytest.mark.parametrize("until", ["", "x", "²", "9" * 30, "-1", "12345"])
def test_all_up_to_nowhere_are_none(reader, at, sally, until):
    deliver(sally, [1], at)

    assert reader.post("/inbox/read/", {"until": until}).status_code == 302
    assert unread_count(sally) == 1


def test_older_ones_follow_page_by_page(reader, at, sally):
    number = 2 * SHOWN + 3
    deliver(sally, range(number), at)

    seen, address = [], "/inbox/"
    while address:
        page = reader.get(address)
        seen += titles(page)
        address = page.context_data["older_url"]

    assert seen == [f"Thing {n}" for n in reversed(range(number))]


def test_a_page_costs_the_same_for_few_and_many(reader, at, sally, count_queries):
    deliver(sally, [0], at)
    one = count_queries(reader.get, "/inbox/")
    deliver(sally, [1, 2], at)
    assert count_queries(reader.get, "/inbox/") == one
    deliver(sally, range(3, 40), at)
    assert count_queries(reader.get, "/inbox/") == one


class TestBell:
    def bell(self, page):
        text = page.content.decode()
        return text[text.index('<a class="bell"') :].partition("</a>")[0]

    def test_it_counts_what_is_unread_on_every_page(self, reader, at, sally):
        assert "bell-count" not in self.bell(reader.get("/leads/"))
        assert "Inbox, 0 unread notices" in self.bell(reader.get("/leads/"))
        deliver(sally, [1], at)

        shown = self.bell(reader.get("/leads/"))
        assert '<span class="bell-count" aria-hidden="true">1</span>' in shown
        assert "Inbox, 1 unread notice<" in shown
        assert "live:notifications from:body" in shown

    def test_it_comes_alone_when_a_page_asks(self, reader, at, sally):
        deliver(sally, [1, 2], at)
        text = reader.get("/inbox/bell/", headers=HTMX).content.decode().strip()

        assert text.startswith('<a class="bell" id="bell"')
        assert '<span class="bell-count" aria-hidden="true">2</span>' in text

    def test_above_ninety_nine_it_counts_no_further(self, reader, at, sally):
        deliver(sally, range(120), at)
        assert ">99+</span>" in self.bell(reader.get("/leads/"))

    def test_an_open_page_hears_of_a_delivery(self, reader, at, sally):
        give(sally, 1, at)
        shown = reader.get("/inbox/").context_data["live_position"]
        asked = {"at": shown, "topics": "leads,notifications"}
        assert reader.get("/live/", asked).status_code == 204

        delivering.deliver(at=at)

        assert reader.get("/live/", asked).json() == {
            "position": shown + 1,
            "topics": ["notifications"],
        }


class TestPreferences:
    def test_only_kinds_that_can_concern_somebody_are_offered(self, sally, mark):
        with notices.a_kind("test.theirs", roles=("marketer",)):
            mine = {kind.name for kind, _how in choices_of(sally)}
            theirs = {kind.name for kind, _how in choices_of(mark)}
        assert (KIND in mine, KIND in theirs) == (True, False)
        assert ("test.theirs" in mine, "test.theirs" in theirs) == (False, True)

    def test_a_choice_is_kept_and_recorded(self, reader, sally):
        answer = reader.post("/account/notices/", {KIND: "daily"})

        assert (answer.status_code, answer.url) == (302, "/account/notices/")
        assert {kind.name: how for kind, how in choices_of(sally)}[KIND] == How.DAILY
        event = Event.objects.get(kind="notifications.preference.changed")
        assert (event.subject_id, event.payload) == (
            sally.pk,
            {"kind": KIND, "mail": "daily"},
        )
        reader.post("/account/notices/", {KIND: "daily"})
        assert Event.objects.filter(kind=event.kind).count() == 1
        reader.post("/account/notices/", {KIND: "not"})
        assert Preference.objects.get().mail == "not"

    def test_what_is_no_choice_changes_nothing(self, reader):
        reader.post("/account/notices/", {KIND: "pigeon", "test.unknown": "not"})
        assert Preference.objects.count() == 0

    def test_the_account_page_asks_for_it_as_a_region(self, reader):
        page = reader.get("/account/").content.decode()
        assert 'hx-get="/account/notices/"' in page

        region = reader.get("/account/notices/", headers=HTMX).content.decode()
        assert region.lstrip().startswith('<section class="card" id="notice-choices"')
        assert f'<select id="notice-{KIND}" name="{KIND}">' in region
