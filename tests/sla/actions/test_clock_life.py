"""A clock from MQL to its end (domain §5, clocks)."""

from datetime import timedelta
from typing import Any

import pytest

from foundation.ledger.models import Entry, Event
from leads.actions import decisions, leads
from leads.enums import Cause, Exclusion
from leads.models import StageChange
from sla.actions.agreement import Promise
from sla.enums import ClauseKind
from sla.models import Breach, Clock, ClockVersion
from tests.factories.leads import make_lead, move
from tests.factories.sla import (
    HOUR,
    call,
    clock_of,
    events,
    make_agreement,
    make_calendar,
    states,
    sweep_all,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
RECYCLED = {"cause": Cause.REFUSED, "reason": "no_budget"}


@pytest.fixture
def lead(at, sally):
    """An MQL of Sally's since Monday noon."""
    lead = make_lead(owner_id=sally.pk, source="webinar", country="RO")
    move(lead, "mql", at, cause=Cause.DEFINITION)
    return lead


def test_an_mql_starts_both_clocks_in_the_transaction_of_the_change(at, lead, sally):
    response, acceptance = clock_of(lead), clock_of(lead, "acceptance")

    assert (response.started_at, response.due_at) == (at, at + 2 * HOUR)
    assert (acceptance.due_at, acceptance.breach_at) == (at + 4 * HOUR, at + 4 * HOUR)
    assert (response.owner, response.source, response.country) == (
        sally,
        "webinar",
        "RO",
    )
    assert (response.state, response.waiting, response.warn_at) == (
        "running",
        True,
        at + 1.5 * HOUR,
    )
    change = StageChange.objects.get(lead=lead, to_stage="mql")
    assert {response.entry_id, acceptance.entry_id} == {change.entry_id}
    assert response.change_id == change.pk
    assert events() == ["started", "started"]
    assert Entry.objects.get(pk=change.entry_id).topics == ["leads", "sla"]


def test_only_a_real_mql_starts_clocks(at):
    skipping = make_lead()
    move(skipping, "sql", at)
    unqualified = make_lead()

    assert states(skipping) == states(unqualified) == {}


def test_a_target_that_ends_at_closing_is_due_then_and_broken_at_the_next_opening(at):
    lead = make_lead()
    move(lead, "mql", at + 4 * HOUR)  # 16:00; two hours until 18:00

    clock = clock_of(lead)
    assert clock.due_at == at + 6 * HOUR
    assert clock.breach_at == at + 21 * HOUR  # Tuesday 09:00


def test_acceptance_is_met_by_accepting_in_time(at, lead, sally):
    decisions.accept(lead, by=sally, at=at + 3 * HOUR)

    clock = clock_of(lead, "acceptance")
    assert (clock.state, clock.done_by, clock.done_at, clock.ended_at) == (
        "met",
        "accepted",
        at + 3 * HOUR,
        at + 3 * HOUR,
    )
    assert (clock.elapsed_seconds, clock.late_seconds, clock.waiting) == (
        3 * 3600,
        None,
        False,
    )
    assert states(lead)["first_response 1"] == "running"
    assert events() == ["started", "started", "met"]


@pytest.mark.parametrize(
    ("refuse", "reason", "word"),
    [
        (decisions.refuse, "no_budget", "recycled"),
        (decisions.disqualify, "competitor", "disqualified"),
    ],
)
def test_a_refusal_meets_acceptance_and_ends_first_response(
    at, lead, sally, refuse, reason, word
):
    refuse(lead, reason=reason, by=sally, at=at + HOUR)

    acceptance, response = clock_of(lead, "acceptance"), clock_of(lead)
    assert (acceptance.state, acceptance.done_by) == ("met", word)
    assert (response.state, response.cancelled_reason, response.ended_at) == (
        "cancelled",
        word,
        at + HOUR,
    )
    assert not response.waiting


def test_a_call_meets_first_response_and_is_no_acceptance(at, lead):
    call(lead, at + HOUR, at=at + HOUR + MINUTE)

    clock = clock_of(lead)
    assert (clock.state, clock.done_by, clock.done_at) == ("met", "touch", at + HOUR)
    assert (clock.logged_late, clock.self_reported) == (False, False)
    assert states(lead)["acceptance 1"] == "running"


def test_done_at_the_second_of_the_breach_is_in_time_and_after_it_is_not(at, lead):
    other = make_lead()
    move(other, "mql", at)

    call(lead, at + 2 * HOUR)
    call(other, at + 2 * HOUR + SECOND)

    assert states(lead)["first_response 1"] == "met"
    late = clock_of(other)
    assert (late.state, late.late_seconds, late.elapsed_seconds) == (
        "breached",
        1,
        2 * 3600 + 1,
    )


@pytest.mark.parametrize(
    "values",
    [
        {"direction": "inbound"},
        {"team": "marketing"},
        {"team": ""},
        {"automatic": True},
    ],
)
def test_only_a_human_outbound_touch_of_sales_is_a_contact(at, lead, values):
    call(lead, at + HOUR, **values)

    assert states(lead)["first_response 1"] == "running"


def test_a_touch_before_the_mql_counts_as_none_at_all(at):
    lead = make_lead()
    call(lead, at - 48 * HOUR)
    move(lead, "mql", at)

    clock = clock_of(lead)
    assert (clock.state, clock.done_by, clock.done_at, clock.elapsed_seconds) == (
        "met",
        "earlier_touch",
        at,
        0,
    )


def test_a_touch_before_the_previous_exit_belongs_to_the_previous_round(at):
    lead = make_lead()
    move(lead, "mql", at)
    call(lead, at + HOUR)
    move(lead, "recycled", at + 2 * HOUR, **RECYCLED)

    move(lead, "mql", at + 3 * HOUR)

    assert states(lead) == {
        "acceptance 1": "met",
        "first_response 1": "met",
        "acceptance 2": "running",
        "first_response 2": "running",
    }


def test_a_touch_between_the_rounds_counts_for_the_next_one(at):
    lead = make_lead()
    move(lead, "mql", at)
    move(lead, "recycled", at + HOUR, **RECYCLED)
    call(lead, at + 2 * HOUR)
    move(lead, "mql", at + 3 * HOUR)

    assert clock_of(lead).cancelled_reason == "recycled"
    assert clock_of(lead, round_=2).done_by == "earlier_touch"


def test_going_on_without_a_decision_ends_acceptance_as_implied(at, lead):
    move(lead, "sql", at + HOUR)

    clock = clock_of(lead, "acceptance")
    assert (clock.state, clock.cancelled_reason) == ("cancelled", "implied")
    assert states(lead)["first_response 1"] == "running"


def test_a_real_acceptance_learnt_later_takes_the_place_of_the_implied_one(at, lead):
    move(lead, "sql", at + 2 * HOUR)

    move(lead, "sal", at + HOUR, at=at + 3 * HOUR)

    clock = clock_of(lead, "acceptance")
    assert (clock.state, clock.done_at) == ("met", at + HOUR)
    assert events()[-1] == "met"


def test_a_customer_needs_no_contact_any_more(at, lead):
    move(lead, "customer", at + HOUR)

    assert clock_of(lead).cancelled_reason == "customer"


def test_leads_that_must_not_be_contacted_have_no_clocks(at, lead):
    barred = make_lead(do_not_contact=True)
    move(barred, "mql", at)

    leads.change(lead, {"do_not_contact": True}, by=None, at=at + HOUR)

    for one, ended in [(lead, at + HOUR), (barred, at)]:
        rows = Clock.objects.filter(lead=one)
        assert {(c.state, c.cancelled_reason, c.ended_at) for c in rows} == {
            ("cancelled", "do_not_contact", ended)
        }


def test_the_moment_contact_was_forbidden_outlives_another_mark(at, lead):
    leads.change(lead, {"do_not_contact": True}, by=None, at=at + HOUR)
    leads.exclude([lead.pk], Exclusion.SPAM, by=None, at=at + 3 * HOUR)
    leads.exclude([lead.pk], Exclusion.NONE, by=None, at=at + 5 * HOUR)

    rows = Clock.objects.filter(lead=lead)
    assert {(c.state, c.cancelled_reason, c.ended_at) for c in rows} == {
        ("cancelled", "do_not_contact", at + HOUR)
    }


def test_contact_forbidden_a_second_time_counts_from_then(at, lead):
    for hours, barred in [(0.5, True), (1, False), (3, True)]:
        leads.change(lead, {"do_not_contact": barred}, by=None, at=at + hours * HOUR)

    assert clock_of(lead).state == "running"  # past its time; the sweep flags it
    assert clock_of(lead, "acceptance").ended_at == at + 3 * HOUR


def test_a_round_that_begins_while_contact_is_forbidden_promises_nothing(at, lead):
    leads.change(lead, {"do_not_contact": True}, by=None, at=at + HOUR)
    move(lead, "recycled", at + HOUR, cause="refused", reason="no_budget")
    move(lead, "mql", at + 2 * HOUR)

    clock = clock_of(lead, round_=2)
    assert (clock.cancelled_reason, clock.ended_at) == (
        "do_not_contact",
        at + 2 * HOUR,
    )


def test_what_was_broken_before_stays_so_when_contact_is_forbidden(at, lead):
    sweep_all(at + 3 * HOUR)

    leads.change(lead, {"do_not_contact": True}, by=None, at=at + 3 * HOUR)

    assert states(lead) == {"acceptance 1": "cancelled", "first_response 1": "breached"}
    assert not clock_of(lead).waiting


def test_contact_allowed_again_revives_the_clocks(at, lead):
    leads.change(lead, {"do_not_contact": True}, by=None, at=at + HOUR)
    leads.change(lead, {"do_not_contact": False}, by=None, at=at + 1.5 * HOUR)

    clock = clock_of(lead)
    assert (clock.state, clock.breach_at) == ("running", at + 2 * HOUR)


def test_a_lead_left_out_of_the_numbers_takes_all_its_clocks_along(at, lead):
    sweep_all(at + 3 * HOUR)
    leads.exclude([lead.pk], Exclusion.SPAM, by=None, at=at + 4 * HOUR)

    assert {c.cancelled_reason for c in Clock.objects.all()} == {"spam"}
    assert Breach.objects.count() == 1

    leads.exclude([lead.pk], Exclusion.NONE, by=None, at=at + 4 * HOUR)
    sweep_all(at + 4 * HOUR)

    assert states(lead) == {"acceptance 1": "running", "first_response 1": "breached"}
    assert Breach.objects.count() == 1


def test_marks_tell_who_qualified_and_what_was_refused_although_met(at, sally):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at, cause=Cause.HAND)
    decisions.refuse(lead, reason="no_budget", by=sally, at=at + HOUR)
    refusal = StageChange.objects.get(to_stage="recycled")

    clock = clock_of(lead, "acceptance")
    assert clock.by_hand
    assert clock.although_met == refusal.although_met


def test_the_first_clause_that_fits_binds_a_lead(at):
    make_agreement(
        Promise(ClauseKind.FIRST_RESPONSE, HOUR / 2, source="demo_request"),
        Promise(ClauseKind.FIRST_RESPONSE, HOUR, segment="Retail"),
        Promise(ClauseKind.FIRST_RESPONSE, 2 * HOUR, priority=0),
    )
    cases: list[tuple[dict[str, Any], timedelta | None]] = [
        ({"source": "demo_request", "segment": "Retail"}, HOUR / 2),
        ({"source": "webinar", "segment": "Retail"}, HOUR),
        ({"source": "webinar"}, 2 * HOUR),
        ({"source": "webinar", "priority": 5}, None),
    ]
    for values, target in cases:
        lead = make_lead(**values)
        move(lead, "mql", at)
        rows = list(Clock.objects.filter(lead=lead).values_list("kind", "due_at"))
        assert rows == ([("first_response", at + target)] if target else [])


def test_a_new_agreement_holds_for_clocks_that_start_later(at, lead):
    make_agreement(response=HOUR, at=at + HOUR / 2)
    later = make_lead()
    move(later, "mql", at + HOUR)
    call(lead, at + 1.5 * HOUR)

    assert clock_of(lead).state == "met"
    assert clock_of(later).due_at == at + 2 * HOUR


def test_new_hours_hold_for_clocks_that_start_later(at, lead):
    make_calendar(weekly={"tue": [["09:00", "17:00"]]}, at=at + HOUR / 2)
    later = make_lead()
    move(later, "mql", at + HOUR)
    call(lead, at + 1.5 * HOUR)

    assert clock_of(lead).elapsed_seconds == 1.5 * 3600
    assert clock_of(later).due_at == at + 23 * HOUR  # Tuesday 11:00


def test_every_end_a_clock_had_is_kept(at, lead, sally):
    sweep_all(at + 5 * HOUR)
    decisions.accept(lead, by=sally, at=at + 6 * HOUR)

    versions = ClockVersion.objects.filter(kind="acceptance").order_by("pk")
    clock = clock_of(lead, "acceptance")
    assert [v.state for v in versions] == ["breached"]
    assert [v.until_entry_id for v in versions] == [clock.entry_id]


def test_nothing_changes_when_the_same_is_told_again(at, lead, sally):
    decisions.accept(lead, by=sally, at=at + HOUR)
    before = list(Clock.objects.order_by("pk").values())

    decisions.accept(lead, by=sally, at=at + 2 * HOUR)
    move(lead, "mql", at, at=at + 3 * HOUR)

    assert list(Clock.objects.order_by("pk").values()) == before
    assert Event.objects.filter(kind__startswith="sla.clock").count() == 3
