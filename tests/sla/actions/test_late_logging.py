"""A touch counts when it happened, but a promise is only kept by what is recorded."""

import pytest

from leads.actions import corrections
from leads.enums import Proof
from sla.models import Breach
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, events, states, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]


@pytest.fixture
def lead(at):
    lead = make_lead()
    move(lead, "mql", at)
    return lead


def test_recorded_within_an_hour_is_not_late(at, lead):
    call(lead, at + HOUR / 2, at=at + 1.5 * HOUR)

    clock = clock_of(lead)
    assert (clock.state, clock.logged_late) == ("met", False)


def test_recorded_later_but_before_the_breach_meets_it_marked(at, lead):
    call(lead, at + HOUR / 2, at=at + 1.6 * HOUR)

    clock = clock_of(lead)
    assert (clock.state, clock.logged_late, clock.done_at) == (
        "met",
        True,
        at + HOUR / 2,
    )


def test_the_hour_is_business_time(at):
    lead = make_lead()
    move(lead, "mql", at + 5 * HOUR)  # 17:00
    call(lead, at + 5.9 * HOUR, at=at + 21.5 * HOUR)  # 17:54, recorded 09:30

    clock = clock_of(lead)
    assert (clock.state, clock.logged_late) == ("met", False)


def test_recorded_after_the_breach_cures_nothing(at, lead):
    sweep_all(at + 2.5 * HOUR)

    call(lead, at + 1.9 * HOUR, at=at + 2.6 * HOUR)

    clock = clock_of(lead)
    assert (clock.state, clock.done_at, clock.late_seconds, clock.logged_late) == (
        "breached",
        at + 1.9 * HOUR,
        0,
        True,
    )
    assert not clock.waiting


def test_nor_does_it_before_the_sweep_came_round(at, lead):
    call(lead, at + 1.9 * HOUR, at=at + 2.6 * HOUR)

    assert (clock_of(lead).state, Breach.objects.count()) == ("breached", 1)
    assert events() == ["started", "started", "breached"]
    assert sweep_all(at + 2.7 * HOUR) == 0


def test_done_after_the_breach_is_late_by_business_time(at, lead):
    sweep_all(at + 3 * HOUR)

    call(lead, at + 22 * HOUR)  # Tuesday 10:00

    clock = clock_of(lead)
    assert (clock.state, clock.late_seconds, clock.logged_late) == (
        "breached",
        5 * 3600,
        False,
    )
    assert clock.ended_at == clock.breach_at == at + 2 * HOUR


def test_a_touch_with_no_proof_is_marked(at, lead):
    call(lead, at + HOUR, proof=Proof.SELF_REPORTED)

    assert clock_of(lead).self_reported


def test_the_earliest_of_the_touches_counts_in_whatever_order_they_come(at, lead):
    call(lead, at + 1.5 * HOUR)
    call(lead, at + HOUR, at=at + 1.6 * HOUR)

    assert clock_of(lead).done_at == at + HOUR


def test_a_touch_taken_back_opens_the_promise_again(at, lead):
    touch = call(lead, at + HOUR)

    corrections.withdraw_touches([touch.pk], by=None, at=at + 1.5 * HOUR)

    clock = clock_of(lead)
    assert (clock.state, clock.waiting, clock.done_at) == ("running", True, None)


def test_a_touch_taken_back_leaves_the_next_one(at, lead):
    touch = call(lead, at + HOUR)
    call(lead, at + 1.5 * HOUR)

    corrections.withdraw_touches([touch.pk], by=None, at=at + 3 * HOUR)

    clock = clock_of(lead)
    assert (clock.state, clock.done_at) == ("met", at + 1.5 * HOUR)


def test_a_breach_that_was_flagged_stands_whatever_the_clocks_of_hosts_say(at, lead):
    """A request that began in time and came through after the sweep is too late."""
    sweep_all(at + 2 * HOUR + HOUR / 3600)

    call(lead, at + 1.99 * HOUR, at=at + 2 * HOUR)

    assert states(lead)["first_response 1"] == "breached"
    assert Breach.objects.count() == 1
