"""What every answer carries, and what no request can pretend."""

import json
import re
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.test import Client

from alignment import settings as production
from foundation.accounts.enums import Role
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)


def break_health(monkeypatch):
    def fail(*args, **options):
        raise RuntimeError

    monkeypatch.setattr("alignment.views.health.connection", fail)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/account/login/", 200),
        ("/account/", 302),
        ("/nothing/", 404),
        ("/api/v1/me/", 401),
        ("/api/v1/nothing/", 404),
        ("/health/", 500),
        ("/static/app/icon.svg", 200),
    ],
)
def test_every_answer_is_strict(client, monkeypatch, path, status):
    """S21 to S24: pages, refusals, breakdowns and files alike."""
    client.raise_request_exception = False
    break_health(monkeypatch)

    answer = client.get(path)

    assert answer.status_code == status
    assert answer["Content-Security-Policy"] == POLICY
    assert {
        name: answer[name]
        for name in (
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Resource-Policy",
        )
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert "camera=()" in answer["Permissions-Policy"]
    assert re.fullmatch(r"[0-9a-f]{12}", answer["X-Request-ID"])
    assert not answer.has_header("Access-Control-Allow-Origin")
    answer.close()


def test_pages_of_people_stay_out_of_caches(client, sally):
    """S58."""
    client.force_login(sally)

    for path in ("/account/", "/api/v1/me/", "/live/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_each_request_has_a_name_of_its_own(client):
    names = {client.get("/account/login/")["X-Request-ID"] for _ in range(3)}

    assert len(names) == 3


def test_a_name_that_was_sent_is_not_taken(client):
    answer = client.get("/account/login/", headers={"X-Request-ID": "a\r\nb: c"})

    assert re.fullmatch(r"[0-9a-f]{12}", answer["X-Request-ID"])


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
@pytest.mark.parametrize("path", ["/account/login/", "/api/v1/me/", "/health/"])
def test_methods_that_only_probe_are_refused(client, method, path):
    """S57."""
    answer = client.generic(method, path, headers={"X-Canary": "cat"})

    assert (answer.status_code, answer.content) == (405, b"")


FORGED = {
    "X-Forwarded-For": "1.2.3.4",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "443",
    "X-Real-IP": "1.2.3.4",
    "Forwarded": "for=1.2.3.4;host=evil.example;proto=https",
}


def test_forged_addresses_have_no_effect(client, sally, no_redis_memory):
    """S29: neither on the address, nor on the host, nor on the limits."""
    answer = client.get("/account/", headers=FORGED)
    assert answer["Location"] == "/account/login/?next=/account/"
    client.force_login(sally)
    request = client.get("/account/", headers=FORGED).wsgi_request
    assert (request.get_host(), request.is_secure()) == ("testserver", False)

    for number in range(10):
        headers = {**FORGED, "X-Forwarded-For": f"1.2.3.{number}"}
        Client().post("/account/login/", _wrong(number), headers=headers)
    answer = Client().post("/account/login/", _wrong(11), headers=FORGED)
    assert "Too many tries. Wait a while" in answer.text


@pytest.fixture
def no_redis_memory():
    cache.clear()


def _wrong(number):
    return {"login": f"nobody{number}@example.com", "password": "wrong"}


def test_another_host_is_refused(client):
    answer = client.get("/account/login/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    answer = client.get("/api/v1/me/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_cookies_are_hardened(client, sally, no_redis_memory):
    """S18: without https there is no Secure; the rest holds everywhere."""
    sally.set_password("right horse battery")
    sally.save()
    sent = {"login": sally.email, "password": "right horse battery"}

    cookies = client.post("/account/login/", sent).cookies

    assert {
        name: (bool(morsel["httponly"]), morsel["samesite"], morsel["path"])
        for name, morsel in cookies.items()
    } == {
        "session": (True, "Lax", "/"),
        "csrf": (False, "Lax", "/"),
        "device": (True, "Lax", "/"),
        "theme": (False, "Lax", "/"),
        "shortcuts": (False, "Lax", "/"),
    }


SECURE = """
import os, json
os.environ.update(ALIGNMENT_URL="https://a.example", SECRET_KEY="x" * 60,
    DATABASE_URL="postgresql://a@b/c", REDIS_URL="redis://b/0")
from alignment import settings as s
names = [n for n in dir(s) if n.isupper() and n.startswith(
    ("SECURE_", "SESSION_", "CSRF_", "LANGUAGE_COOKIE", "ALLOWED", "DEBUG"))]
print(json.dumps({n: getattr(s, n) for n in names}, default=str))
"""


def test_with_https_everything_is_locked():
    """S18, S19."""
    out = subprocess.run(
        [sys.executable, "-c", SECURE],
        capture_output=True,
        check=True,
        text=True,
        cwd=production.BASE_DIR,
    ).stdout
    found = json.loads(out.splitlines()[-1])

    assert {
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "LANGUAGE_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 63_072_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "ALLOWED_HOSTS": ["a.example"],
        "DEBUG": False,
    }.items() <= found.items()
    assert "SECURE_PROXY_SSL_HEADER" not in found


def test_a_null_character_is_a_bad_request(client):
    client.force_login(make_user(Role.LEADERSHIP))

    for path in ("/admin/accounts/user/?q=%00", "/account/login/?next=%00", "/a%00b/"):
        assert client.get(path).status_code == 400


def test_a_host_that_is_not_ours_is_refused_with_a_page(client):
    answer = client.get("/queue/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "evil.example" not in answer.text
