"""Corrections change what the clocks are judged by, and so the clocks."""

from datetime import timedelta

import pytest

from foundation.accounts.enums import Role
from leads.actions import corrections, decisions, leads
from leads.models import StageChange
from sla.models import Breach, Clock
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import (
    HOUR,
    call,
    clock_of,
    events,
    make_calendar,
    states,
    sweep_all,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]


@pytest.fixture
def lead(at, sally):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    return lead


def withdraw(lead, to, *, by, at):
    change = StageChange.objects.get(
        lead=lead, to_stage=to, in_force=True, is_withdrawal=False
    )
    corrections.withdraw_change(change, reason="entered_by_mistake", by=by, at=at)


def test_a_lead_that_never_qualified_has_its_clocks_cancelled(at, lead, lena):
    sweep_all(at + 3 * HOUR)

    withdraw(lead, "mql", by=lena, at=at + 3.5 * HOUR)

    rows = Clock.objects.filter(lead=lead)
    assert {(c.state, c.cancelled_reason, c.waiting) for c in rows} == {
        ("cancelled", "corrected", False)
    }
    assert Breach.objects.count() == 1


def test_an_acceptance_taken_back_in_time_makes_the_clock_run_again(
    at, lead, sally, lena
):
    decisions.accept(lead, by=sally, at=at + HOUR)

    withdraw(lead, "sal", by=lena, at=at + 2 * HOUR)

    clock = clock_of(lead, "acceptance")
    assert (clock.state, clock.waiting, clock.done_at) == ("running", True, None)


def test_taken_back_after_its_time_the_sweep_flags_it(at, lead, sally, lena):
    decisions.accept(lead, by=sally, at=at + HOUR)
    withdraw(lead, "sal", by=lena, at=at + 5 * HOUR)
    assert states(lead)["acceptance 1"] == "running"

    sweep_all(at + 5 * HOUR)

    clock = clock_of(lead, "acceptance")
    assert (clock.state, clock.by_silence) == ("breached", True)


def test_taken_back_long_after_its_time_it_is_broken_quietly(at, lead, sally, lena):
    decisions.accept(lead, by=sally, at=at + HOUR)
    call(lead, at + HOUR)

    withdraw(lead, "sal", by=lena, at=at + timedelta(days=3))

    clock, breach = clock_of(lead, "acceptance"), Breach.objects.get()
    assert (clock.state, clock.by_silence, breach.quiet) == ("breached", False, True)
    assert sweep_all(at + timedelta(days=3)) == 0
    lead.refresh_from_db()
    assert lead.stage == "mql"


def test_qualifying_at_another_time_after_all_is_the_same_clock_anew(at, lead, lena):
    sweep_all(at + 3 * HOUR)
    first = clock_of(lead)
    withdraw(lead, "mql", by=lena, at=at + 3 * HOUR)

    move(lead, "mql", at + 2 * HOUR, at=at + 3 * HOUR)

    clock = clock_of(lead)
    assert (clock.pk, clock.state, clock.breach_at) == (
        first.pk,
        "running",
        at + 4 * HOUR,
    )
    assert Breach.objects.count() == 1
    sweep_all(at + 5 * HOUR)
    assert clock_of(lead).state == "breached"
    assert Breach.objects.filter(clock=clock).count() == 1


def test_told_again_for_the_same_moment_it_begins_in_the_present_owners_hours(
    at, lead, lena
):
    warsaw = make_team(name="Warsaw")
    evening = {"mon": [["16:00", "20:00"]]}
    make_calendar(team=warsaw, time_zone="Europe/Warsaw", weekly=evening)
    withdraw(lead, "mql", by=lena, at=at + HOUR)
    other = make_user(Role.SALES_REP, team=warsaw)
    leads.change(lead, {"owner_id": other.pk}, by=None, at=at + HOUR)

    move(lead, "mql", at, at=at + 1.5 * HOUR)

    clock = clock_of(lead)
    assert (clock.owner, clock.breach_at) == (other, at + 7 * HOUR)


def test_a_refusal_taken_back_revives_the_other_clock(at, lead, sally, lena):
    decisions.refuse(lead, reason="no_budget", by=sally, at=at + HOUR)
    assert clock_of(lead).state == "cancelled"

    withdraw(lead, "recycled", by=lena, at=at + 1.5 * HOUR)

    assert states(lead) == {"acceptance 1": "running", "first_response 1": "running"}
    assert events().count("breached") == 0


def test_corrections_come_in_sets(at, count_queries):
    def correct(number):
        made = [make_lead() for _ in range(number)]
        for lead in made:
            move(lead, "mql", at)
        ids = StageChange.objects.filter(
            lead__in=made, to_stage="mql", in_force=True
        ).values_list("pk", flat=True)
        return count_queries(
            corrections.withdraw_changes, list(ids), by=None, at=at + HOUR
        )

    assert correct(1) == correct(3) == correct(50)
    assert Clock.objects.filter(cancelled_reason="corrected").count() == 2 * 54
