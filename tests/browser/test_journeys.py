"""What people do in a day, in real browsers against a real server."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.kernel import clock
from leads.actions import decisions
from leads.models import Lead, Note
from tests.browser.conftest import PHONE
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead
from tests.factories.sla import (
    ALWAYS,
    call,
    make_agreement,
    make_calendar,
    states,
)

pytestmark = [
    pytest.mark.screens,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
WITHIN = 2_000
"""Milliseconds in which a change is on every open screen (interface.md §1)."""
KNOWN = "correct horse battery staple"


@pytest.fixture
def sally():
    return make_user(Role.SALES_REP, name="Sally Sales", team=make_team())


@pytest.fixture
def mark():
    return make_user(Role.MARKETER, name="Mark Marketing")


@pytest.fixture
def waiting(sally):
    """Three leads that wait for Sally, the first by an hour less than the next."""
    now = clock.now()
    ages = [timedelta(minutes=minutes) for minutes in (30, 20, 10)]
    return [
        make_lead(
            created_at=now - age,
            at=now - age,
            stage="mql",
            owner_id=sally.pk,
            source="webinar",
        )
        for age in ages
    ]


def stage_is(page, word):
    page.wait_for_function(
        "word => document.querySelector('.lead-head .pill').innerText === word",
        arg=word,
        timeout=WITHIN,
    )


def opened(page, lead):
    """Wait until a lead is open beside the list."""
    page.wait_for_selector(f"#lead-body[hx-get='/leads/{lead.pk}/']")
    page.wait_for_selector(f"#queue-{lead.pk}[aria-current]")


def stage_of(lead):
    return Lead.objects.get(pk=lead.pk).stage


def test_both_teams_read_the_same_numbers(visit, sally, mark, waiting):
    figures = "[...document.querySelectorAll('main .value, main .kpi, main .funnel')]"
    figures += ".map(e => e.innerText)"
    decisions.accept(waiting[0], by=sally, at=clock.now())
    visitors = [visit(sally), visit(mark)]

    for address in ("/", reverse("kpis:numbers"), reverse("sla:agreement")):
        read = [visitor.open(address).evaluate(figures) for visitor in visitors]
        assert read[0] == read[1]
        assert any(any(c.isdigit() for c in figure) for figure in read[0]), address


def test_a_change_comes_to_an_open_page_and_typing_stays(visit, sally, mark, waiting):
    lead = waiting[0]
    selling, reading = visit(sally), visit(mark)
    page = reading.open(f"/leads/{lead.pk}/")
    stage_is(page, "MQL")
    page.locator("#note-text").press_sequentially("Prefers mor")
    selling.open(f"/leads/{lead.pk}/").click("#accept-form button")

    stage_is(page, "SAL")

    page.keyboard.type("nings")
    assert page.input_value("#note-text") == "Prefers mornings"
    page.keyboard.press("Enter")
    page.wait_for_selector(".timeline-item >> text=Prefers mornings")
    assert page.input_value("#note-text") == ""
    assert Note.objects.get().written_by == mark


def test_signing_in_and_accepting_by_key_opens_the_next_lead(visit, sally, waiting):
    sally.set_password(KNOWN)
    sally.save()
    visitor = visit()
    page = visitor.open("/queue/")
    page.fill("[name=login]", sally.email)
    page.fill("[name=password]", KNOWN)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/queue/")
    opened(page, waiting[0])

    page.keyboard.press("a")
    opened(page, waiting[1])
    page.keyboard.press("a")
    opened(page, waiting[2])

    assert [stage_of(lead) for lead in waiting] == ["sal", "sal", "mql"]


def test_a_refusal_without_reason_comes_back_in_its_dialog(visit, sally, waiting):
    visitor = visit(sally)
    page = visitor.open("/queue/")
    opened(page, waiting[0])
    page.keyboard.press("r")
    page.evaluate("document.querySelector('#refuse-form').noValidate = true")
    page.click("#refuse button[type=submit]")
    page.wait_for_selector("#refuse .errorlist")
    assert page.locator("#refuse").evaluate("dialog => dialog.matches(':modal')")
    visitor.complaints.clear()  # the browser tells of the 422

    page.select_option("#refuse [name=reason]", "no_need")
    page.click("#refuse button[type=submit]")

    opened(page, waiting[1])
    assert not page.locator("#refuse").is_visible()
    assert stage_of(waiting[0]) == "recycled"


def test_a_call_is_logged_and_accepted_in_one_step_under_a_finger(
    visit, sally, waiting
):
    visitor = visit(sally, **PHONE)
    page = visitor.open("/queue/")
    page.tap(f"#queue-{waiting[1].pk}")
    opened(page, waiting[1])
    page.tap("[data-dialog=touch]")
    page.tap("#touch label[for=touch_accept]")
    page.tap("#touch button[type=submit]")

    opened(page, waiting[2])

    assert stage_of(waiting[1]) == "sal"
    assert not page.locator("#touch").is_visible()


def test_clocks_pause_and_go_on_without_leaving_the_queue(visit, sally, waiting):
    now = clock.now()
    make_calendar(weekly=ALWAYS)
    make_agreement()
    lead = make_lead(created_at=now, at=now, stage="mql", owner_id=sally.pk)
    call(lead, now, direction="inbound", team="")
    page = visit(sally).open(f"/queue/?lead={lead.pk}")
    opened(page, lead)

    page.click("#lead-clocks [data-dialog=pause]")
    page.check("#pause-form [value=lead_asked]")
    until = now + timedelta(days=1)
    page.fill("#pause-form [name=until_at]", f"{until:%Y-%m-%dT%H:%M}")
    page.click("#pause-form [type=submit]")
    page.wait_for_selector("#resume-form button", timeout=WITHIN)
    assert set(states(lead).values()) == {"paused"}

    page.click("#resume-form button")
    page.wait_for_selector("#lead-clocks [data-dialog=pause]", timeout=WITHIN)
    assert set(states(lead).values()) == {"running"}
