"""A definition tried out on the first quarter of 2026, beside a calculation by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.queries import workspace
from foundation.jobs.actions import jobs, running
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.ledger import actions as ledger
from foundation.ledger.models import Event
from leads.actions import corrections, dry_runs, leads
from leads.actions.dry_runs import NotGoingOn, WrongWindow
from leads.enums import Cause, Exclusion
from leads.models import DryRun, DryRunLead, StageChange, Touchpoint
from leads.queries import dry_runs as queries
from tests.factories.definitions import make_proposal
from tests.factories.dry_runs import ASKED, FIRST_QUARTER, make_draft, make_dry_run
from tests.factories.leads import make_company, make_lead, move

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
CREATED = datetime(2026, 1, 10, 8, tzinfo=UTC)
END = datetime(2026, 3, 31, 21, tzinfo=UTC)
"""Midnight in Bucharest, as the second quarter begins."""


def on(month, day, hour=9, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def touch(lead, at, *, recorded_at=None):
    with ledger.entry(by=None, at=at) as entry:
        return Touchpoint.objects.create(
            lead=lead,
            entry_id=entry.pk,
            type="demo_request",
            direction="inbound",
            occurred_at=at,
            recorded_at=recorded_at or at,
        )


def a_lead(*touches, created_at=CREATED, source="web", **values):
    lead = make_lead(created_at=created_at, source=source, **values)
    for at in touches:
        touch(lead, at)
    return lead


def an_mql(at, *touches, **values):
    lead = a_lead(*touches, **values)
    assert move(lead, "mql", at, cause=Cause.DEFINITION) == "advanced"
    return lead


def worked(run=None):
    run = run or make_dry_run()
    assert running.run_next("long")
    run.refresh_from_db()
    return run


def found(run):
    """Return each group's leads with the moment at which each was judged."""
    rows = DryRunLead.objects.filter(run=run)
    groups: dict[str, dict[int, datetime]] = {"same": {}, "no_longer": {}, "newly": {}}
    for outcome, lead, at in rows.values_list("outcome", "lead_id", "judged_at"):
        groups[outcome][lead] = at
    return groups


def test_each_lead_is_in_the_group_that_a_hand_finds_for_it():
    met = an_mql(on(2, 10), on(2, 1))
    asked_afterwards = an_mql(on(2, 10), on(2, 10, 10))
    asked_too_early = an_mql(on(2, 10), on(1, 5))
    by_another_way = an_mql(on(2, 10), on(2, 1), source="fair")
    waiting = a_lead(on(3, 20))
    on_the_first_day = a_lead(on(3, 1, 22))  # midnight in Bucharest, thirty days back
    a_lead(on(3, 1, 21, 59))
    a_lead(END + timedelta(microseconds=1))
    at_the_end = a_lead(END)
    a_lead()
    gone = a_lead(on(2, 10))
    move(gone, "disqualified", on(2, 15), cause=Cause.IMPORT)
    bought = a_lead(on(2, 20))
    move(bought, "customer", on(3, 1), cause=Cause.DEAL)
    an_mql(datetime(2025, 12, 31, 21, tzinfo=UTC), created_at=CREATED.replace(2025, 12))
    early = a_lead(on(1, 12), created_at=datetime(2025, 12, 1, 8, tzinfo=UTC))
    move(early, "disqualified", datetime(2025, 12, 20, tzinfo=UTC), cause=Cause.IMPORT)
    a_lead(on(3, 20), created_at=END)
    spam = a_lead(on(3, 20))
    leads.exclude([spam.pk], Exclusion.SPAM, by=None, at=NOW)
    later = an_mql(on(4, 10), on(3, 20))

    run = worked()

    assert found(run) == {
        "same": {met.pk: on(2, 10)},
        "no_longer": {
            lead.pk: on(2, 10)
            for lead in (asked_afterwards, asked_too_early, by_another_way)
        },
        "newly": {
            waiting.pk: END,
            on_the_first_day.pk: END,
            at_the_end.pk: END,
            gone.pk: on(2, 15),
            bought.pk: on(3, 1),
            later.pk: END,
        },
    }
    assert run.results == {"judged": 13, "same": 1, "no_longer": 3, "newly": 6}
    assert (run.state, run.job.done_steps) == (JobState.DONE, run.job.all_steps)


def test_what_was_recorded_later_was_not_known():
    late, back_dated = a_lead(), a_lead()
    touch(late, on(3, 20), recorded_at=END + HOUR)
    touch(back_dated, on(3, 20), recorded_at=END)
    qualified = a_lead()
    touch(qualified, on(2, 1), recorded_at=on(2, 11))
    move(qualified, "mql", on(2, 10), cause=Cause.DEFINITION, at=on(2, 12))

    assert found(worked()) == {
        "same": {},
        "no_longer": {qualified.pk: on(2, 10)},
        "newly": {back_dated.pk: END},
    }


def test_what_was_taken_back_later_still_counts():
    later, before, restored = (a_lead(on(3, 20)) for _ in range(3))
    for lead, at in ((later, END + HOUR), (before, on(3, 25)), (restored, on(3, 25))):
        corrections.withdraw_touches(
            [Touchpoint.objects.get(lead=lead, is_withdrawal=False).pk], by=None, at=at
        )
    gone = Touchpoint.objects.get(lead=restored, is_withdrawal=True)
    withdraw_withdrawal(gone, at=on(3, 26))

    assert found(worked())["newly"] == {later.pk: END, restored.pk: END}


def withdraw_withdrawal(gone, *, at):
    from leads.actions.withdrawing import take_back_touches  # noqa: PLC0415

    take_back_touches([], [gone.pk], by=None, at=at)


def test_a_qualification_that_was_taken_back_was_none():
    lead = an_mql(on(2, 10), on(3, 20))
    change = StageChange.objects.get(lead=lead, to_stage="mql")
    corrections.withdraw_changes([change.pk], by=None, at=on(5, 1))

    assert found(worked()) == {"same": {}, "no_longer": {}, "newly": {lead.pk: END}}


def test_values_are_those_that_were_known_then():
    stamped = an_mql(on(2, 10), on(2, 1))
    once_web = a_lead(on(3, 20))
    since_then_web = a_lead(on(3, 20), source="fair")
    by_then_web = a_lead(on(3, 20), source="fair")
    for lead, source, at in (
        (stamped, "fair", on(2, 11)),
        (once_web, "fair", END + HOUR),
        (since_then_web, "web", END + HOUR),
        (by_then_web, "web", on(3, 1)),
    ):
        leads.change(lead, {"source": source}, by=None, at=at)

    run = worked()

    assert found(run) == {
        "same": {stamped.pk: on(2, 10)},
        "no_longer": {},
        "newly": {once_web.pk: END, by_then_web.pk: END},
    }
    sources = DryRunLead.objects.filter(run=run).values_list("source", flat=True)
    assert set(sources) == {"web"}


def test_stage_and_company_are_those_of_then():
    from leads.actions import companies  # noqa: PLC0415

    wanted = {
        "rules": {
            "all": [
                {"field": "lead.stage", "op": "is", "value": "lead"},
                {"field": "company.employees", "op": "at_least", "value": 50},
            ]
        }
    }
    grown, large, shrunk = (make_company(employees=n) for n in (10, 80, 80))
    a_lead(company_id=grown.pk)
    mql = an_mql(on(2, 10), company_id=large.pk)
    kept = a_lead(company_id=shrunk.pk)
    companies.change(grown, {"employees": 60}, by=None, at=on(2, 1))
    companies.change(grown, {"employees": 20}, by=None, at=on(3, 1))
    companies.change(shrunk, {"employees": 90}, by=None, at=on(3, 1))
    companies.change(shrunk, {"employees": 5}, by=None, at=on(5, 1))

    assert found(worked(make_dry_run(make_draft(wanted)))) == {
        "same": {mql.pk: on(2, 10)},
        "no_longer": {},
        "newly": {kept.pk: END},
    }


def test_a_run_writes_nothing_but_its_own_rows():
    an_mql(on(2, 10), on(2, 1))
    changes = list(StageChange.objects.order_by("pk").values())

    worked()

    assert list(StageChange.objects.order_by("pk").values()) == changes


def test_the_number_of_statements_is_the_same_for_many(monkeypatch):
    def statements():
        run = make_dry_run(version)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            worked(run)
        return [query["sql"].split(maxsplit=1)[0] for query in caught.captured_queries]

    version = make_draft()
    a_lead(on(3, 20))
    one = statements()
    for _ in range(12):
        an_mql(on(2, 10), on(2, 1))
        a_lead(on(3, 20))

    assert statements() == one
    monkeypatch.setattr(queries, "FEWEST_IN_SLICE", 1)
    many = statements()
    for _ in range(12):
        a_lead(on(3, 20))
    assert statements() == many


def test_slices_have_every_lead_once(monkeypatch):
    for number in range(23):
        (an_mql if number % 2 else _waiting)(on(2, 10), on(2, 1), on(3, 20))
    whole = found(worked())
    monkeypatch.setattr(queries, "FEWEST_IN_SLICE", 2)

    run = make_dry_run()
    window = queries.Window(*FIRST_QUARTER, workspace.zone())
    parts = queries.slices(window)
    assert (len(parts), sum(part.leads for part in parts)) == (5, 23)
    run = worked(run)

    assert found(run) == whole
    assert run.results == {"judged": 23, "same": 11, "no_longer": 0, "newly": 12}
    assert (run.job.done_steps, run.job.all_steps) == (23, 23)


def _waiting(_, *touches):
    return a_lead(*touches)


def test_a_later_attempt_starts_anew(monkeypatch):
    for _ in range(4):
        a_lead(on(3, 20))
    monkeypatch.setattr(queries, "FEWEST_IN_SLICE", 1)
    run = make_dry_run()
    judging, fail = queries.judging, [True]

    def half(*args):
        statement, params = judging(*args)
        if fail.pop() if fail else False:
            statement += " WHERE 1 / (%(high)s - %(low)s - 1) > 0"
        return statement, params

    monkeypatch.setattr(queries, "judging", half)
    assert running.run_next("long")
    run.refresh_from_db()
    assert (run.state, run.results) == (JobState.READY, {})

    Job.objects.update(due_at=NOW - HOUR)
    run = worked(run)

    assert run.job.attempt == 2
    assert len(found(run)["newly"]) == run.results["newly"] == 4


def test_a_run_that_waits_is_cancelled_at_once_and_again():
    a_lead(on(3, 20))
    run = make_dry_run()

    dry_runs.cancel(run, by=None, at=NOW)
    dry_runs.cancel(run, by=None, at=NOW + HOUR)

    run.refresh_from_db()
    assert (run.state, run.cancelled_at) == (JobState.CANCELLED, NOW)
    assert not running.run_next("long")
    assert not DryRunLead.objects.exists()


def test_a_run_that_is_under_way_stops_at_its_next_slice(monkeypatch):
    for _ in range(4):
        a_lead(on(3, 20))
    monkeypatch.setattr(queries, "FEWEST_IN_SLICE", 1)
    run = make_dry_run()
    slices = queries.slices

    def cancelled(window):
        parts = slices(window)
        yield parts[0]
        yield parts[1]
        dry_runs.cancel(run, by=None, at=NOW)
        yield from parts[2:]

    monkeypatch.setattr(queries, "slices", lambda w: _Parts(cancelled, w))
    run = worked(run)

    assert (run.state, run.results) == (JobState.CANCELLED, {})
    assert run.job.state == JobState.CANCELLED
    assert not DryRunLead.objects.exists()


class _Parts:
    """Slices during whose second something happens; they can be counted before."""

    def __init__(self, make, window):
        self.make, self.window, self.counted = make, window, False

    def __iter__(self):
        if self.counted:
            return self.make(self.window)
        self.counted = True
        return iter(())


def test_what_has_ended_is_not_cancelled():
    run = worked()

    with pytest.raises(NotGoingOn):
        dry_runs.cancel(run, by=None, at=NOW)
    run.refresh_from_db()
    assert run.state == JobState.DONE


def test_asking_again_meanwhile_is_the_same_run():
    version = make_draft()
    run = make_dry_run(version)

    assert make_dry_run(version) == run
    assert make_dry_run(version, (date(2026, 1, 1), date(2026, 3, 1))) != run
    worked(run)
    assert running.run_next("long")
    assert make_dry_run(version) != run
    assert DryRun.objects.count() == 3


def test_a_changed_draft_is_tried_out_as_it_was_asked_for():
    from leads.actions import definitions  # noqa: PLC0415
    from tests.factories.accounts import make_user  # noqa: PLC0415

    version, lead = make_draft(), a_lead(on(3, 20))
    run = make_dry_run(version)
    other = {"rules": {"field": "lead.source", "op": "is", "value": "fair"}}
    new = definitions.Draft(version.title, criteria=other)
    definitions.revise(version, new, revision=1, by=make_user(), at=NOW)

    assert (run.revision, found(worked(run))["newly"]) == (1, {lead.pk: END})


@pytest.mark.parametrize(
    "window",
    [
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 8, 1), date(2026, 9, 3)),
        (date(2022, 1, 1), date(2026, 1, 1)),
    ],
)
def test_windows_that_are_none_are_refused(window):
    with pytest.raises(WrongWindow):
        make_dry_run(window=window)
    assert not DryRun.objects.exists()


def deleted(at):
    """Return how many runs a worker deletes."""
    before = DryRun.objects.count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("foundation.kernel.clock.now", lambda: at)
        job = jobs.enqueue("leads.delete_dry_runs", at=NOW)
        assert running.run_next("fast")
        job.refresh_from_db()
        assert job.state == JobState.DONE
    return before - DryRun.objects.count()


def test_old_runs_are_deleted_with_their_leads_and_ones_of_proposals_later():
    a_lead(on(3, 20))
    draft, proposal = make_draft(), make_proposal(criteria=ASKED)
    worked(make_dry_run(draft))
    kept = worked(make_dry_run(proposal))
    assert DryRunLead.objects.count() == 2

    assert deleted(NOW + dry_runs.KEPT_OF_DRAFTS) == 0
    assert deleted(NOW + dry_runs.KEPT_OF_DRAFTS + HOUR) == 1
    assert set(DryRunLead.objects.values_list("run", flat=True)) == {kept.pk}
    assert deleted(NOW + dry_runs.KEPT) == 0
    assert deleted(NOW + dry_runs.KEPT + HOUR) == 1
    assert not DryRunLead.objects.exists()
    told = Event.objects.filter(kind="leads.dry_run.deleted")
    assert told.count() == 2


def test_a_run_that_goes_on_is_not_deleted_and_one_that_was_stopped_is():
    going_on, stopped = make_dry_run(), make_dry_run()
    dry_runs.cancel(stopped, by=None, at=NOW)

    assert dry_runs.delete_next(at=NOW + dry_runs.KEPT + HOUR)
    assert not dry_runs.delete_next(at=NOW + dry_runs.KEPT + HOUR)
    assert list(DryRun.objects.values_list("pk", flat=True)) == [going_on.pk]
