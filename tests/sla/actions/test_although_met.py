"""A refusal of a lead that met all criteria is marked, and the promise shows it."""

from datetime import timedelta

import pytest

from foundation.accounts.enums import Role
from foundation.kernel import clock as time
from foundation.kernel.periods import parse
from leads.actions import decisions
from leads.enums import Stage
from leads.models import StageChange
from sla.enums import ClauseKind, Mark
from sla.queries import attainment
from tests.factories.accounts import make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, clock_of, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]
REFUSED = {"cause": "refused", "reason": "no_budget", "although_met": True}


@pytest.fixture
def lead(at, sally):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at, cause="definition")
    return lead


def marked():
    found = attainment.tally([parse("2026")], kinds=[ClauseKind.ACCEPTANCE])
    return found[1, None].marks[Mark.ALTHOUGH_MET]


def test_a_refusal_although_met_stands_in_the_integrity_line(at, lead):
    assert move(lead, "recycled", at + HOUR, **REFUSED) == "advanced"

    assert move(lead, "recycled", at + HOUR, at=at + 2 * HOUR, **REFUSED) == "unchanged"
    assert StageChange.objects.get(to_stage="recycled").although_met
    clock = clock_of(lead, "acceptance")
    assert (clock.state, clock.although_met, marked()) == ("met", True, 1)


def test_also_one_of_a_lead_that_silence_accepted(at, lead):
    sweep_all(at + 5 * HOUR)

    assert move(lead, "recycled", at + 6 * HOUR, **REFUSED) == "advanced"

    clock = clock_of(lead, "acceptance")
    assert (clock.state, clock.although_met, marked()) == ("breached", True, 1)


@pytest.mark.parametrize(
    ("path", "to"), [(["sal"], "sql"), (["sal", "sql"], "recycled"), ([], "sal")]
)
def test_nothing_else_can_be_one(at, lead, path, to):
    for stage in path:
        move(lead, stage, at + HOUR)

    told = move(lead, to, at + 2 * HOUR, **REFUSED)

    assert told == "no_refusal"
    assert not StageChange.objects.filter(although_met=True).exists()


def test_programs_tell_it_and_people_do_not(at, lead, client, sally, monkeypatch):
    monkeypatch.setattr(time, "now", lambda: at + HOUR)
    body = {
        "lead": lead.pk,
        "to_stage": "recycled",
        "reason": "no_budget",
        "although_met": True,
    }
    client.force_login(sally)
    answer = client.post("/api/v1/stage-changes/", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")

    program = make_user(Role.INTEGRATION, is_active=False)
    told = decisions.tell(
        lead.pk,
        Stage.RECYCLED,
        occurred_at=at + HOUR,
        reason="no_budget",
        cause="api",
        by=program,
        at=at + HOUR + timedelta(minutes=1),
        although_met=True,
    )
    assert told.although_met
    row = client.get(f"/api/v1/stage-changes/{told.pk}/").json()
    assert row["although_met"] is True
