"""A real server, a real Chromium, and people who look at pages with it."""

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django.live_server_helper import LiveServer

DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
PATIENCE = 8_000


@pytest.fixture(scope="session")
def server(django_db_setup) -> Iterator[LiveServer]:
    """The product on a loopback port; whoever asks sees to the database."""
    server = LiveServer("127.0.0.1")
    settings.ALLOWED_HOSTS += ["127.0.0.1"]
    yield server
    server.stop()
    settings.ALLOWED_HOSTS.remove("127.0.0.1")


class Visitor:
    """Somebody with a browser of their own; what it complains about is kept."""

    def __init__(self, chromium, url, session=None, **device):
        self.context = chromium.new_context(base_url=url, locale="en-GB", **device)
        self.context.set_default_timeout(PATIENCE)
        if session is not None:
            self.context.add_cookies([{**session, "url": url}])
        self.page = self.context.new_page()
        self.complaints = []  # type: ignore[var-annotated]
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _said(self, message):
        # A refused load is told twice; the answer itself is kept by `_answered`.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # the page was left
            self.complaints.append(f"{request.url}: {request.failure}")

    def _answered(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def open(self, address):
        """Open a page and wait until its regions and charts are there."""
        self.page.goto(address)
        self.page.wait_for_function(SETTLED)
        return self.page

    def close(self):
        self.context.close()


SETTLED = """() => document.readyState === "complete"
  && !document.querySelector("[aria-busy=true], .waiting, .htmx-request")
  && [...document.querySelectorAll("[data-chart]")].every(
    chart => chart.querySelector("canvas"))"""


def session_of(person):
    """Sign somebody in, past the form; return the cookie."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}


_AT_WORK = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'
"""


def _until_answered():
    """Wait for requests whose browser is gone: the tables are emptied next."""
    limit = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < limit:
            cursor.execute(_AT_WORK)
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.02)


@pytest.fixture
def visit(chromium, live_server):
    """Let somebody look at pages; what a browser complains about fails the test."""
    visitors = []

    def visit(person=None, **device):
        session = session_of(person) if person else None
        visitor = Visitor(chromium, live_server.url, session, **(device or DESKTOP))
        visitors.append(visitor)
        return visitor

    yield visit
    for visitor in visitors:
        visitor.close()
    _until_answered()
    assert [said for visitor in visitors for said in visitor.complaints] == []
