"""The agreement and the calendars in the leadership panel."""

import pytest

from foundation.accounts.enums import Role
from sla.models import Agreement, Calendar
from tests.factories.accounts import make_user
from tests.factories.sla import make_agreement

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(client):
    client.force_login(make_user(Role.LEADERSHIP))
    return client


def test_each_version_of_the_agreement_with_its_promises(panel, at):
    made = make_agreement(at=at)

    page = panel.get(f"/admin/sla/agreement/{made.pk}/")

    assert len(page.context_data["clauses"]) == made.clauses.count() > 0
    assert page.text.count('data-label="Side"') == made.clauses.count()
    listed = panel.get("/admin/sla/agreement/").text
    for row in Agreement.objects.all():
        assert f"/admin/sla/agreement/{row.pk}/" in listed or f'"{row.pk}/"' in listed


def test_a_calendar_shows_its_week(panel):
    row = Calendar.objects.earliest("pk")

    page = panel.get(f"/admin/sla/calendar/{row.pk}/")

    cells = {str(cell.label): str(cell.value) for cell in page.context_data["cells"]}
    assert cells["Time zone"] == row.time_zone
    assert cells["Hours"].count("\N{EN DASH}") >= 1
