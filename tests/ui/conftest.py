"""The tiny site on a loopback port, and a Chromium that must not complain."""

import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from tests.ui.pages import World

NEEDED = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False

    def handle_error(self, request, client_address):
        """A browser that turns away from a request is no error."""


@pytest.fixture(scope="module")
def site():
    """The address of the tiny site, under the product's own content policy."""
    away = {"ROOT_URLCONF": "tests.ui.pages", "MIDDLEWARE": NEEDED}
    with override_settings(**away, ALLOWED_HOSTS=["127.0.0.1"]):
        server = Server(("127.0.0.1", 0), Quiet)
        server.set_app(StaticFilesHandler(WSGIHandler()))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def page(site, chromium):
    """A page whose console stays empty; `page.expected` names what may appear."""
    World.position, World.accepted, World.asked = 0, 378, 0
    context = chromium.new_context(base_url=site, locale="en-GB")
    page = context.new_page()
    page.expected = ()
    complaints = []
    page.on(
        "console", lambda m: complaints.append(m.text) if m.type == "error" else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    unexpected = [c for c in complaints if not any(e in c for e in page.expected)]
    assert unexpected == []
