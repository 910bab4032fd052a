"""Exceptions both sides agree to (domain §5)."""

import pytest

from foundation.accounts.enums import Role
from leads.actions import leads
from leads.enums import Exclusion
from sla.actions import excuses
from sla.enums import ExceptionReason, ExcuseState
from sla.models import Breach, Clock, ClockVersion, Excuse
from tests.factories.accounts import make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, events, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]
OUTAGE = ExceptionReason.OUTAGE


@pytest.fixture
def broken(at, sally):
    """A first response past its time."""
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    sweep_all(at + 3 * HOUR)
    return clock_of(lead)


def test_agreed_by_the_other_sides_head_a_case_is_excepted(at, broken, sally, marta):
    excuse = excuses.propose(broken, OUTAGE, by=sally, at=at + 3 * HOUR)
    assert (excuse.side, excuse.state) == ("sales", "proposed")
    assert not Clock.objects.get(pk=broken.pk).excepted

    excuses.agree(excuse, by=marta, at=at + 4 * HOUR)

    broken.refresh_from_db()
    excuse.refresh_from_db()
    assert (broken.state, broken.excepted) == ("breached", True)
    assert (excuse.state, excuse.decided_by, excuse.decided_at) == (
        "agreed",
        marta,
        at + 4 * HOUR,
    )
    assert Breach.objects.count() == 1
    kept = ClockVersion.objects.filter(clock=broken).latest("pk")
    assert (kept.excepted, kept.until_entry_id) == (False, broken.entry_id)
    assert events("sla.excuse.") == ["proposed", "agreed"]


def test_an_exception_outlives_whatever_happens_next(at, broken, sally, marta):
    excuse = excuses.propose(broken, OUTAGE, by=sally, at=at + 3 * HOUR)
    excuses.agree(excuse, by=marta, at=at + 3 * HOUR)

    call(broken.lead, at + 5 * HOUR)

    broken.refresh_from_db()
    assert (broken.excepted, broken.late_seconds) == (True, 3 * 3600)


def test_marketing_proposes_and_the_head_of_sales_decides(
    at, broken, mark, marta, hanna
):
    excuse = excuses.propose(broken, OUTAGE, by=mark, at=at + 3 * HOUR)

    with pytest.raises(excuses.NotYourSide):
        excuses.agree(excuse, by=marta, at=at + 4 * HOUR)
    excuses.agree(excuse, by=hanna, at=at + 4 * HOUR)

    assert Clock.objects.get(pk=broken.pk).excepted


def test_nobody_but_the_two_sides_proposes(at, broken, lena):
    with pytest.raises(excuses.NotYourSide):
        excuses.propose(broken, OUTAGE, by=lena, at=at + 3 * HOUR)


@pytest.mark.parametrize("role", [Role.SALES_REP, Role.HEAD_OF_SALES, Role.MARKETER])
def test_nobody_but_the_other_sides_head_decides(at, broken, sally, marta, role):
    excuse = excuses.propose(broken, OUTAGE, by=sally, at=at + 3 * HOUR)

    for decide in (excuses.agree, excuses.decline):
        with pytest.raises(excuses.NotYourSide):
            decide(excuse, by=make_user(role), at=at + 4 * HOUR)
    excuse.refresh_from_db()
    assert excuse.state == ExcuseState.PROPOSED


def test_leadership_decides_where_the_other_side_has_no_head(at, broken, sally, lena):
    excuse = excuses.propose(broken, OUTAGE, by=sally, at=at + 3 * HOUR)
    marta = make_user(Role.HEAD_OF_MARKETING)
    with pytest.raises(excuses.NotYourSide):
        excuses.agree(excuse, by=lena, at=at + 4 * HOUR)

    type(marta).objects.filter(pk=marta.pk).update(is_active=False)
    excuses.agree(excuse, by=lena, at=at + 4 * HOUR)

    assert Clock.objects.get(pk=broken.pk).excepted


def test_declined_it_counts_and_may_be_proposed_again(at, broken, sally, marta):
    excuse = excuses.propose(broken, OUTAGE, by=sally, at=at + 3 * HOUR)
    excuses.decline(excuse, by=marta, at=at + 4 * HOUR)
    excuses.decline(excuse, by=marta, at=at + 5 * HOUR)

    assert not Clock.objects.get(pk=broken.pk).excepted
    with pytest.raises(excuses.AlreadyDecided):
        excuses.agree(excuse, by=marta, at=at + 5 * HOUR)
    again = excuses.propose(
        broken, ExceptionReason.WRONG_DATA, by=sally, at=at + 5 * HOUR
    )
    assert again.pk != excuse.pk


def test_proposing_and_agreeing_again_change_nothing(at, broken, sally, marta):
    excuse = excuses.propose(broken, OUTAGE, by=sally, at=at + 3 * HOUR)
    assert excuses.propose(broken, OUTAGE, by=sally, at=at + 4 * HOUR) == excuse
    with pytest.raises(excuses.AlreadyProposed):
        excuses.propose(broken, ExceptionReason.WRONG_DATA, by=sally, at=at + 4 * HOUR)

    excuses.agree(excuse, by=marta, at=at + 4 * HOUR)
    excuses.agree(excuse, by=marta, at=at + 5 * HOUR)
    with pytest.raises(excuses.AlreadyDecided):
        excuses.decline(excuse, by=marta, at=at + 5 * HOUR)

    assert Excuse.objects.get().decided_at == at + 4 * HOUR
    assert events("sla.excuse.") == ["proposed", "agreed"]


def test_what_was_kept_or_has_no_object_needs_no_exception(at, sally):
    kept = make_lead()
    move(kept, "mql", at)
    call(kept, at + HOUR)
    spam = make_lead()
    move(spam, "mql", at)
    leads.exclude([spam.pk], Exclusion.SPAM, by=None, at=at + HOUR)

    for lead in (kept, spam):
        with pytest.raises(excuses.NothingToExcuse):
            excuses.propose(clock_of(lead), OUTAGE, by=sally, at=at + HOUR)


def test_a_late_record_agreed_to_keeps_the_promise_after_all(at, broken, sally, marta):
    call(broken.lead, at + HOUR, at=at + 4 * HOUR)
    late = ExceptionReason.LOGGED_LATE
    excuse = excuses.propose(broken, late, by=sally, at=at + 4 * HOUR)

    excuses.agree(excuse, by=marta, at=at + 5 * HOUR)

    clock = Clock.objects.get(pk=broken.pk)
    assert (clock.state, clock.done_at, clock.logged_late, clock.excepted) == (
        "met",
        at + HOUR,
        True,
        False,
    )
    assert (clock.late_agreed, Breach.objects.count()) == (True, 1)
    assert events()[-1] == "met"


def test_only_what_was_done_in_time_can_be_recorded_late(at, broken, sally):
    call(broken.lead, at + 4 * HOUR)

    with pytest.raises(excuses.NotLoggedLate):
        excuses.propose(broken, ExceptionReason.LOGGED_LATE, by=sally, at=at + 4 * HOUR)
