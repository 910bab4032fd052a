"""Signers may have clocks that run computed anew; otherwise none of them changes."""

from datetime import timedelta

import pytest

from foundation.jobs.actions.running import run_next
from foundation.jobs.models import Job
from foundation.kernel import clock
from foundation.ledger.models import Event
from sla.actions import recomputing
from sla.models import Agreement, Clock
from tests.factories.leads import make_lead
from tests.factories.sla import (
    ALWAYS,
    HOUR,
    call,
    clock_of,
    make_agreement,
    make_calendar,
    make_signed,
    sweep_all,
)

pytestmark = pytest.mark.django_db
SHORT = {"kind": "first_response", "minutes": 60, "share": "0.9"}
ACCEPT = {"kind": "acceptance", "minutes": 60, "share": "0.9", "source": "demo"}


@pytest.fixture
def world(at):
    """Always open; contact in 2 h, decision in 4 h; one waits, one was contacted."""
    make_calendar(weekly=ALWAYS)
    make_agreement()
    waits, contacted, demo = (
        make_lead(created_at=at, at=at, stage="mql", source=source)
        for source in ("web", "web", "demo")
    )
    call(contacted, at + HOUR / 2)
    return waits, contacted, demo


def shown(lead, kind="first_response"):
    row = clock_of(lead, kind)
    return row.clause.target_seconds, row.due_at, row.state


def after(row, at):
    """Compute anew, batch by batch, one clock in each."""
    last, batches = 0, 0
    while last or not batches:
        last, batches = recomputing.recompute(row, last, at=at), batches + 1
    return batches


def test_without_their_choice_no_open_clock_changes(world, at):
    before = [shown(lead) for lead in world]

    make_signed(SHORT, at=at + HOUR / 4)

    assert Job.objects.filter(kind="sla.recompute").count() == 0
    assert [shown(lead) for lead in world] == before


def test_only_clocks_that_run_are_computed_anew(world, at, monkeypatch):
    waits, contacted, demo = world
    changed_at = at + 3 * HOUR / 4
    was = shown(contacted)
    signed = make_signed(SHORT, ACCEPT, at=changed_at, open_clocks="recompute")
    row = Agreement.objects.get(document=signed)
    assert row.recompute
    job = Job.objects.get(kind="sla.recompute")
    assert (job.payload, job.due_at) == ({"agreement": row.pk}, changed_at)
    monkeypatch.setattr(recomputing, "BATCH", 1)

    after(row, changed_at)

    assert shown(waits) == (3_600, at + HOUR, "running")
    assert shown(contacted) == was
    # The agreement promises no decision but on demos: other clocks stay as they are.
    assert shown(waits, "acceptance") == (14_400, at + 4 * HOUR, "running")
    assert shown(demo, "acceptance") == (3_600, at + HOUR, "running")
    told = Event.objects.filter(kind="sla.clocks.recomputed")
    assert sum(event.payload["clocks"] for event in told) == 3
    assert {event.subject_id for event in told} == {row.pk}
    kept = list(Clock.objects.order_by("pk").values())
    after(row, changed_at)
    assert list(Clock.objects.order_by("pk").values()) == kept


def test_time_that_is_past_then_is_flagged_once(world, at):
    waits, *_ = world
    signed = make_signed(SHORT, at=at + 3 * HOUR / 2, open_clocks="recompute")

    after(Agreement.objects.get(document=signed), at + 3 * HOUR / 2)
    for _ in range(2):
        sweep_all(at + 3 * HOUR / 2)

    row = clock_of(waits)
    assert (row.state, row.ended_at) == ("breached", at + HOUR)
    flagged = Event.objects.filter(kind="sla.clock.breached", subject_id=row.pk)
    assert flagged.count() == 1


def test_a_later_agreement_takes_the_task_over(world, at):
    signed = make_signed(SHORT, at=at, open_clocks="recompute")
    make_signed({**SHORT, "minutes": 30}, at=at + HOUR / 4)

    assert (
        recomputing.recompute(
            Agreement.objects.get(document=signed), 0, at=at + HOUR / 2
        )
        == 0
    )
    assert shown(world[0])[0] == 7_200


def test_a_worker_does_it_when_the_agreement_takes_effect(db):
    now = clock.now().replace(microsecond=0) - timedelta(minutes=5)
    make_calendar(weekly=ALWAYS)
    make_agreement()
    lead = make_lead(created_at=now, at=now, stage="mql")
    make_signed(SHORT, at=now + timedelta(minutes=1), open_clocks="recompute")

    while run_next("fast"):
        pass

    assert Job.objects.get(kind="sla.recompute").state == "done"
    assert shown(lead) == (3_600, now + HOUR, "running")
