"""A lead's clocks explain themselves on its page, pauses and hand-overs included."""

import re

import pytest

from foundation.accounts.enums import Role
from foundation.kernel import clock as time
from leads.actions import leads
from sla.actions import pauses
from sla.actions.pauses import Wish
from sla.enums import PauseReason
from tests.factories.accounts import make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]


@pytest.fixture
def told(client, mark, at, monkeypatch):
    """Return the rows of a lead's first clock as text."""
    client.force_login(mark)
    monkeypatch.setattr(time, "now", lambda: at + 3 * HOUR)

    def told(lead):
        page = client.get(f"/agreement/leads/{lead.pk}/clocks/").content.decode()
        page = page.replace("\N{EN DASH}", "-")
        first = page.split("</details>", maxsplit=1)[0].split("<tbody>")[1]
        rows = re.findall(r"<tr>(.*?)</tr>", first, re.DOTALL)
        return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]

    return told


def test_it_names_pauses_and_who_took_it_over(told, at, sally):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    asked = call(lead, at + HOUR / 2, direction="inbound", team="")
    wish = Wish(PauseReason.LEAD_ASKED, at + 2 * HOUR, asked)
    pauses.pause(clock_of(lead), wish, by=sally, at=at + HOUR)
    other = make_user(Role.SALES_REP, name="Olga Other")
    leads.change(lead, {"owner_id": other.pk}, by=None, at=at + 2.5 * HOUR)
    leads.change(lead, {"owner_id": None}, by=None, at=at + 2.75 * HOUR)

    rows = told(lead)

    assert rows[1:-1] == [
        "2 Mar 2026 12:00 - 13:00 open hours 1:00:00",
        "2 Mar 2026 13:00 - 14:00 paused -",
        "2 Mar 2026 14:00 - 14:30 open hours 0:30:00",
        "2 Mar 2026, 14:30 handed over to Olga Other",
        "2 Mar 2026 14:30 - 14:45 open hours 0:15:00",
        "2 Mar 2026, 14:45 nobody has it",
        "2 Mar 2026 14:45 - 15:00 open hours 0:15:00",
    ]
