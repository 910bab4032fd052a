"""Every page, at three widths, light and dark: it opens, fits, and all can use it."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from foundation.accounts.enums import Role
from tests.architecture import matrix
from tests.browser.conftest import DESKTOP, PHONE, Visitor, session_of
from tests.browser.pages import Page, is_page, pages
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead

pytestmark = [pytest.mark.screens, pytest.mark.browser, pytest.mark.django_db]

PAGES = pages()
ROLES = {page.role for page in PAGES} - {matrix.NOBODY} | {Role.SALES_REP}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast"]
# All rules once at each width; in the other scheme only colours can differ.
ON_DESKTOP = [(1440, "light", RULES), (1440, "dark", COLOURS)]
ON_DESKTOP += [(768, "dark", RULES), (768, "light", COLOURS)]
ON_PHONE = [(360, "light", RULES), (360, "dark", COLOURS)]
RUN = """rules => axe.run({runOnly: rules, preload: false}).then(
  found => found.violations.flatMap(v => v.nodes.map(n => `${v.id} ${n.target}`)))"""
# Swagger UI's rows are buttons that hold links: known there, and not ours to mend.
THEIRS = re.compile(r"nested-interactive .*(#operations-|opblock)")
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAINTED = (
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
)


@pytest.fixture(scope="module")
def axe():
    package = pytest.importorskip("axe_playwright_python")
    return (Path(package.__file__).parent / "axe.min.js").read_text()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """What pages need, kept for all of them: their addresses, and sessions of roles."""
    with django_db_blocker.unblock():
        try:
            yield _world()
        finally:
            call_command("flush", verbosity=0, interactive=False)


def _world():
    people = {role: make_user(role, team=make_team()) for role in ROLES}  # type: ignore[arg-type]
    for stage in ("lead", "mql", "mql", "sal"):
        make_lead(stage=stage, owner_id=people[Role.SALES_REP].pk, source="webinar")
    addresses = {page.name: page.address(people.get(page.role)) for page in PAGES}
    return addresses, {role: session_of(person) for role, person in people.items()}


@pytest.fixture(scope="module")
def looker(chromium, server, world):
    """Return the browser of a role on a device, kept open for its next page."""
    visitors, (_, sessions) = {}, world

    def looker(role, device):
        key = (role, device is PHONE)
        if key not in visitors:
            session = sessions.get(role)
            visitors[key] = Visitor(chromium, server.url, session, **device)
        visitors[key].complaints.clear()
        return visitors[key]

    yield looker
    for visitor in visitors.values():
        visitor.close()


def check(page, axe, *, width, scheme, rules):
    """Return what is wrong with the open page at a width and in a colour scheme."""
    page.set_viewport_size({**page.viewport_size, "width": width})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.reload(wait_until="load")
    page.evaluate(axe)
    page.evaluate(PAINTED)
    wider = page.evaluate(WIDER)
    found = [each for each in page.evaluate(RUN, rules) if not THEIRS.match(each)]
    wrong = [f"{wider} px too wide"] if wider else []
    return {f"{width} {scheme} {what}" for what in (*wrong, *found)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_page_opens_fits_and_can_be_used_by_everybody(page, looker, world, axe):
    """Checklist U1."""
    address, wrong = world[0][page.name], set()
    for device, states in ((DESKTOP, ON_DESKTOP), (PHONE, ON_PHONE)):
        visitor = looker(page.role, device)
        visitor.page.set_viewport_size(device["viewport"])
        shown = visitor.open(address)
        shown.evaluate(axe)
        for width, scheme, rules in states:
            wrong |= check(shown, axe, width=width, scheme=scheme, rules=rules)
        wrong |= set(visitor.complaints)
    assert sorted(wrong) == []


def test_no_page_is_missing_from_the_list():
    known = matrix.expectations()
    routes = {route.name for route in matrix.routes() if is_page(route.name)}
    assert sorted(routes - set(known)) == []


def test_what_is_called_no_page_is_none(client):
    reader = make_user(Role.ADMIN)
    client.force_login(reader)
    for name, expected in matrix.expectations().items():
        if is_page(name) or name.startswith("api:") or "GET" not in expected.statuses:
            continue
        answer = client.get(Page(name, Role.ADMIN).address(reader))
        assert b"<html" not in answer.getvalue(), name
