from datetime import timedelta

import pytest

from foundation.accounts.enums import Role
from tests.factories.accounts import make_user
from tests.factories.sla import make_agreement, make_calendar

HOUR = timedelta(hours=1)


@pytest.fixture
def agreed(db):
    """Bucharest, 09:00 to 18:00 on weekdays; contact in 2 h, decision in 4 h."""
    make_calendar()
    return make_agreement()


@pytest.fixture
def hanna(db):
    """Leads sales."""
    return make_user(Role.HEAD_OF_SALES, name="Hanna Head")


@pytest.fixture
def marta(db):
    """Leads marketing."""
    return make_user(Role.HEAD_OF_MARKETING, name="Marta Head")
