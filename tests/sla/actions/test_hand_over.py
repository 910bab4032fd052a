"""A clock runs in its owner's hours, and goes along when the lead does."""

from datetime import timedelta

import pytest

from foundation.accounts.enums import Role
from leads.actions import assignments, decisions, leads
from sla.models import Breach, Segment
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, make_calendar, states, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]


@pytest.fixture
def warsaw(db):
    """A team that works 10:00 to 16:00 in Warsaw, 11:00 to 17:00 in Bucharest."""
    team = make_team(name="Warsaw")
    weekly = {day: [["10:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    make_calendar(team=team, time_zone="Europe/Warsaw", weekly=weekly)
    return team


@pytest.fixture
def wanda(warsaw):
    return make_user(Role.SALES_REP, name="Wanda", team=warsaw)


def give(lead, owner, at):
    leads.change(lead, {"owner_id": owner and owner.pk}, by=None, at=at)


def test_the_clock_begins_in_the_hours_of_the_owners_team(at, wanda, warsaw):
    lead = make_lead(owner_id=wanda.pk)
    move(lead, "mql", at + 4 * HOUR)  # 16:00 in Bucharest, an hour before Warsaw ends

    clock = clock_of(lead)
    assert (clock.calendar.team, clock.owner) == (warsaw, wanda)
    assert clock.due_at == at + 24 * HOUR  # Tuesday 12:00, 11:00 in Warsaw


def test_elapsed_time_adds_up_and_due_is_counted_anew(at, sally, wanda):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 4 * HOUR)  # 16:00
    give(lead, wanda, at + 4.5 * HOUR)  # half an hour used; 1.5 h left, 30 min today

    clock = clock_of(lead)
    assert (clock.owner, clock.segments) == (wanda, 2)
    assert clock.due_at == at + 24 * HOUR  # Tuesday 12:00 in Bucharest

    call(lead, at + 23.5 * HOUR)
    clock = clock_of(lead)
    assert (clock.state, clock.elapsed_seconds) == ("met", 5400)


def test_a_second_hand_over_counts_all_three(at, sally, wanda, mark):
    lead = make_lead()
    move(lead, "mql", at)
    give(lead, sally, at + HOUR / 2)
    give(lead, wanda, at + HOUR)

    rows = Segment.objects.filter(clock=clock_of(lead)).order_by("starts_at")
    assert [(row.owner, row.starts_at) for row in rows] == [
        (None, at),
        (sally, at + HOUR / 2),
        (wanda, at + HOUR),
    ]
    assert clock_of(lead).due_at == at + 2 * HOUR
    assert clock_of(lead).warn_at == at + 1.5 * HOUR


def test_accepting_what_is_nobodys_hands_the_other_clock_over(at, sally):
    lead = make_lead()
    move(lead, "mql", at)

    decisions.accept(lead, by=sally, at=at + HOUR)

    assert (clock_of(lead).owner, clock_of(lead).segments) == (sally, 2)
    assert clock_of(lead, "acceptance").owner is None


def test_a_breach_belongs_to_the_owner_then(at, sally, wanda):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    sweep_all(at + 3 * HOUR)

    give(lead, wanda, at + 3.5 * HOUR)

    assert Breach.objects.get().owner == sally
    clock = clock_of(lead)
    assert (clock.owner, clock.segments, clock.waiting) == (sally, 0, True)
    assert clock_of(lead, "acceptance").owner == wanda


def test_giving_a_lead_away_after_its_time_does_not_move_the_breach(at, sally, wanda):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    give(lead, wanda, at + 2 * HOUR + timedelta(seconds=1))
    sweep_all(at + 3 * HOUR)

    breach = Breach.objects.get()
    assert (breach.owner, breach.breach_at) == (sally, at + 2 * HOUR)


def test_a_hand_over_after_the_whole_target_is_used_breaks_at_once(at, sally, wanda):
    """In the new hours nothing is left: the breach lies at their next opening."""
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 4 * HOUR)  # 16:00, due 18:00, breach Tuesday 09:00
    give(lead, wanda, at + 20 * HOUR)  # Tuesday 08:00, two hours used

    clock = clock_of(lead)
    assert clock.due_at == at + 6 * HOUR
    assert clock.breach_at == at + 23 * HOUR  # Warsaw opens at 11:00


def test_a_lead_handed_on_and_back_again_keeps_its_time(at, sally, wanda):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    give(lead, wanda, at + HOUR / 2)
    give(lead, sally, at + HOUR)

    assert (clock_of(lead).due_at, clock_of(lead).segments) == (at + 2 * HOUR, 3)


def test_hand_overs_come_in_sets(at, wanda, hanna, count_queries):
    def hand_over(number):
        made = [make_lead() for _ in range(number)]
        for lead in made:
            move(lead, "mql", at)
        ids = [lead.pk for lead in made]
        return count_queries(
            assignments.assign, ids, owner=wanda, by=hanna, at=at + HOUR
        )

    assert hand_over(1) == hand_over(3) == hand_over(20)
    assert Segment.objects.count() == 24 * 2 * 2


def test_ended_clocks_stay_with_who_had_them(at, sally, wanda):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    call(lead, at + HOUR)
    give(lead, wanda, at + 1.5 * HOUR)

    assert clock_of(lead).owner == sally
    assert states(lead)["first_response 1"] == "met"
