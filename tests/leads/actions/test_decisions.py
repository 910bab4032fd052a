from datetime import timedelta

import pytest

from foundation.accounts.enums import Role
from leads.actions import corrections, decisions, leads, stages
from leads.enums import Cause, Stage
from leads.models import Note, StageChange
from tests.factories.accounts import make_user
from tests.factories.leads import make_lead, move

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def lead(at):
    return make_lead(stage="mql", created_at=at, at=at)


def test_accepting_takes_the_lead_on_and_makes_it_mine(lead, at, sally):
    decisions.accept(lead, by=sally, at=at + HOUR)
    decisions.accept(lead, by=sally, at=at + 2 * HOUR)

    lead.refresh_from_db()
    assert (lead.stage, lead.owner, lead.round_sal_at) == ("sal", sally, at + HOUR)
    change = StageChange.objects.get(lead=lead, to_stage="sal")
    assert (change.cause, change.actor, change.occurred_at) == (
        Cause.ACCEPTED,
        sally,
        at + HOUR,
    )


def test_of_two_who_accept_one_is_refused(lead, at, sally):
    decisions.accept(lead, by=make_user(), at=at + HOUR)

    with pytest.raises(leads.NotYours):
        decisions.accept(lead, by=sally, at=at + HOUR)


def test_marketing_does_not_accept(lead, at, mark):
    with pytest.raises(leads.NotYours):
        decisions.accept(lead, by=mark, at=at)


def test_a_head_may_decide_for_the_team(lead, at, sally):
    decisions.accept(lead, by=sally, at=at + HOUR)
    head = make_user(Role.HEAD_OF_SALES)

    decisions.disqualify(lead, reason="competitor", by=head, at=at + 2 * HOUR)

    lead.refresh_from_db()
    assert lead.stage == "disqualified"


def test_refusing_needs_a_listed_reason_and_keeps_the_words_apart(lead, at, sally):
    for reason, code in [("", "reason_required"), ("x", "unknown_reason")]:
        with pytest.raises(stages.NotAdvanced) as refusal:
            decisions.refuse(lead, reason=reason, by=sally, at=at)
        assert refusal.value.code == code

    day = (at + timedelta(days=60)).date()
    decisions.refuse(
        lead, reason="no_budget", by=sally, at=at, re_entry_on=day, note=" Spring. "
    )
    decisions.refuse(lead, reason="no_budget", by=sally, at=at)

    lead.refresh_from_db()
    assert (lead.stage, lead.re_entry_on) == ("recycled", day)
    change = StageChange.objects.get(to_stage="recycled")
    assert (change.cause, change.reason) == (Cause.REFUSED, "no_budget")
    assert Note.objects.get().text == "Spring."


def test_what_was_decided_is_not_decided_again(lead, at, sally):
    decisions.disqualify(lead, reason="competitor", by=sally, at=at)

    with pytest.raises(decisions.NotWaiting):
        decisions.accept(lead, by=sally, at=at)


def test_an_explicit_acceptance_takes_the_place_of_the_silent_one(lead, at, sally):
    move(lead, "sal", at + HOUR, cause=Cause.SILENCE)

    decisions.accept(lead, by=sally, at=at + 3 * HOUR)

    lead.refresh_from_db()
    assert (lead.stage, lead.round_sal_at, lead.owner) == ("sal", at + 3 * HOUR, sally)
    rows = StageChange.objects.filter(to_stage="sal").order_by("pk")
    assert list(rows.values_list("cause", "in_force")) == [
        ("silence", False),
        ("accepted", True),
    ]
    assert rows[1].corrects == rows[0]


def test_a_silently_accepted_lead_can_still_be_refused(lead, at, sally):
    move(lead, "sal", at + HOUR, cause=Cause.SILENCE)

    decisions.refuse(lead, reason="no_need", by=sally, at=at + 2 * HOUR)

    lead.refresh_from_db()
    assert lead.stage == "recycled"


def test_qualifying_by_hand_needs_a_reason_and_is_marked(at, mark):
    lead = make_lead(created_at=at, at=at)
    with pytest.raises(stages.NotAdvanced):
        decisions.qualify(lead, Stage.MQL, reason="", by=mark, at=at)

    decisions.qualify(lead, Stage.MQL, reason="known_account", by=mark, at=at)

    change = StageChange.objects.get(to_stage="mql")
    assert (change.cause, change.reason) == (Cause.HAND, "known_account")


def test_withdrawing_a_change_rebuilds_the_lead_and_takes_what_it_implied(at, lena):
    lead = make_lead(created_at=at, at=at)
    move(lead, "mql", at)
    move(lead, "opportunity", at + HOUR)
    change = StageChange.objects.get(to_stage="opportunity")

    corrections.withdraw_change(change, reason="entered_by_mistake", by=lena, at=at)

    lead.refresh_from_db()
    assert (lead.stage, lead.first_sal_at, lead.first_opportunity_at) == (
        "mql",
        None,
        None,
    )
    in_force = StageChange.objects.filter(in_force=True, is_withdrawal=False)
    assert list(in_force.order_by("pk").values_list("to_stage", flat=True)) == [
        "lead",
        "mql",
    ]
    with pytest.raises(corrections.NothingToCorrect):
        corrections.withdraw_change(change, reason="entered_by_mistake", by=lena, at=at)
