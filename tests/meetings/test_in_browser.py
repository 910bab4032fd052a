"""Several people in one room: nobody's typing is lost, everybody sees the same."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from foundation.accounts.enums import Role
from foundation.kernel import clock
from meetings.actions import agenda, meetings, records
from meetings.models import Meeting, Note
from tests.factories.accounts import make_user
from tests.factories.meetings import (
    current,
    make_action,
    make_decision,
    make_series,
    make_topic,
    next_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

playwright = pytest.importorskip("playwright.sync_api")

WITHIN = 2_000
"""Milliseconds in which a change is on every open screen (interface.md §1)."""
PATIENCE = 10_000
"""Milliseconds a busy machine gets; `make bench` measures the two seconds."""


@pytest.fixture
def visit(chromium, live_server):
    """Open pages as somebody; what the console complains about fails the test."""
    complaints, contexts = [], []

    def visit(person, path, *, width=1440, theme="light"):
        client = Client()
        client.force_login(person)
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
        )
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in (
                    (settings.SESSION_COOKIE_NAME, session),
                    ("theme", theme),
                )
            ]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda m: complaints.append(m.text) if m.type == "error" else None,
        )
        page.goto(path)
        return page

    visit.complaints = complaints  # type: ignore[attr-defined]
    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sally(db):
    return make_user(Role.HEAD_OF_SALES, name="Sally Ionescu")


@pytest.fixture
def mark(db):
    return make_user(Role.MARKETER, name="Mark Kowalski")


@pytest.fixture
def meeting(sally, mark):
    """Runs since now, with the result and two topics."""
    now = clock.now()
    meeting = next_of(make_series(at=now, sales_facilitator=sally))
    agenda.write(meeting, by=None, at=now)
    meeting.items.exclude(kind="result").delete()
    make_topic(meeting, "Trade fair leads", by=sally, at=now)
    make_topic(meeting, "Price sheet", by=mark, at=now)
    return meetings.start(meeting, by=sally, at=now)


def room(meeting):
    return f"/meetings/{meeting.pk}/"


def test_a_note_of_another_comes_while_somebody_types(visit, meeting, sally, mark):
    hers, his = visit(sally, room(meeting)), visit(mark, room(meeting))
    hers.fill("#note-form textarea", "Half a thou")
    hers.focus("#note-form textarea")

    his.fill("#note-form textarea", "Budget owner missing")
    his.click("#note-form button")

    hers.wait_for_selector("text=Budget owner missing", timeout=PATIENCE)
    hers.keyboard.type("ght")
    assert hers.input_value("#note-form textarea") == "Half a thought"
    his.wait_for_selector("text=Budget owner missing")
    his.keyboard.type("And the next one")
    assert his.input_value("#note-form textarea") == "And the next one"


def test_typing_survives_when_the_room_goes_on(visit, meeting, sally, mark):
    """What was typed stays, and stays about the item it was typed about."""
    first = current(meeting)
    hers, his = visit(sally, room(meeting)), visit(mark, room(meeting))
    hers.fill("#note-form textarea", "About the result")
    hers.fill("#action-form input[name=text]", "Call Wisła")

    his.click("#discuss-form button")
    hers.wait_for_selector("#item-title:text-is('Trade fair leads')", timeout=PATIENCE)
    assert hers.input_value("#action-form input[name=text]") == "Call Wisła"
    hers.click("#note-form button")

    playwright.expect(hers.locator("#note_text")).to_have_value("")
    assert Note.objects.values_list("text", "item").get() == (
        "About the result",
        first.pk,
    )
    assert hers.input_value("#action-form input[name=text]") == "Call Wisła"
    assert hers.input_value("#note_item") == str(current(meeting).pk)


def test_somebody_who_looks_at_another_item_stays_there(visit, meeting, sally, mark):
    hers, his = visit(sally, room(meeting)), visit(mark, room(meeting))
    hers.click(".room-list >> text=Price sheet")
    hers.wait_for_selector("#item-title:text-is('Price sheet')")

    his.click("#discuss-form button")

    hers.wait_for_selector(
        ".room-list .queue-item:has-text('Trade fair leads') >> text=now",
        timeout=PATIENCE,
    )
    assert hers.inner_text("#item-title") == "Price sheet"
    hers.click("text=Follow the room")
    hers.wait_for_selector("#item-title:text-is('Trade fair leads')")


def test_words_typed_when_somebody_ends_the_meeting_are_not_lost(
    visit, meeting, sally, mark
):
    hers, his = visit(sally, room(meeting)), visit(mark, room(meeting))
    hers.fill("#note-form textarea", "One more thing")

    his.click("text=End the meeting")
    his.click("#confirm [data-confirm-answer]")
    his.wait_for_selector("#minutes-title")
    hers.wait_for_timeout(WITHIN)
    assert hers.input_value("#note-form textarea") == "One more thing"

    hers.click("#note-form button")
    hers.wait_for_selector("#minutes-title")
    assert "One more thing" in hers.inner_text("[role=alert]")
    assert Note.objects.count() == 0
    visit.complaints[:] = [c for c in visit.complaints if "409" not in c]


def test_the_timer_runs_and_the_keys_work(visit, meeting, sally):
    page = visit(sally, room(meeting))
    timer = page.locator(".room-item [data-countdown]")
    playwright.expect(timer).not_to_have_text(timer.inner_text())

    page.keyboard.press("x")

    page.wait_for_selector("#item-title:text-is('Trade fair leads')")


def test_an_action_is_ticked_and_the_tick_taken_back(visit, meeting, sally, mark):
    action = make_action(meeting, by=sally, owner=mark, at=clock.now())
    meetings.end(meeting, by=sally, at=clock.now())
    page = visit(mark, "/meetings/")

    page.click("[aria-label^='Done:']")
    page.wait_for_selector("#open-actions >> text=Nothing is open", timeout=PATIENCE)
    action.refresh_from_db()
    assert action.state == "done"

    page.click("#messages >> text=Undo")
    page.wait_for_selector(f"#open-{action.pk}")
    action.refresh_from_db()
    assert page.url.endswith("/meetings/")
    assert action.state == "open"


@pytest.fixture
def places(meeting, sally, mark):
    """Every page of the app, with something on it."""
    now = clock.now()
    records.write_note(current(meeting), "Budget owner missing", by=mark, at=now)
    make_decision(
        meeting, by=sally, at=now, help_by=now.date(), help_kpi="lead_to_customer"
    )
    action = make_action(meeting, by=sally, owner=mark, at=now)
    held = meetings.end(meeting, by=sally, at=now + timedelta(minutes=40))
    planned = next_of(held.series)
    agenda.write(planned, by=None, at=now)
    running = next_of(make_series(at=now, name="Two-weekly", weeks=2))
    meetings.start(running, by=mark, at=now)
    make_action(running, by=mark, at=now)
    return {
        "list": "/meetings/",
        "agenda": room(planned),
        "room": room(running),
        "minutes": room(held),
        "action": f"/meetings/actions/{action.pk}/",
        "series": f"/meetings/series/{held.series_id}/",
        "today": "/",
    }


def axe_source():
    package = pytest.importorskip("axe_playwright_python")
    return (Path(package.__file__).parent / "axe.min.js").read_text()


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.screens
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_every_page_is_sound_at_every_width(visit, places, sally, mark, width, theme):
    """No axe violation, no console error, no sideways scrolling (U1)."""
    source, found = axe_source(), {}
    for name, path in places.items():
        person = sally if name == "series" else mark
        page = visit(person, path, width=width, theme=theme)
        page.wait_for_load_state("networkidle")
        page.evaluate(source)
        result = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found[name] = (
            [
                (each["id"], [node["html"][:120] for node in each["nodes"]])
                for each in result["violations"]
            ],
            wide <= width,
        )
        page.close()

    assert found == dict.fromkeys(places, ([], True))


def test_minutes_on_paper_are_the_minutes_alone(visit, places, mark):
    page = visit(mark, places["minutes"])
    page.emulate_media(media="print")

    assert page.is_visible("#minutes-title")
    for hidden in (".top", ".phone-bar", "[data-print]", ".paper .pill"):
        assert [e.is_visible() for e in page.query_selector_all(hidden)].count(
            True
        ) == 0


def test_reading_minutes_is_open_to_both_teams(visit, places, sally, mark):
    texts = []
    for person in (sally, mark):
        page = visit(person, places["minutes"])
        texts.append(page.inner_text("main"))

    assert texts[0] == texts[1]
    assert Meeting.objects.filter(state="held").count() == 1
