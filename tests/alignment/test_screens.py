"""U1: sign-in, account, panel and API pages in a real browser, axe and console."""

from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings

from foundation.accounts.enums import Role
from tests.architecture import given
from tests.factories.accounts import make_user

pytestmark = [
    pytest.mark.screens,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """tags => axe.run(document, {runOnly: tags}).then(found => found.violations.map(
    v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).join(", ")))"""
WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
VISITOR = [
    "/account/login/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/done/",
    "/account/password/reset/key/1-wrong/",
    "/account/inactive/",
    "/account/invitation/",
]
ADMIN = [
    "/account/",
    "/account/logout/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/tokens/",
    "/admin/",
    "/admin/accounts/user/",
    "/admin/accounts/user/?q=nobody",
    "/admin/accounts/user/do/invite/",
    "/admin/accounts/user/{rep}/",
    "/admin/accounts/user/{rep}/do/disable/",
    "/admin/accounts/team/",
    "/admin/accounts/team/do/new/",
    "/admin/accounts/invitation/",
    "/admin/accounts/apitoken/",
    "/admin/accounts/apitoken/{token}/",
    "/admin/accounts/workspace/",
    "/admin/accounts/workspace/do/change/",
    "/admin/ledger/entry/",
    "/admin/ledger/entry/{entry}/",
    "/admin/ledger/event/",
    "/admin/jobs/job/",
    "/admin/jobs/job/{job}/",
    "/admin/currencies/exchangerate/",
]


@pytest.fixture
def look(live_server, chromium):
    """Open pages in one scheme and every width; return what is wrong with them."""

    def look(paths, scheme, cookie=None):
        context = chromium.new_context(
            base_url=live_server.url, reduced_motion="reduce", color_scheme=scheme
        )
        if cookie:
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies(
                [{"name": name, "value": cookie, "url": live_server.url}]
            )
        page, said = context.new_page(), []
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else 0)
        page.on("pageerror", lambda error: said.append(str(error)))
        found = {path: problems(page, path, said) for path in paths}
        context.close()
        return {path: wrong for path, wrong in found.items() if wrong}

    return look


def problems(page, path, said):
    """Load a page once and look at it in each width."""
    said.clear()
    page.goto(path)
    page.evaluate(AXE)
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{width} {text}" for text in page.evaluate(RUN, TAGS)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{width} is too narrow")
    refused = "404 (Not Found)"  # a page that says so is meant to
    return wrong + [text for text in said if refused not in text]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_pages_before_signing_in(look, scheme):
    assert look(VISITOR, scheme) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_pages_of_an_administrator(look, client, scheme):
    admin = make_user(Role.ADMIN)
    client.force_login(admin)
    made = {
        "rep": given.a_rep(admin),
        "token": given.a_token(admin),
        "entry": given.an_entry(admin),
        "job": given.a_dead_job(admin),
    }
    given.a_rate(admin)
    pks = {name: parts["pk"] for name, parts in made.items()}
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    assert look([path.format(**pks) for path in ADMIN], scheme, cookie) == {}


def test_the_page_about_the_api_draws_itself(live_server, chromium, client):
    """Under our own content policy, from our own files."""
    client.force_login(make_user(Role.ADMIN))
    context = chromium.new_context(base_url=live_server.url)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page, said = context.new_page(), []
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else 0)

    page.goto("/api/v1/docs/")
    page.locator("text=/api/v1/me/").first.wait_for(timeout=20_000)

    assert said == []
    context.close()


def test_signing_in_by_hand(live_server, chromium):
    person = make_user(name="Ana Pop")
    person.set_password("right horse battery")
    person.save()
    page = chromium.new_context(base_url=live_server.url).new_page()

    page.goto("/account/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill("right horse battery")
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url("**/account/")
    assert page.get_by_role("heading", name="Your account").is_visible()
    page.context.close()


def test_a_violation_would_be_found(look, live_server, chromium):
    """The check itself can fail."""
    page = chromium.new_context(base_url=live_server.url).new_page()
    page.goto("/account/login/")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate(AXE)

    assert [text.partition(":")[0] for text in page.evaluate(RUN, TAGS)] == ["label"]
    page.context.close()
