from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from foundation.accounts.actions import tokens
from foundation.accounts.enums import Role
from foundation.accounts.rules import SCOPES
from tests.factories.accounts import make_user


@pytest.fixture
def program(db):
    """An integration with every scope; its token's text is ``program.text``."""
    cache.clear()
    person = make_user(Role.INTEGRATION, name="Program", is_active=False)
    token, text = tokens.create(
        owner=person,
        name="all",
        scopes=set(SCOPES.values()),
        by=None,
        at=datetime.now(UTC),
        life=timedelta(days=1),
    )
    vars(person).update(token=token, text=text)
    return person


@pytest.fixture
def call(client, program):
    """Call the API with the program's token."""

    def call(method, path, body=None, **options):
        headers = {"Authorization": f"Bearer {program.text}"}
        headers |= options.pop("headers", {})
        options.setdefault("content_type", "application/json")
        address = f"/api/v1/{path}"
        return getattr(client, method)(address, body, headers=headers, **options)

    return call
