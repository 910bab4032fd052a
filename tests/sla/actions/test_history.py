"""What is learned long after is evaluated silently and shown apart (domain §5)."""

import pytest

from foundation.ledger.models import Event
from leads.actions import leads, stages, touchpoints
from leads.actions.leads import NewLead
from leads.models import StageChange
from sla.models import Breach, Clock
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, events, states, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]


@pytest.fixture
def load(at):
    """Load leads at MQL as a file does, recorded at noon."""

    def run(moments, *, live=False):
        new = [
            NewLead(
                {"external_system": "file", "external_id": f"{number}"},
                created_at=when,
                stage="mql",
            )
            for number, when in enumerate(moments)
        ]
        return leads.create_many(new, by=None, at=at, cause="import", live=live)

    return run


def test_history_is_judged_at_once_and_fires_nothing(at, load):
    (lead,) = load([at - 240 * HOUR])

    rows = Clock.objects.all()
    assert {(c.state, c.history, c.waiting, c.warn_at) for c in rows} == {
        ("breached", True, False, None)
    }
    assert all(c.ended_at == c.breach_at for c in rows)
    assert sweep_all(at) == 0
    lead.refresh_from_db()
    assert lead.stage == "mql"
    assert (Breach.objects.count(), events()) == (0, [])


def test_how_much_history_was_judged_is_one_event(at, load):
    load([at - 240 * HOUR, at - 230 * HOUR, at - 220 * HOUR])

    event = Event.objects.get(kind="sla.clocks.evaluated")
    assert (event.subject_type, event.payload) == ("ledger.entry", {"clocks": 6})
    assert event.subject_id == event.entry_id


def test_history_counts_when_it_happened_whenever_it_was_recorded(at, load):
    (lead,) = load([at - 243 * HOUR])  # a Friday, 09:00
    wish = stages.Advance(lead.pk, "sal", at - 240 * HOUR, "import")
    stages.advance_many([wish], by=None, at=at, live=False)
    touch = touchpoints.Touch(
        lead.pk, at - 242 * HOUR, {"direction": "outbound", "team": "sales"}
    )
    touchpoints.log_many([touch], by=None, at=at, live=False)

    assert states(lead) == {"acceptance 1": "met", "first_response 1": "met"}
    clock = clock_of(lead)
    assert (clock.elapsed_seconds, clock.logged_late, clock.self_reported) == (
        3600,
        False,
        True,
    )


def test_touches_loaded_before_the_mql_count_too(at):
    lead = make_lead(created_at=at - 300 * HOUR)
    call(lead, at - 242 * HOUR, at=at - HOUR)
    move(lead, "mql", at - 243 * HOUR, at=at)

    assert (clock_of(lead).state, clock_of(lead).done_by) == ("met", "touch")


def test_history_whose_time_is_not_up_is_swept_silently(at, load):
    (lead,) = load([at - HOUR])
    assert states(lead) == {"acceptance 1": "running", "first_response 1": "running"}

    assert sweep_all(at + 5 * HOUR) == 2

    assert states(lead) == {
        "acceptance 1": "breached",
        "first_response 1": "breached",
    }
    lead.refresh_from_db()
    assert lead.stage == "mql"
    assert StageChange.objects.filter(cause="silence").count() == 0
    assert (Breach.objects.count(), events()) == (0, [])


def test_leads_that_move_in_live_have_running_clocks(at, load):
    old, new = load([at - 20 * HOUR, at - HOUR], live=True)

    assert not clock_of(new).history
    assert events() == ["started"] * 4
    sweep_all(at)
    # Sunday 16:00: the time began on Monday 09:00.
    assert states(old) == {"acceptance 1": "running", "first_response 1": "breached"}


def test_live_leads_of_more_than_a_day_ago_are_history_all_the_same(at, load):
    (lead,) = load([at - 25 * HOUR], live=True)

    assert clock_of(lead).history


def test_what_is_done_about_history_today_is_told_without_an_event(at, load, sally):
    (lead,) = load([at - 240 * HOUR])

    call(lead, at + HOUR)

    clock = clock_of(lead)
    assert (clock.state, clock.done_by, clock.history) == ("breached", "touch", True)
    assert clock.late_seconds == 53 * 3600  # 6 h, five days of 9 h, 4 h; less 2 h
    assert (Breach.objects.count(), events()) == (0, [])


def test_hours_before_the_first_agreement_count_by_the_first(load, at):
    (lead,) = load([at - 24 * 365 * HOUR])

    assert clock_of(lead).clause.target_seconds == 2 * 3600
