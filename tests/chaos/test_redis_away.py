"""R2: no request waits for Redis; with none there, all but sign-in answers as usual."""

import time
from pathlib import Path

import pytest
from celery import current_app
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisGone

from alignment.engines import engine
from alignment.engines.redis import Redis
from alignment.engines.temporary import folder
from foundation.accounts.enums import Role
from foundation.jobs.models import Job
from leads.models import Lead, StageChange, Touchpoint
from tests.architecture.matrix import METHODS
from tests.architecture.test_permissions import EXPECTED, HUMANS, Callers, undone
from tests.factories.accounts import make_user

pytestmark = [pytest.mark.chaos, pytest.mark.django_db]
PASSWORD = "a long enough sentence"  # noqa: S105 -- of nobody
LONGEST = 2.0
LIMITED = {
    "account_login",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password_from_key",
}
"""Where passwords are tried or set: whatever is sent there is counted first."""


@pytest.fixture
def away(settings, monkeypatch):
    """A real Redis that cache and broker used a moment ago is stopped."""
    with folder() as data:
        redis = Redis(Path(data))
        child = engine.start(redis)
        here = {**settings.CACHES["default"], "LOCATION": redis.url()}
        settings.CACHES = {"default": here}
        monkeypatch.setattr(current_app.conf, "broker_url", redis.url())
        cache.set("there", "yes")
        assert cache.get("there") == "yes"
        child.stop()
        with pytest.raises(RedisGone):
            cache.get("there")
        yield


def _caller(expected):
    """Return who reads an address; of the API it is a program."""
    if expected.is_api:
        return Role.INTEGRATION
    reads = (role for role in HUMANS if expected.status("GET", role) < 400)
    return next(reads, Role.ADMIN)


def test_every_address_answers_as_usual(away):
    """The permission matrix once more: its expectations know nothing of Redis."""
    callers = Callers()
    got, usual, slow = {}, {}, {}
    for name, expected in sorted(EXPECTED.items()):
        role = _caller(expected)
        with undone():
            url = callers.address(role, expected)
            for method in METHODS:
                place = f"{name} {method} by {role}"
                begin = time.monotonic()
                with undone():
                    got[place] = callers.ask(role, method, expected, url)[0]
                waits = name in LIMITED and method == "POST"
                usual[place] = 503 if waits else expected.status(method, role)
                if time.monotonic() - begin > LONGEST:
                    slow[place] = time.monotonic() - begin

    assert got == usual
    assert slow == {}


def test_programs_write_as_usual(away):
    callers = Callers()
    client = Client(headers={"Authorization": f"Bearer {callers.token}"})

    def send(method, path, body):
        kind = "application/json"
        return getattr(client, method)(f"/api/v1/{path}", body, content_type=kind)

    made = send("post", "leads/", {"email": "ana@gmail.com", "stage": "mql"})
    lead = made.json()["id"]
    touch = {"lead": lead, "channel": "phone", "type": "call", "direction": "outbound"}
    more = {"items": [{"email": "bo@gmail.com"}]}
    answers = [
        made,
        send("patch", f"leads/{lead}/", {"source": "fair"}),
        send("put", "leads/by-external-id/crm/7/", {"email": "ana@gmail.com"}),
        send("post", "leads/batch/", more),
        send("post", "touchpoints/", {**touch, "team": "sales"}),
        send("post", "stage-changes/", {"lead": lead, "to_stage": "sal"}),
    ]

    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 201, 201]
    assert sorted(Lead.objects.values_list("external_id", "source", "stage")) == [
        ("", "", "lead"),
        ("7", "fair", "sal"),
    ]
    assert Touchpoint.objects.count() == 1
    assert StageChange.objects.filter(lead=lead).count() == 3


def test_only_what_counts_attempts_has_to_wait(away):
    """A sign-in or reset whose attempts nobody counts would be a way to guess."""
    person = make_user()
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    client = Client(raise_request_exception=False)
    sent = {"login": person.email, "password": PASSWORD}

    answers = [
        client.post("/account/login/", sent),
        client.post("/account/password/reset/", {"email": person.email}),
    ]

    assert [(each.status_code, each["Retry-After"]) for each in answers] == [
        (503, "5"),
        (503, "5"),
    ]
    assert client.get("/account/login/").status_code == 200
    assert Job.objects.filter(kind__startswith="accounts").count() == 0
