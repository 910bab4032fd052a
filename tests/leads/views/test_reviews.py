"""Each team judges this week's leads alone, and sees the other's word afterwards."""

import html
import re
from datetime import timedelta

import pytest

from foundation.kernel import clock
from leads.actions import blind_reviews, touchpoints
from leads.actions.touchpoints import Touch
from leads.models import Verdict
from tests.factories.definitions import define, heads
from tests.factories.leads import make_company, make_lead

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = "/definitions/review/"


@pytest.fixture
def drawn(at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at)
    company = make_company(name="Alfa Instal", employees=80)
    lead = make_lead(company=company, job_title="Buyer", created_at=at - DAY)
    values = {"type": "webinar", "direction": "inbound"}
    touchpoints.log(Touch(lead.pk, at - DAY, values), by=None, at=at)
    define()
    (review,) = blind_reviews.draw_week(at=at)
    return review


def shown(client, person):
    client.force_login(person)
    return client.get(PAGE).content.decode()


def test_a_judge_sees_who_it_is_but_neither_stage_nor_score(drawn, client, sally):
    page = shown(client, sally)

    assert [word in page for word in ("Alfa Instal", "Buyer", "80", "Webinar")] == (
        [True] * 4
    )
    name = drawn.lead.name
    assert [word in page for word in (name, "Criteria met", "not met")] == [False] * 3


def test_what_was_said_is_shown_once_both_have_judged(drawn, client, sally, mark):
    for person, word in ((sally, "yes"), (mark, "no")):
        client.force_login(person)
        answer = client.post(f"{PAGE}{drawn.pk}/", {"qualified": word, "why": "Small"})
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        told = "judged differently" in client.get(PAGE).content.decode()
        assert told == (word == "no")

    said = Verdict.objects.order_by("function").values_list("function", "qualified")
    assert list(said) == [("marketing", False), ("sales", True)]


def test_others_are_told_that_they_do_not_judge(drawn, client, lena):
    client.force_login(lena)

    answer = client.post(f"{PAGE}{drawn.pk}/", {"qualified": "yes"})

    assert answer.status_code == 403
    assert "Sales and marketing judge these leads." in answer.content.decode()
    assert Verdict.objects.count() == 0


def test_without_a_word_nothing_is_kept(drawn, client, sally):
    client.force_login(sally)
    assert client.post(f"{PAGE}{drawn.pk}/", {"qualified": "maybe"}).status_code == 422
    assert Verdict.objects.count() == 0


def test_differences_become_a_draft_in_one_click(drawn, client, sally, mark, at):
    blind_reviews.judge(drawn, qualified=True, by=sally, at=at)
    blind_reviews.judge(drawn, qualified=False, by=mark, at=at)
    client.force_login(heads()[0])
    assert "Draft a version from 1 difference" in client.get(PAGE).content.decode()

    answer = client.post(f"{PAGE}propose/", follow=True)

    assert "Version 2 is drafted" in answer.content.decode()


def test_the_samples_stand_beside_each_other(drawn, client, sally, mark, at):
    blind_reviews.judge(drawn, qualified=True, by=sally, at=at)
    blind_reviews.judge(drawn, qualified=True, by=mark, at=at)
    client.force_login(sally)

    page = " ".join(client.get("/numbers/samples/").content.decode().split())

    (alike,) = re.findall(r'href="([^"]+)">1</a> <small>of 1</small>', page)
    for address in (alike, alike.partition("&")[0]):
        listed = client.get(html.unescape(address)).context_data
        assert [row[0]["text"] for row in listed["rows"]] == [drawn.lead.name]
        assert [cell["text"] for cell in listed["rows"][0][2:]] == ["qualified"] * 2
    assert "between 21 % and 100 %" in page
    assert page.count("n = 0") == 2


def test_the_page_costs_the_same_for_one_and_many(
    drawn, client, sally, at, count_queries, monkeypatch
):
    client.force_login(sally)
    client.get(PAGE)
    one = count_queries(client.get, PAGE)
    for _ in range(9):
        make_lead(created_at=at - DAY)
    later = at + 7 * DAY
    blind_reviews.draw_week(at=later)

    monkeypatch.setattr(clock, "now", lambda: later)
    client.force_login(sally)
    client.get(PAGE)

    assert count_queries(client.get, PAGE) == one
