"""An agreement tried out on the past gives what the product itself would have found."""

from datetime import timedelta

import pytest

from foundation.accounts.queries import workspace
from foundation.jobs.actions.running import run_next
from foundation.jobs.models import Job
from foundation.kernel.periods import Period
from sla.actions import previews
from sla.models import Clock, PreviewClock
from sla.queries import attainment
from tests.factories.leads import make_lead
from tests.factories.sla import (
    ALWAYS,
    HOUR,
    call,
    clock_of,
    make_agreement,
    make_calendar,
    make_draft,
    sweep_all,
)

pytestmark = pytest.mark.django_db
DAY = 24 * HOUR
RESPONSE = {"kind": "first_response", "minutes": 120, "share": "0.9"}
ACCEPTANCE = {"kind": "acceptance", "minutes": 240, "share": "0.9"}


@pytest.fixture
def world(at, sally):
    """Contact in 2 h, decision in 4 h; leads that were contacted early, late, never."""
    make_calendar(weekly=ALWAYS)
    make_agreement()
    begun = at - 10 * DAY
    found = {}
    for name, hours in (("fast", 0.5), ("slow", 1.5), ("late", 3), ("never", None)):
        lead = make_lead(created_at=begun, at=begun, stage="mql", source=name)
        if hours is not None and hours <= 2:
            call(lead, begun + hours * HOUR)
        found[name] = lead
    sweep_all(begun + 2.5 * HOUR)
    call(found["late"], begun + 3 * HOUR)
    # Done in time, recorded after the two hours and after three.
    for name, told in (("told", 2.5), ("later", 3.5)):
        lead = make_lead(created_at=begun, at=begun, stage="mql", source=name)
        call(lead, begun + HOUR, at=begun + told * HOUR)
        found[name] = lead
    sweep_all(begun + 5 * HOUR)
    return found


def tried(at, *clauses, **rules):
    preview = previews.ask(make_draft(*clauses, at=at, **rules), by=None, at=at)
    assert run_next("long")
    preview.refresh_from_db()
    assert preview.finished_at is not None
    return preview


def outcomes(preview, kind="first_response"):
    rows = PreviewClock.objects.filter(preview=preview, clock__kind=kind)
    told = rows.values_list("clock__lead__source", "place", "was", "would")
    return {source: tuple(rest) for source, *rest in told}


def test_under_its_own_targets_nothing_changes(world, at):
    preview = tried(at, RESPONSE, ACCEPTANCE)

    rows = PreviewClock.objects.filter(preview=preview)
    assert rows.count() == Clock.objects.count() == 12
    assert [row for row in rows if row.was != row.would] == []
    zone = workspace.current().zone
    period = Period(preview.first_on, preview.end_on, "window")
    assert period.instants(zone)[0] <= at - 90 * DAY
    whole = attainment.tally([period])[1, None]
    counted = {word: rows.filter(was=word).count() for word in ("met", "breached")}
    assert counted == {"met": whole.met, "breached": whole.breached}


def test_other_targets_are_judged_by_elapsed_and_recorded_time(world, at):
    shorter = outcomes(tried(at, {**RESPONSE, "minutes": 60}))
    longer = outcomes(tried(at, {**RESPONSE, "minutes": 180}))

    assert shorter == {
        "fast": (0, "met", "met"),
        "slow": (0, "met", "breached"),
        "late": (0, "breached", "breached"),
        "never": (0, "breached", "breached"),
        "told": (0, "breached", "breached"),
        "later": (0, "breached", "breached"),
    }
    # Three hours exactly are met; what was recorded by then counts, later does not.
    assert longer == {
        **dict.fromkeys(("fast", "slow"), (0, "met", "met")),
        **dict.fromkeys(("late", "told"), (0, "breached", "met")),
        **dict.fromkeys(("never", "later"), (0, "breached", "breached")),
    }


def test_clauses_bind_by_their_order_and_the_rest_by_none(world, at):
    found = tried(
        at,
        {**RESPONSE, "source": "slow", "minutes": 30},
        {**RESPONSE, "source": "fast"},
    )

    told = outcomes(found)
    assert told["slow"] == (0, "met", "breached")
    assert told["fast"] == (1, "met", "met")
    assert told["never"] == (-1, "breached", "")
    assert outcomes(found, "acceptance")["fast"][0] == -1
    by_place = {(p, w, v): n for p, w, v, n in found.results["counts"]}
    assert by_place[0, "met", "breached"] == 1
    assert sum(by_place.values()) == 12


def test_a_case_may_fall_into_the_window_only_under_other_targets(world, at):
    begun = at.replace(hour=0) - 91 * DAY
    lead = make_lead(created_at=begun, at=begun, stage="mql", source="old")
    sweep_all(begun + 3 * HOUR)

    same = outcomes(tried(at, RESPONSE))
    longer = outcomes(tried(at, {**RESPONSE, "minutes": 3 * 24 * 60}))

    assert "old" not in same
    assert longer["old"] == (0, "", "breached")
    assert clock_of(lead).state == "breached"


def test_asking_again_gives_the_same_and_changes_no_clock(world, at):
    draft = make_draft({**RESPONSE, "minutes": 60}, at=at)
    before = list(Clock.objects.order_by("pk").values())

    first = previews.ask(draft, by=None, at=at)
    assert previews.ask(draft, by=None, at=at + timedelta(seconds=1)) == first
    assert run_next("long")

    assert Job.objects.filter(kind="sla.preview").count() == 1
    assert list(Clock.objects.order_by("pk").values()) == before


def test_a_cancelled_preview_leaves_nothing(world, at):
    preview = previews.ask(make_draft(RESPONSE, at=at), by=None, at=at)

    for _ in range(2):
        previews.cancel(preview, by=None, at=at)
    run_next("long")

    preview.refresh_from_db()
    assert (preview.state, preview.results) == ("cancelled", {})
    assert PreviewClock.objects.count() == 0
    again = previews.ask(preview.version, by=None, at=at)
    assert again != preview
