"""S47, S48: each role at each address with each method gets exactly what it should.

The expectations are in tests/architecture/addresses/*.toml, which says how to add one.
"""

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from foundation.accounts.actions import tokens
from foundation.accounts.enums import Role
from foundation.accounts.rules import SCOPES
from tests.architecture.matrix import (
    DOCS,
    METHODS,
    NOBODY,
    document,
    expectations,
    proposal,
    routes,
)
from tests.factories.accounts import make_user

if TYPE_CHECKING:
    from foundation.accounts.models import User

EXPECTED = expectations()
HUMANS = [role for role in Role if role != Role.INTEGRATION]
HARMLESS = (
    *("accounts_session", "accounts_apitoken", "kpis_scorecard", "kpis_sheet"),
    "notifications_notice",  # whoever follows one of their own has read it
)


def test_every_address_has_a_name_of_its_own():
    names = [route.name for route in routes()]

    assert sorted(names) == sorted(set(names))
    assert [route.path for route in routes() if not route.name] == []


def test_every_address_says_what_is_expected_and_nothing_else_does():
    found = {route.name: route for route in routes()}
    missing = "\n".join(
        proposal(route) for name, route in found.items() if name not in EXPECTED
    )

    assert missing == ""
    assert set(EXPECTED) - set(found) == set()


def test_every_view_names_the_permission_that_is_expected():
    declared = {route.name: (route.permission, route.write) for route in routes()}

    assert {
        name: (each.permission, each.write) for name, each in EXPECTED.items()
    } == declared


def test_the_addresses_are_in_the_docs():
    assert DOCS.read_text() == document(), (
        "python -m tests.architecture.write_addresses"
    )


class Callers:
    """Somebody of each role, signed in or with a token."""

    def __init__(self) -> None:
        self.people: dict[Role, User] = {role: make_user(role) for role in HUMANS}
        program = make_user(Role.INTEGRATION, is_active=False)
        _row, self.token = tokens.create(
            owner=program,
            name="all",
            scopes=set(SCOPES.values()),
            by=None,
            at=datetime.now(UTC),
        )
        self.people[Role.INTEGRATION] = program
        self.cookies = {role: self._sign_in(self.people[role]) for role in HUMANS}

    @staticmethod
    def _sign_in(person) -> str:
        client = Client()
        client.force_login(person)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def address(self, role, expected) -> str:
        """Return the address, of a record that is there for this role to act on."""
        return reverse(expected.name, kwargs=expected.parts(self.people.get(role)))

    def ask(self, role, method, expected, url):
        client, headers = Client(), {}
        if role in self.cookies:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[role]
        elif role == Role.INTEGRATION:
            headers["Authorization"] = f"Bearer {self.token}"
        data, kind = "{}", "application/json"
        if not expected.is_api:
            data, kind = "", "application/x-www-form-urlencoded"
        with writes() as written:
            answer = client.generic(method, url, data, kind, headers=headers)
        return answer.status_code, written


@contextmanager
def writes():
    """Collect the tables that are written meanwhile."""
    found = []

    def watch(execute, sql, params, many, context):
        verb, *rest = sql.split(maxsplit=3)
        if verb in {"INSERT", "UPDATE", "DELETE"}:
            found.append(rest[0 if verb == "UPDATE" else 1].strip('"'))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_role_and_method_gets_exactly_this(name):
    """S25 as well: no GET writes, but when somebody was seen, and what pages keep."""
    cache.clear()
    expected, callers = EXPECTED[name], Callers()
    got: dict[str, int] = {}
    written: list[str] = []
    roles = [NOBODY, *HUMANS, *([Role.INTEGRATION] if expected.is_api else [])]
    for role in roles:
        with undone():
            url = callers.address(role, expected)
            for method in METHODS:
                with undone():
                    status, tables = callers.ask(role, method, expected, url)
                got[f"{role} {method}"] = status
                written += tables if method == "GET" else []

    assert got == {
        f"{role} {method}": expected.status(method, role)
        for role in roles
        for method in METHODS
    }
    assert set(written) <= set(HARMLESS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_no_page_takes_a_write_without_its_csrf_token(name):
    """S25: from a signed-in browser, whatever the address."""
    expected = EXPECTED[name]
    if "POST" not in expected.statuses:
        return
    callers = Callers()
    role = next(
        (r for r in HUMANS if expected.status("POST", r) not in {403, 404}), None
    )
    if role is None:
        return
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = callers.cookies[role]
    url = callers.address(role, expected)

    assert client.post(url).status_code == 403
