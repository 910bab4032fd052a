"""S60, S61: what happened is in the log; what somebody could sign in with is not."""

import logging
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from alignment.logs import OneLine, request_id, scrub
from foundation.accounts.actions import invitations, tokens
from foundation.accounts.actions.invitations import Guest
from foundation.accounts.enums import Role
from tests.factories.accounts import make_user

CANARY = "canary-Kx7Qm2Lw"


@pytest.fixture
def written():
    """The lines that the production handler would write."""
    lines = []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(OneLine().format(record))

    handler = Lines()
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.django_db
def test_no_secret_is_written_whatever_happens(client, sally, written):
    """A canary in every place where somebody could send a secret."""
    client.raise_request_exception = False
    at = datetime.now(UTC)
    row, text = tokens.create(owner=sally, name="t", scopes=[], by=sally, at=at)
    guest = invitations.invite(Guest("g@x.ro", "G", Role.ADMIN), by=None, at=at)
    link = invitations.link_of(guest, at=at)
    secret = link.rstrip("/").rpartition("/")[2].partition("-")[2]
    client.cookies["session"] = CANARY

    client.post("/account/login/", {"login": sally.email, "password": CANARY})
    client.post(f"/account/login/?password={CANARY}", {"password": CANARY})
    bearer = {"Authorization": f"Bearer {CANARY}"}
    client.get("/api/v1/me/", headers=bearer)
    client.get("/api/v1/me/", headers={"Authorization": f"Bearer {text}"})
    client.get(f"/account/invitation/7-{CANARY}/")
    client.post(f"/account/invitation/{link.partition('invitation/')[2]}")
    client.get(f"/account/password/reset/key/1-{CANARY}/")
    client.post(f"/account/password/reset/key/1-{CANARY}/x")
    logging.getLogger("x").warning("Sent %s to %s", text, {"password": CANARY})
    logging.getLogger("x").error("redis://user:%s@host/0 is away", CANARY)

    log = "\n".join(written)
    assert len(written) == 8
    assert CANARY not in log
    assert text.rpartition("_")[2] not in log
    assert secret not in log
    assert row.key in log


@pytest.mark.django_db
def test_sign_ins_are_written_without_addresses(client, written, password_of):
    """S60: ok, fail and out."""
    person = password_of("right horse battery")
    client.post("/account/login/", {"login": person.email, "password": "wrong"})
    client.post(
        "/account/login/", {"login": person.email, "password": "right horse battery"}
    )
    client.post("/account/logout/")

    lines = [line for line in written if "alignment.sign_in" in line]
    assert [line.partition("]: ")[2] for line in lines] == [
        "A sign-in was refused.",
        f"Person {person.pk} signed in.",
        f"Person {person.pk} signed out.",
    ]
    assert person.email not in "\n".join(written)


@pytest.fixture
def password_of(db):
    def make(password):
        person = make_user()
        person.set_password(password)
        person.save()
        return person

    return make


@pytest.mark.django_db
def test_a_refusal_names_its_request(client, written):
    answer = client.get("/nothing/")

    [line] = [line for line in written if "Not Found" in line]
    assert f"[{answer['X-Request-ID']}]" in line


@pytest.fixture(autouse=True)
def _quiet():
    cache.clear()
    request_id.set("-")


def line(message, *args, level=logging.INFO, error=None):
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("x", level, "f", 1, message, args, info)
    record.created = 1_767_261_600.5
    return OneLine().format(record)


def test_a_value_cannot_begin_a_line():
    assert line("Name: %s", "a\r\n2026-01-01T00:00:00Z INFO x [-]: forged") == (
        "2026-01-01T10:00:00Z INFO x [-]: "
        "Name: a\\r\\n2026-01-01T00:00:00Z INFO x [-]: forged"
    )


def test_a_trace_is_indented_under_its_event():
    error = ValueError("first\n2026-01-01T00:00:00Z INFO forged")

    lines = line("Broken", level=logging.ERROR, error=error).split("\n")

    assert lines[0] == "2026-01-01T10:00:00Z ERROR x [-]: Broken"
    assert {each[:4] for each in lines[1:]} == {"  | "}
    assert len(line("Refused", level=logging.WARNING, error=error).split("\n")) == 1


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("alignment_token_AbCd1234_" + "x" * 49, "alignment_token_AbCd1234_…"),
        ("/account/invitation/7-abc_DEF/", "/account/invitation/7-…/"),
        ("/account/invitation/abc/", "/account/invitation/…/"),
        ("/account/invitation/", "/account/invitation/"),
        (
            "/account/password/reset/key/2-abc-def/",
            "/account/password/reset/key/2-…/",
        ),
        (
            "/account/password/reset/key/2-set-password/",
            "/account/password/reset/key/2-set-password/",
        ),
        ("Authorization: Bearer abc", "Authorization: Bearer …"),
        ("password=abc&x=1", "password=…"),
        ("{'password': 'abc'}", "{'password': …"),
        ("postgresql://user:abc@host/db", "postgresql://user:…@host/db"),
        ("The session of 7 ended", "The session of 7 ended"),
    ],
)
def test_what_is_blotted_out(text, clean):
    assert scrub(text) == clean
