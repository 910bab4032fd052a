from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from campaigns.models import Campaign
from tests.factories.leads import CREATED_AT, make_company, make_lead, move

DAY = timedelta(days=1)
NOW = datetime(2026, 9, 7, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    """A Monday in September, half a year after the leads of the tests entered."""
    monkeypatch.setattr("foundation.kernel.clock.now", lambda: NOW)


@pytest.fixture(autouse=True)
def _english():
    """Requests leave their reader's language behind; each test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def play(db, sally, mark):
    """Let so many leads of each kind enter and come as far as they do."""
    campaign = Campaign.objects.create(name="Spring fair", created_at=CREATED_AT)

    def enter(times=1):
        for number in range(times):
            company = make_company().pk
            common = {"company_id": company, "country": "RO"}
            common["campaign_id"] = campaign.pk
            _lead("web", "customer", 20 + number, owner_id=sally.pk, **common)
            _lead("web", "mql", 5, owner_id=mark.pk, **common)
            _lead("", "sql", 45, **common)
            _lead("fair", "lead", 0, country="PL")

    return enter


def _lead(source, until, after, **values):
    lead = make_lead(source=source, **values)
    if until != "lead":
        move(lead, "mql", CREATED_AT + DAY)
    if until not in {"lead", "mql"}:
        move(lead, until, CREATED_AT + after * DAY)
    return lead
