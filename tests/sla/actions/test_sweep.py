"""The sweep: breaches, acceptance by silence, warnings; once each, in batches."""

import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from foundation.jobs.actions import running, schedule
from foundation.jobs.domain import registry
from foundation.jobs.models import Job
from foundation.kernel import clock as kernel_clock
from foundation.ledger import queries as ledger
from foundation.ledger.models import Entry, Event
from leads.actions import decisions, stages
from leads.models import Lead, StageChange
from sla import tasks
from sla.actions import sweeping
from sla.models import Breach, Clock, ClockVersion
from sla.queries import due
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

SECOND = HOUR / 3600


def make_mqls(number, at, **values):
    leads = Lead.objects.bulk_create(
        Lead(created_at=at, stage_since_at=at, **values) for _ in range(number)
    )
    wishes = [stages.Advance(lead.pk, "mql", at) for lead in leads]
    stages.advance_many(wishes, by=None, at=at)
    return leads


@pytest.mark.django_db
@pytest.mark.usefixtures("agreed")
class TestSweep:
    @pytest.fixture
    def lead(self, at, sally):
        lead = make_lead(owner_id=sally.pk)
        move(lead, "mql", at)
        return lead

    def test_nothing_due_leaves_no_trace(self, at, lead):
        position = ledger.position()

        assert sweeping.sweep(at=at + HOUR) == 0
        assert ledger.position() == position
        assert Entry.objects.filter(cause="sla.sweep").count() == 0

    def test_at_the_second_of_the_breach_it_is_still_in_time(self, at, lead):
        sweep_all(at + 2 * HOUR)
        assert states(lead)["first_response 1"] == "running"

        sweep_all(at + 2 * HOUR + SECOND)
        assert states(lead)["first_response 1"] == "breached"

    def test_a_breach_is_flagged_with_its_row_its_event_and_its_entry(
        self, at, lead, sally
    ):
        now = at + 2.5 * HOUR
        sweep_all(now)

        clock, breach = clock_of(lead), Breach.objects.get()
        assert (clock.state, clock.ended_at, clock.waiting) == (
            "breached",
            at + 2 * HOUR,
            True,
        )
        assert (breach.clock, breach.owner, breach.breach_at, breach.flagged_at) == (
            clock,
            sally,
            at + 2 * HOUR,
            now,
        )
        assert not breach.quiet
        event = Event.objects.get(kind="sla.clock.breached")
        assert (event.subject_type, event.subject_id) == ("sla.clock", clock.pk)
        assert event.payload == {
            "lead": lead.pk,
            "kind": "first_response",
            "round": 1,
            "quiet": False,
        }
        entry = Entry.objects.get(pk=breach.entry_id)
        assert (entry.cause, entry.topics, entry.actor_id) == (
            "sla.sweep",
            ["sla"],
            None,
        )
        assert clock.entry_id == event.entry_id == entry.pk
        assert ledger.flaws() == []

    def test_silence_accepts_the_lead_when_the_time_ran_out(self, at, lead):
        sweep_all(at + 5 * HOUR)

        clock = clock_of(lead, "acceptance")
        assert (clock.state, clock.by_silence, clock.done_at) == (
            "breached",
            True,
            None,
        )
        lead.refresh_from_db()
        assert (lead.stage, lead.round_sal_at) == ("sal", at + 4 * HOUR)
        change = StageChange.objects.get(lead=lead, to_stage="sal")
        assert (change.cause, change.actor_id, change.history) == (
            "silence",
            None,
            False,
        )
        assert change.entry_id == clock.entry_id

    def test_accepting_after_silence_is_explicit_and_late(self, at, lead, sally):
        sweep_all(at + 5 * HOUR)

        decisions.accept(lead, by=sally, at=at + 5.5 * HOUR)

        clock = clock_of(lead, "acceptance")
        assert (clock.state, clock.done_by, clock.by_silence, clock.late_seconds) == (
            "breached",
            "accepted",
            False,
            5400,
        )
        assert not clock.waiting
        assert Breach.objects.filter(clock=clock).count() == 1

    def test_refusing_after_silence_is_explicit_and_late(self, at, lead, sally):
        sweep_all(at + 5 * HOUR)

        decisions.refuse(lead, reason="no_budget", by=sally, at=at + 5.5 * HOUR)

        clock = clock_of(lead, "acceptance")
        assert (clock.state, clock.done_by, clock.late_seconds) == (
            "breached",
            "recycled",
            5400,
        )

    def test_a_silent_lead_that_goes_on_is_waited_for_no_more(self, at, lead):
        sweep_all(at + 5 * HOUR)
        move(lead, "sql", at + 5.5 * HOUR)

        clock = clock_of(lead, "acceptance")
        assert (clock.state, clock.by_silence, clock.waiting) == (
            "breached",
            True,
            False,
        )

    def test_decided_before_the_sweep_came_round_there_is_no_silence(
        self, at, lead, sally
    ):
        decisions.accept(lead, by=sally, at=at + 4.5 * HOUR)
        sweep_all(at + 5 * HOUR)

        clock = clock_of(lead, "acceptance")
        assert (clock.state, clock.done_by, clock.by_silence) == (
            "breached",
            "accepted",
            False,
        )
        assert StageChange.objects.filter(lead=lead, cause="silence").count() == 0

    def test_a_warning_comes_once_after_three_quarters(self, at, lead):
        assert sweep_all(at + 1.5 * HOUR - SECOND) == 0
        assert sweep_all(at + 1.5 * HOUR) == 1
        assert sweep_all(at + 1.6 * HOUR) == 0

        assert clock_of(lead).warned_at == at + 1.5 * HOUR
        assert events()[2:] == ["warned"]
        assert ClockVersion.objects.count() == 0

    def test_batches_take_what_ran_out_first(self, at):
        first = make_mqls(3, at)
        make_mqls(3, at + HOUR)

        assert sweeping.sweep(at=at + 4 * HOUR, limit=3) == 3

        broken = Clock.objects.filter(state="breached").values_list(
            "lead_id", flat=True
        )
        assert sorted(broken) == [lead.pk for lead in first]
        assert sweep_all(at + 4 * HOUR) == 3 + 6  # three breaches, six warnings
        assert Breach.objects.count() == 6

    def test_the_number_of_statements_does_not_grow(self, at, count_queries):
        def sweep(number):
            make_mqls(number, at)
            return count_queries(sweeping.sweep, at=at + 100 * HOUR, limit=10_000)

        assert sweep(1) == sweep(3) == sweep(1_000)
        assert Breach.objects.count() == 2 * 1_004
        assert Lead.objects.filter(stage="sal").count() == 1_004

    def test_the_task_sweeps_until_nothing_is_due_by_the_databases_clock(
        self, at, lead, monkeypatch
    ):
        """R24: a worker whose clock runs an hour ahead flags nothing early."""
        fresh = make_lead(created_at=kernel_clock.now())
        move(fresh, "mql", kernel_clock.now())
        schedule.fill_slots(at=kernel_clock.now(), zone=ZoneInfo("UTC"))
        ahead = kernel_clock.now() + 1000 * HOUR
        monkeypatch.setattr(kernel_clock, "now", lambda: ahead)

        # The database's now() is the start of the test's transaction.
        Job.objects.filter(kind="sla.sweep").update(due_at=at)
        job = Job.objects.get(kind="sla.sweep")
        while running.run_next("fast"):
            pass

        job.refresh_from_db()
        assert registry.HANDLERS["sla.sweep"].handle is tasks.sweep
        assert job.state == "done"
        assert states(lead) == {
            "acceptance 1": "breached",
            "first_response 1": "breached",
        }
        assert states(fresh) == {
            "acceptance 1": "running",
            "first_response 1": "running",
        }

    def test_the_schedule_asks_for_a_sweep_only_when_something_is_due(self, at):
        assert not due.anything_due()
        lead = make_lead()
        move(lead, "mql", at)
        assert due.anything_due()


def in_thread(target, *args):
    def run():
        try:
            target(*args)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture(autouse=True)
    def agreed(self):
        make_calendar()
        return make_agreement()

    def test_many_sweeps_at_once_flag_each_breach_once(self, at):
        make_mqls(600, at)
        now, start = at + 10 * HOUR, threading.Barrier(4)

        def sweep():
            start.wait(10)
            while sweeping.sweep(at=now, limit=50):
                pass

        threads = [in_thread(sweep) for _ in range(4)]
        for thread in threads:
            thread.join(60)
        sweep_all(now)

        assert Clock.objects.filter(state="breached").count() == 1_200
        assert Breach.objects.count() == 1_200
        assert events().count("breached") == 1_200
        silent = StageChange.objects.filter(cause="silence", in_force=True)
        assert silent.count() == silent.values("lead").distinct().count() == 600
        assert ledger.flaws() == []

    def test_a_sweep_does_not_wait_for_leads_that_somebody_works_on(self, at, sally):
        busy, free = make_lead(), make_lead()
        for lead in (busy, free):
            move(lead, "mql", at)
        holding, may_end = threading.Event(), threading.Event()

        def work():
            with transaction.atomic():
                Lead.objects.select_for_update().get(pk=busy.pk)
                holding.set()
                may_end.wait(10)
                decisions.accept(busy, by=sally, at=at + 3.9 * HOUR)

        thread = in_thread(work)
        assert holding.wait(10)
        sweep_all(at + 5 * HOUR)
        during = states(free), states(busy)
        may_end.set()
        thread.join(10)
        sweep_all(at + 5 * HOUR)

        both = {"acceptance 1": "breached", "first_response 1": "breached"}
        none = {"acceptance 1": "running", "first_response 1": "running"}
        assert during == (both, none)
        assert states(busy) == {"acceptance 1": "met", "first_response 1": "breached"}
        assert Breach.objects.filter(clock__lead=busy).count() == 1

    def test_people_and_sweeps_never_stand_in_each_others_way(self, at, sally):
        """Calls and decisions beside sweeps: no deadlock, and each clock ends once."""
        leads = make_mqls(60, at, owner=sally)
        failures = []

        def call_all(order):
            for lead in order:
                try:
                    call(lead, at + 2 * HOUR + SECOND)
                except Exception as error:  # noqa: BLE001 -- told below
                    failures.append(error)

        def accept_all(order):
            for lead in order:
                try:
                    decisions.accept(lead, by=sally, at=at + 5 * HOUR)
                except Exception as error:  # noqa: BLE001
                    failures.append(error)

        def sweep():
            for _ in range(40):
                sweeping.sweep(at=at + 5 * HOUR, limit=7)

        threads = [
            in_thread(call_all, leads),
            in_thread(call_all, leads[::-1]),
            in_thread(accept_all, leads),
            in_thread(sweep),
            in_thread(sweep),
        ]
        for thread in threads:
            thread.join(120)
        sweep_all(at + 5 * HOUR)

        assert failures == []
        assert set(Clock.objects.values_list("state", flat=True)) == {"breached"}
        assert Clock.objects.exclude(late_seconds__gt=0).count() == 0
        assert Breach.objects.count() == 120
        assert events().count("breached") == 120
