import pytest

from deals.models import Deal
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client, sally):
    client.force_login(sally)

    def call(method, path, body=None):
        return getattr(client, method)(
            f"/api/v1/{path}", body, content_type="application/json"
        )

    return call


def test_a_deal_is_opened_and_won(api):
    lead = make_lead(stage="mql")

    opened = api("post", "deals/", {"lead": lead.pk, "name": "Pilot"})
    assert (opened.status_code, opened.json()["value"]) == (201, None)
    pk = opened.json()["id"]
    won = api(
        "patch",
        f"deals/{pk}/",
        {
            "outcome": "won",
            "closed_at": opened.json()["opened_at"],
            "value": {"amount": "120.00", "currency": "EUR"},
        },
    )

    assert won.status_code == 200
    assert (won.json()["name"], won.json()["outcome"], won.json()["base_amount"]) == (
        "Pilot",
        "won",
        "120.00",
    )
    lead.refresh_from_db()
    assert lead.stage == "customer"
    assert Deal.objects.count() == 1
    listed = api("get", f"deals/?lead={lead.pk}&outcome=won").json()["results"]
    assert listed == [won.json()]


def test_a_win_needs_its_time(api):
    lead = make_lead(stage="mql")

    answer = api("post", "deals/", {"lead": lead.pk, "outcome": "won"})

    assert (answer.status_code, answer.json()["code"]) == (
        409,
        "closed_at_missing",
    )


def test_marketing_reads_deals_and_does_not_write_them(api, client, mark):
    client.force_login(mark)

    assert api("get", "deals/").status_code == 200
    assert api("post", "deals/", {"lead": 1}).status_code == 403
