"""The lead page says which conditions are met, by which version, and the points."""

import re
from datetime import timedelta

import pytest

from foundation.kernel import clock
from leads.actions import touchpoints
from leads.actions.touchpoints import Touch
from tests.factories.definitions import DEMO, LARGE, define
from tests.factories.leads import make_company, make_lead

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FREE = {"field": "lead.email_domain", "op": "is_free_mail", "value": True}
SCORED = {
    "rules": {"all": [LARGE, DEMO, {"not": FREE}]},
    "scoring": {
        "engagement": {
            "threshold": 20,
            "half_life_days": 7,
            "groups": [
                {
                    "name": "Asked",
                    "cap": 8,
                    "points": [{"touches": {"type": ["demo_request"]}, "points": 20}],
                }
            ],
        }
    },
}


@pytest.fixture
def lead(at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at)
    row = make_lead(
        company=make_company(employees=10),
        email="ana@gmail.com",
        created_at=at - 10 * DAY,
    )
    touch = {"type": "demo_request", "direction": "inbound"}
    touchpoints.log(Touch(row.pk, at - 7 * DAY, touch), by=None, at=at - 7 * DAY)
    return row


def text_of(client, lead):
    page = client.get(f"/leads/{lead.pk}/criteria/").content.decode()
    page = page.partition("<figure")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_conditions_values_and_points_are_told(client, sally, lead):
    define(SCORED)
    client.force_login(sally)

    told = text_of(client, lead)

    assert "Criteria of MQL not met Version 1 2 conditions are missing" in told
    assert "Not met: company has at least 50 employees 10" in told
    assert "Met: asked for a demo in the last 30 days" in told
    assert "8.0 of 20.0 points Asked 8.0 · capped at 8" in told


def test_without_definition_nothing_is_shown(client, sally, lead):
    client.force_login(sally)
    assert text_of(client, lead) == ""
