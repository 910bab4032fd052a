"""What our small modules do, in a real browser under the strict content policy."""

import pytest

pytestmark = pytest.mark.browser


def focused(page):
    return page.evaluate("document.activeElement.textContent")


def test_csrf_is_sent_from_a_nested_button_and_the_message_offers_undo(page):
    """Checklist §4: a test that CSRF is sent from a nested button."""
    page.goto("/acts/")
    page.click("#post")
    page.wait_for_selector("#out b")
    assert page.text_content("#out b") == "POST"
    assert page.text_content("#messages [data-text]") == "Saved."
    assert page.get_attribute("#messages form", "action") == "/echo/"
    page.click("[data-message-close]")
    assert page.locator("#messages li").count() == 0


def test_a_fault_of_the_server_is_said_and_not_swapped_in(page):
    page.expected = ("500",)
    page.goto("/acts/")
    page.click("#break")
    page.wait_for_selector("#messages li")
    assert "went wrong on our side" in page.text_content("#messages [data-text]")
    assert page.text_content("#out") == ""


def test_a_refused_form_explains_itself_in_place(page):
    page.expected = ("422",)
    page.goto("/acts/")
    page.click("#refuse")
    page.wait_for_selector("#out b")
    assert page.text_content("#out") == "because"
    assert page.locator("#messages li").count() == 0


def test_a_redirect_is_followed_by_the_whole_page(page):
    page.goto("/acts/")
    page.click("#elsewhere")
    page.wait_for_url("**/leads/")
    assert page.locator("header.top").count() == 1


@pytest.mark.parametrize("button", ["#delete", "#merge"])
def test_destructive_things_ask_once(page, button):
    page.goto("/acts/")
    asked = page.locator("#confirm")
    page.click(button)
    assert asked.is_visible()
    page.keyboard.press("Escape")
    assert not asked.is_visible()
    assert page.url.endswith("/acts/")
    assert page.text_content("#out") == ""
    page.click(button)
    page.click("[data-confirm-answer]")
    page.wait_for_selector("b:text-is('POST')")
    assert not asked.is_visible()


def test_keys_walk_a_list_press_buttons_and_stay_out_of_fields(page):
    """Checklist U4."""
    page.goto("/acts/")
    page.keyboard.press("j")
    assert focused(page) == "three"
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert focused(page) == "one"
    page.keyboard.press("r")
    assert page.locator("#ask").is_visible()
    assert page.evaluate("document.activeElement.name") == "why"
    page.keyboard.type("rj?")
    assert page.input_value("#ask input") == "rj?"
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/leads/")


def test_search_is_reached_by_slash_and_control_k(page):
    page.goto("/acts/")
    for keys in ("/", "Control+k"):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(keys)
        assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("gl?")
    assert page.input_value("input[type=search]") == "gl?"
    assert not page.locator("#keys").is_visible()


def test_all_keys_are_listed_and_can_be_switched_off_for_good(page):
    """Checklist U4: single letters can be turned off (WCAG 2.1.4)."""
    page.goto("/acts/")
    page.keyboard.press("?")
    assert page.locator("[data-keys-page] dt").all_inner_texts() == ["R"]
    assert page.locator("[data-keys-page] dd").all_inner_texts() == ["Refuse"]
    assert page.locator("[data-keys-go] dd").all_inner_texts() == ["Today", "Leads"]
    page.uncheck("[data-keys-switch]")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("r")
    assert not page.locator("#ask").is_visible()


def test_ticking_all_counts_and_untick_shows_a_part(page):
    page.goto("/acts/")
    page.check("[data-check-all]")
    assert page.text_content("[data-bulk-count]") == "2"
    page.uncheck("[name=ids] >> nth=0")
    assert page.text_content("[data-bulk-count]") == "1"
    assert page.evaluate("document.querySelector('[data-check-all]').indeterminate")
    page.uncheck("[name=ids] >> nth=1")
    assert page.locator("[data-bulk]").is_hidden()


def test_menus_of_the_kit_open_by_keyboard(page):
    page.goto("/acts/")
    page.focus("#menu")
    page.keyboard.press("ArrowDown")
    assert page.locator("#in-menu").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#in-menu").is_visible()


DARK = "rgb(15, 21, 29)"
GROUND = "getComputedStyle(document.body).backgroundColor"


def test_the_theme_follows_the_system_until_one_is_chosen(page):
    page.emulate_media(color_scheme="dark")
    page.goto("/acts/")
    assert page.evaluate(GROUND) == DARK
    page.context.add_cookies([{"name": "theme", "value": "light", "url": page.url}])
    page.reload()
    assert page.evaluate(GROUND) == "rgb(245, 247, 249)"


def left(page, i):
    return page.locator("[data-countdown]").nth(i)


def test_countdowns_run_in_open_hours_only(page):
    page.clock.install()
    page.goto("/clocks/")
    page.clock.run_for(2000)
    running, closed = left(page, 0).inner_text(), left(page, 1).inner_text()
    page.clock.run_for(61_000)
    assert running.startswith("0:09:")
    assert left(page, 0).inner_text().startswith("0:08:")
    assert left(page, 1).inner_text() == closed == "0:09:41"
    assert left(page, 3).inner_text() == "paused"


def test_countdowns_say_late_and_how_near(page):
    page.clock.install()
    page.goto("/clocks/")
    page.clock.run_for(1500)
    assert left(page, 0).get_attribute("data-state") == "bad"
    assert left(page, 2).inner_text() == "late 0:14"
    assert left(page, 2).get_attribute("data-state") == "late"
    assert left(page, 3).get_attribute("data-state") == "paused"
    assert left(page, 4).inner_text() == "1 hr 6 min"
    page.clock.run_for(572_000)  # the clock is set from whole seconds of the server
    assert left(page, 0).inner_text().startswith("0:00:0")
    page.clock.run_for(60_000)
    assert left(page, 0).inner_text() == "late 0:00"
    scope = page.locator("[data-countdown-scope]").first
    assert scope.get_attribute("data-state") == "late"


def drawn(page, chart):
    page.wait_for_selector(f"#{chart} canvas")
    canvas = page.locator(f"#{chart} .chart-canvas")
    canvas.focus()
    return canvas


def test_each_kind_of_chart_is_drawn_spoken_and_tabled(page):
    page.goto("/charts/")
    said = {}
    for chart in ("bar", "line", "sankey", "heatmap", "scatter"):
        drawn(page, chart)
        page.keyboard.press("ArrowRight")
        said[chart] = page.text_content(f"#{chart} [data-chart-spoken]")
    assert said == {
        "bar": "Webinar: Qualified: 248",
        "line": "Jan: Acceptance: 50.0\xa0% · 46.0\xa0% \u2013 54.0\xa0% · n = 90",
        "sankey": "Old → New: 27",
        "heatmap": "Jan, 30 d: 5.0\xa0%",
        "scatter": "Fair: Reach 10 · Leads 4",
    }
    drawn_only = "c => [...c.children].every(e => e.querySelector('canvas'))"
    assert page.locator("#bar .chart-canvas").evaluate(drawn_only)
    page.click("#bar summary")
    assert page.locator("#bar tbody tr").all_inner_texts() == [
        "Webinar\t248\t151",
        "Fair\t80\t21",
    ]
    links = page.locator("#bar tbody a")
    assert [a.get_attribute("href") for a in links.all()][:2] == ["/q/1/", "/a/1/"]


def test_a_mark_opens_its_records_by_enter(page):
    page.goto("/charts/")
    drawn(page, "bar")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/1/")


def test_a_mark_opens_its_records_by_click(page):
    page.goto("/charts/")
    box = drawn(page, "bar").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.26, box["y"] + box["height"] * 0.7)
    page.wait_for_url("**/q/1/")
