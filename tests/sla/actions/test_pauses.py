"""Pauses for signed reasons, with evidence, capped in number and length."""

from datetime import timedelta

import pytest

from sla.actions import pauses
from sla.actions.pauses import Wish
from sla.enums import PauseReason
from sla.models import Breach, Pause
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, events, states, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]


@pytest.fixture
def lead(at, sally):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    return lead


@pytest.fixture
def reply(at, lead):
    """The lead asks to be called later."""
    return call(lead, at + HOUR / 4, direction="inbound", team="")


@pytest.fixture
def pause(at, lead, sally, reply):
    def run(hours, *, since=1, kind="first_response", **changes):
        wish = Wish(PauseReason.LEAD_ASKED, at + hours * HOUR, reply)
        wish = Wish(**{**wish.__dict__, **changes})
        return pauses.pause(clock_of(lead, kind), wish, by=sally, at=at + since * HOUR)

    return run


def test_what_is_due_moves_by_the_business_time_of_the_pause(at, lead, pause):
    pause(3)

    clock = clock_of(lead)
    assert (clock.state, clock.resumes_at, clock.waiting) == (
        "paused",
        at + 3 * HOUR,
        True,
    )
    assert (clock.due_at, clock.breach_at, clock.pauses) == (
        at + 4 * HOUR,
        at + 4 * HOUR,
        1,
    )
    assert states(lead)["acceptance 1"] == "running"


def test_a_paused_clock_goes_on_by_itself(at, lead, pause):
    pause(3)
    assert sweep_all(at + 3 * HOUR - HOUR / 3600) == 0

    assert sweep_all(at + 3 * HOUR) == 2  # and acceptance is warned of
    assert (clock_of(lead).state, clock_of(lead).resumes_at) == ("running", None)

    sweep_all(at + 4 * HOUR)
    assert clock_of(lead).state == "running"
    sweep_all(at + 4 * HOUR + HOUR / 3600)
    assert clock_of(lead).state == "breached"
    ends = ["warned", "breached", "breached"]
    assert events()[2:] == ["paused", "resumed", "warned", *ends]


def test_a_sweep_that_comes_late_ends_the_pause_before_it_breaks_anything(
    at, lead, pause
):
    pause(3)
    sweep_all(at + 30 * HOUR)

    assert clock_of(lead).state == "breached"
    assert Breach.objects.get(clock=clock_of(lead)).breach_at == at + 4 * HOUR


def test_done_while_it_pauses_is_in_time(at, lead, pause):
    pause(3)
    call(lead, at + 2 * HOUR)

    clock = clock_of(lead)
    assert (clock.state, clock.elapsed_seconds, clock.resumes_at) == (
        "met",
        3600,
        None,
    )


def test_ended_early_it_goes_on_from_then(at, lead, pause, sally):
    pause(3)
    pauses.resume(clock_of(lead), by=sally, at=at + 1.5 * HOUR)

    clock = clock_of(lead)
    assert (clock.state, clock.due_at) == ("running", at + 2.5 * HOUR)
    assert clock.warn_at == at + 2 * HOUR
    assert events()[2:] == ["paused", "resumed"]
    with pytest.raises(pauses.NotRunning):
        pauses.resume(clock_of(lead), by=sally, at=at + 1.5 * HOUR)


def test_a_pause_is_capped_in_length(at, lead, pause):
    pause(24 * 90)

    assert Pause.objects.get().until_at == at + HOUR + timedelta(days=30)


def test_and_in_number(at, lead, pause, sally):
    for since in (0.5, 1):
        pause(since + 0.25, since=since)
        pauses.resume(clock_of(lead), by=sally, at=at + (since + 0.1) * HOUR)

    with pytest.raises(pauses.TooManyPauses):
        pause(3, since=1.5)
    assert clock_of(lead).due_at == at + 2.2 * HOUR


def test_a_hand_over_keeps_the_pauses_before_it(at, lead, pause, sally, hanna):
    from leads.actions import leads as lead_actions  # noqa: PLC0415

    pause(1.5)
    sweep_all(at + 1.5 * HOUR)
    lead_actions.change(lead, {"owner_id": hanna.pk}, by=None, at=at + 1.75 * HOUR)

    clock = clock_of(lead)
    assert (clock.owner, clock.due_at) == (hanna, at + 2.5 * HOUR)


def test_evidence_comes_from_the_lead_or_from_marketing(at, lead, pause):
    other = make_lead()
    for wrong in (
        None,
        call(lead, at + HOUR / 2, automatic=True),
        call(other, at + HOUR / 2, direction="inbound"),
    ):
        with pytest.raises(pauses.NoEvidence):
            pause(3, evidence=wrong)
    pause(3, evidence=call(lead, at + HOUR / 2, team="marketing"))


@pytest.mark.parametrize(
    ("hours", "since", "error"),
    [
        (1, 1, pauses.PauseEndsEarlier),
        (5, 2.1, pauses.NotRunning),
    ],
)
def test_refusals(pause, hours, since, error):
    with pytest.raises(error):
        pause(hours, since=since)


def test_a_paused_or_ended_clock_does_not_pause(at, lead, pause):
    pause(3)
    with pytest.raises(pauses.NotRunning):
        pause(4, since=2)
    call(lead, at + 2 * HOUR)
    with pytest.raises(pauses.NotRunning):
        pause(4, since=2.5)


def test_whoever_may_not_work_the_lead_may_not_pause_it(at, lead, mark, reply):
    wish = Wish(PauseReason.LEAD_ASKED, at + 3 * HOUR, reply)
    with pytest.raises(pauses.NotYourClock):
        pauses.pause(clock_of(lead), wish, by=mark, at=at + HOUR)
    with pytest.raises(pauses.NotYourClock):
        pauses.resume(clock_of(lead), by=mark, at=at + HOUR)
