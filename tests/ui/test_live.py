"""Live regions: within two seconds, without losing anything a person does."""

import pytest

from tests.ui import pages

pytestmark = pytest.mark.browser
SECONDS = 1000


def shown(page, text, within=2 * SECONDS):
    page.wait_for_function(
        "text => document.querySelector('#accepted').textContent === text",
        arg=text,
        timeout=within,
    )


def test_a_change_is_shown_within_two_seconds_and_only_it_is_tinted(page):
    page.goto("/live-page/")
    shown(page, "378")
    pages.move()
    shown(page, "379")
    tints = "id => document.getElementById(id).getAnimations().length"
    assert page.evaluate(tints, "accepted") == 1
    assert page.evaluate(tints, "steady") == 0
    assert page.text_content("[data-live-position]") == "1"


def test_a_region_inside_keeps_what_it_fetched(page):
    page.goto("/live-page/")
    page.wait_for_selector("#inner i")
    pages.move()
    shown(page, "379")
    assert page.text_content("#inner") == "brought"


def test_a_held_page_stands_still_and_catches_up_when_let_go(page):
    page.goto("/live-page/")
    page.click("[data-live-hold]")
    assert page.text_content("[data-live-state]") == "held"
    asked = pages.World.asked
    pages.move()
    page.wait_for_timeout(1.7 * SECONDS)
    assert page.text_content("#accepted") == "378"
    assert pages.World.asked <= asked + 1  # one question may be on its way
    page.click("[data-live-hold]")
    shown(page, "379")
    assert page.text_content("[data-live-state]") == "live"


def test_a_hidden_tab_does_not_ask(page):
    page.goto("/live-page/")
    page.evaluate(
        """Object.defineProperty(document, "hidden", {value: true, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"))"""
    )
    page.wait_for_timeout(1.5 * SECONDS)
    asked = pages.World.asked
    page.wait_for_timeout(1.7 * SECONDS)
    assert pages.World.asked == asked
    pages.move()
    page.evaluate(
        """delete document.hidden;
        document.dispatchEvent(new Event("visibilitychange"))"""
    )
    shown(page, "379")


def test_typing_focus_and_opened_details_survive_a_refresh(page):
    page.goto("/form-page/")
    page.click("#more summary")
    page.fill("#note input", "half a wo")
    pages.move()
    shown(page, "379")
    page.keyboard.type("rd")
    assert page.input_value("#note input") == "half a word"
    assert page.evaluate("document.activeElement.name") == "note"
    assert page.evaluate("document.querySelector('#more').open") is True


def test_what_was_typed_survives_when_the_server_sends_another_value(page):
    page.goto("/form-page/")
    page.fill("#note input", "mine")
    page.focus("#more summary")
    pages.move()
    shown(page, "379")
    assert page.input_value("#note input") == "mine"
    assert focused_tag(page) == "SUMMARY"


def focused_tag(page):
    return page.evaluate("document.activeElement.tagName")


def test_a_region_that_would_lose_typing_waits_until_it_is_given_up(page):
    page.goto("/live-page/")
    page.evaluate(
        "document.querySelector('#numbers').append(document.querySelector('#away'))"
    )
    page.fill("#away input", "kept")
    pages.move()
    page.wait_for_timeout(1.7 * SECONDS)
    assert page.text_content("#accepted") == "378"
    assert page.input_value("#away input") == "kept"
    page.evaluate("document.querySelector('#away').reset()")
    shown(page, "379")


def test_an_outage_is_said_and_made_good(page):
    page.expected = ("ERR_FAILED",)
    page.goto("/live-page/")
    page.route("**/live/**", lambda route: route.abort())
    page.wait_for_function("() => document.body.dataset.live === 'offline'")
    assert "trying again" in page.text_content("[data-live-state]")
    pages.move()
    page.unroute("**/live/**")
    shown(page, "379", within=10 * SECONDS)
    assert page.text_content("[data-live-state]") == "live"


def test_a_region_whose_refresh_failed_is_tried_again(page):
    page.expected = ("500",)
    page.goto("/live-page/")
    page.route("**/region/", lambda route: route.fulfill(status=500), times=2)
    pages.move()
    shown(page, "379", within=6 * SECONDS)
    assert page.locator("#messages li").count() == 0


@pytest.mark.parametrize("status", [401, 403])
def test_signed_out_is_said_once_and_asking_stops(page, status):
    page.expected = (str(status),)
    page.goto("/live-page/")
    page.route("**/live/**", lambda route: route.fulfill(status=status))
    page.wait_for_selector("#messages li")
    page.wait_for_timeout(1.7 * SECONDS)
    assert page.locator("#messages li").count() == 1
    assert "signed out" in page.text_content("#messages li [data-text]")


def test_a_page_without_live_regions_does_not_ask(page):
    page.goto("/acts/")
    page.wait_for_timeout(1.7 * SECONDS)
    assert pages.World.asked == 0
