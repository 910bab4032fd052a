"""One's own account: how one wants to see things, browsers, tokens."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from foundation.accounts.actions import tokens
from foundation.accounts.enums import Role
from foundation.accounts.models import ApiToken, Session, User
from foundation.ledger.models import Event
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
ACCOUNT = "/account/"


def fresh(client, person):
    """Sign in, with the password given just now."""
    client.force_login(person)
    session = client.session
    session["account_authentication_methods_user"] = str(person.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session.save()


def test_how_one_wants_to_see_things(client, sally):
    client.force_login(sally)
    sent = {
        "name": " Sally Sold ",
        "language": "pl",
        "time_zone": "Europe/Warsaw",
        "theme": "dark",
    }

    answer = client.post(ACCOUNT, sent)

    assert answer["Location"] == ACCOUNT
    assert {name: answer.cookies[name].value for name in ("theme", "shortcuts")} == {
        "theme": "dark",
        "shortcuts": "off",
    }
    sally.refresh_from_db()
    assert (sally.name, sally.language, sally.time_zone, sally.theme) == (
        "Sally Sold",
        "pl",
        "Europe/Warsaw",
        "dark",
    )
    page = client.get(ACCOUNT)
    assert '<html lang="pl" data-bs-theme="dark">' in page.text
    assert 'data-time-zone="Europe/Warsaw"' in page.text
    assert Event.objects.get().kind == "accounts.profile.changed"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 151),
        ("language", "de"),
        ("time_zone", "Mars/Olympus"),
        ("theme", "pink"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, sally, field, value):
    client.force_login(sally)
    sent = {"name": "S", "language": "en", "time_zone": "", "theme": "auto"}

    answer = client.post(ACCOUNT, sent | {field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    sally.refresh_from_db()
    assert sally.name == "Sally Sales"


def test_text_stays_text(client, sally):
    """S1."""
    client.force_login(sally)
    payload = '"><svg onload=alert(1)>'
    client.post(
        ACCOUNT, {"name": payload, "language": "en", "time_zone": "", "theme": "auto"}
    )

    page = client.get(ACCOUNT).text

    assert payload not in page
    assert page.count("&quot;&gt;&lt;svg onload=alert(1)&gt;") >= 2


def test_browsers_are_listed_and_one_is_signed_out(client, sally, lena):
    """S46."""
    client.force_login(sally)
    other = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/142.0"})
    other.post("/account/login/")
    other.force_login(sally)
    stranger = Client()
    stranger.force_login(lena)

    page = client.get(ACCOUNT)
    assert [s.user for s in page.context["sessions"]] == [sally, sally]
    [mark] = re.findall(r"/account/sessions/(\w+)/end/", page.text)
    theirs = Session.objects.get(user=lena).mark
    assert client.post(f"/account/sessions/{theirs}/end/").status_code == 404
    assert client.post(f"/account/sessions/{mark}/end/")["Location"] == ACCOUNT

    assert client.get(ACCOUNT).status_code == 200
    assert other.get(ACCOUNT).status_code == 302
    assert stranger.get(ACCOUNT).status_code == 200


def test_the_language_of_a_visitor_is_in_their_browser(client):
    client.post("/account/language/", {"language": "ro", "next": "/account/login/"})

    assert '<html lang="ro">' in client.get("/account/login/").text


def test_the_language_of_a_person_goes_with_them(client, sally):
    client.force_login(sally)

    client.post("/account/language/", {"language": "pl"})
    client.post("/account/language/", {"language": "de"})
    client.post("/account/language/", {"language": "pl"})

    other = Client()
    other.force_login(sally)
    assert '<html lang="pl"' in other.get(ACCOUNT).text
    assert Event.objects.count() == 1


def test_a_token_is_shown_once(client):
    """S46: after the password was given again."""
    admin = make_user(Role.ADMIN)
    fresh(client, admin)
    sent = {
        "name": "CRM",
        "owner": "new",
        "scopes": ["leads:read", "kpis:read"],
        "days": "30",
    }

    answer = client.post("/account/tokens/new/", sent)

    [text] = re.findall(r"alignment_token_\w+", answer.text)
    row = ApiToken.objects.get()
    assert (answer.status_code, answer["Cache-Control"]) == (
        201,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert (row.name, row.owner.name, row.owner.role, row.scopes, row.created_by) == (
        "CRM",
        "CRM",
        "integration",
        ["kpis:read", "leads:read"],
        admin,
    )
    assert row.expires_at - row.created_at == timedelta(days=30)
    assert tokens.authenticate(text, at=datetime.now(UTC)) == row
    listed = client.get("/account/tokens/").text
    assert (row.key in listed, text in listed) == (True, False)


def test_a_token_for_oneself_or_for_a_program_that_is_there(client):
    admin = make_user(Role.ADMIN)
    program = make_user(Role.INTEGRATION, is_active=False)
    fresh(client, admin)
    for owner in ("self", program.pk):
        sent = {"name": "t", "owner": owner, "scopes": ["me:read"], "days": "90"}
        assert client.post("/account/tokens/new/", sent).status_code == 201

    owners = ApiToken.objects.order_by("pk").values_list("owner", flat=True)
    assert list(owners) == [admin.pk, program.pk]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("owner", "1"), ("scopes", "all"), ("scopes", []), ("days", "400")],
)
def test_a_token_that_cannot_be(client, field, value):
    admin = make_user(Role.ADMIN)
    fresh(client, admin)
    sent = {"name": "t", "owner": "self", "scopes": ["me:read"], "days": "90"}

    answer = client.post("/account/tokens/new/", sent | {field: value})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert ApiToken.objects.count() == 0


def test_tokens_of_other_people_are_not_one_s_business(client, sally):
    """S49."""
    mine, theirs = make_user(Role.ADMIN), make_user(Role.ADMIN)
    rows = [
        tokens.create(
            owner=owner, name="t", scopes=["me:read"], by=owner, at=datetime.now(UTC)
        )[0]
        for owner in (mine, theirs)
    ]
    client.force_login(mine)

    assert list(client.get("/account/tokens/").context["tokens"]) == [rows[0]]
    assert client.post(f"/account/tokens/{rows[1].pk}/revoke/").status_code == 404
    client.post(f"/account/tokens/{rows[0].pk}/revoke/")
    client.post(f"/account/tokens/{rows[0].pk}/revoke/")

    live = ApiToken.objects.filter(revoked_at=None)
    assert list(live) == [rows[1]]
    assert Event.objects.filter(kind="accounts.token.revoked").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_tokens_costs_the_same_at_any_length(
    client, count, django_assert_num_queries
):
    admin = make_user(Role.ADMIN)
    for _ in range(count):
        program = make_user(Role.INTEGRATION, is_active=False)
        tokens.create(
            owner=program, name="t", scopes=[], by=admin, at=datetime.now(UTC)
        )
    client.force_login(admin)

    with django_assert_num_queries(3):  # the person, the tokens, the bell
        client.get("/account/tokens/")


def test_people_are_found_by_name(sally):
    assert str(User.objects.get(pk=sally.pk)) == "Sally Sales"
