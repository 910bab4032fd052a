import pytest

from foundation.accounts.enums import Role
from tests.factories.accounts import make_user


@pytest.fixture
def maria(db):
    """Leads marketing."""
    return make_user(Role.HEAD_OF_MARKETING, name="Maria Marketing")


@pytest.fixture
def asking(client, maria):
    """Maria's browser."""
    client.force_login(maria)
    return client
