"""Promises follow when the load that began, broke or ended them is undone."""

from datetime import timedelta

import pytest

from foundation.kernel import clock
from integrations.actions import undo
from integrations.models import Load
from leads.actions import stages
from leads.enums import Cause
from leads.models import Lead, StageChange
from sla.models import Clock
from tests.factories.leads import make_lead, move

pytestmark = pytest.mark.django_db


def take_back():
    load = Load.objects.latest("pk")
    foreseen = undo.preview(load)
    for _ in undo.run(load, by=None, now=clock.now):
        pass
    load.refresh_from_db()
    assert load.undoing == foreseen.as_json()
    return load.undoing


@pytest.fixture
def live(load_file):
    """Load leads that have just become MQLs, with clocks that run."""

    def run(*addresses):
        now = clock.now()
        made, mql = now - timedelta(hours=3), now - timedelta(hours=2)
        rows = [f"{address},{made},{mql}" for address in addresses]
        text = "\n".join(["email,created_at,mql_at", *rows])
        load_file("leads", text, "--live")
        return mql

    return run


def test_clocks_of_a_live_load_stop(live):
    live("ana@gmail.com")
    assert set(Clock.objects.values_list("state", flat=True)) == {"running"}

    assert take_back()["records"] == {"leads": 1}

    found = Clock.objects.values_list("state", "cancelled_reason", "waiting")
    assert set(found) == {("cancelled", "corrected", False)}


def test_an_acceptance_by_silence_goes_with_what_it_followed_from(live):
    mql = live("ana@gmail.com", "bo@gmail.com")
    ana, bo = Lead.objects.order_by("pk")
    when = mql + timedelta(hours=1)
    silent = stages.Advance(ana.pk, "sal", when, Cause.SILENCE)
    spoken = stages.Advance(bo.pk, "sal", when, Cause.ACCEPTED)
    stages.advance_many([silent, spoken], by=None, at=clock.now())

    told = take_back()

    assert (told["records"], told["kept"]) == ({"leads": 1}, {"leads built_upon": 1})
    in_force = StageChange.objects.filter(in_force=True, is_withdrawal=False)
    assert not in_force.filter(lead=ana).exists()
    assert in_force.filter(lead=bo).count() == 3


def test_a_day_of_re_entry_goes_with_its_change(load_file):
    now = clock.now()
    made = now - timedelta(days=40)
    lead = make_lead(email="ana@gmail.com", created_at=made)
    move(lead, "mql", made + timedelta(days=1))
    gone = made + timedelta(days=2)
    load_file(
        "stage-changes",
        "lead_email,to_stage,occurred_at,entry_date\n"
        f"ana@gmail.com,recycled,{gone},{now.date() + timedelta(days=30)}",
    )
    lead.refresh_from_db()
    assert (lead.stage, lead.re_entry_on) == ("recycled", now.date() + timedelta(30))

    assert take_back()["records"] == {"stage_changes": 1}

    lead.refresh_from_db()
    assert (lead.stage, lead.re_entry_on) == ("mql", None)
