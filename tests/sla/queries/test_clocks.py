"""Queues, next clocks and countdowns."""

from datetime import timedelta

import pytest

from foundation.accounts.enums import Function, Role
from leads.actions import decisions
from sla.enums import PauseReason
from sla.queries import clocks
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]


def mql(when, **values):
    lead = make_lead(**values)
    move(lead, "mql", when)
    return lead


def test_the_next_clock_is_the_one_whose_time_runs_out_first(at, sally):
    fresh = mql(at)
    called = mql(at)
    call(called, at + HOUR)
    done = mql(at, owner_id=sally.pk)
    call(done, at + HOUR)
    decisions.accept(done, by=sally, at=at + HOUR)

    found = clocks.next_clock_for([fresh.pk, called.pk, done.pk])

    assert {pk: clock.kind for pk, clock in found.items()} == {
        fresh.pk: "first_response",
        called.pk: "acceptance",
    }


def test_a_queue_has_one_clock_per_lead_the_least_time_left_first(at, sally, hanna):
    later, sooner = mql(at + HOUR, owner_id=sally.pk), mql(at, owner_id=sally.pk)
    past = mql(at - 19 * HOUR, owner_id=sally.pk, created_at=at - 20 * HOUR)
    mql(at, owner_id=hanna.pk)
    sweep_all(at)

    found = clocks.queue_for(sally)

    assert [clock.lead for clock in found] == [past, sooner, later]
    assert [clock.state for clock in found] == ["breached", "running", "running"]


def test_the_three_queues(at, sally):
    warsaw, bucharest = make_team(name="Warsaw"), make_team(name="Bucharest")
    wanda, boris = make_user(team=warsaw), make_user(team=bucharest)
    witold = make_user(team=warsaw)
    hers, his, theirs = (mql(at, owner_id=p.pk) for p in (wanda, witold, boris))
    nobodys = mql(at)
    loner = mql(at, owner_id=sally.pk)

    def queues(user):
        return {
            which: {clock.lead for clock in clocks.queue_for(user, which=which)}
            for which in ("mine", "team", "unassigned")
        }

    assert queues(wanda) == {
        "mine": {hers},
        "team": {hers, his},
        "unassigned": {nobodys},
    }
    assert queues(sally)["team"] == {hers, his, theirs, loner}
    marketing = make_team(name="Marketing", function=Function.MARKETING)
    reader = make_user(Role.HEAD_OF_MARKETING, team=marketing)
    assert queues(reader)["team"] == {hers, his, theirs, loner}
    assert clocks.queue_sizes(wanda) == {"mine": 1, "team": 2, "unassigned": 1}
    with pytest.raises(KeyError):
        clocks.queue_for(wanda, which="nonsense")


def test_a_lead_that_changed_hands_is_in_its_new_owners_queue(at, sally, hanna):
    from leads.actions import leads  # noqa: PLC0415

    lead = mql(at, owner_id=sally.pk)
    sweep_all(at + 3 * HOUR)
    leads.change(lead, {"owner_id": hanna.pk}, by=None, at=at + 3 * HOUR)

    assert clocks.queue_for(sally) == []
    assert [clock.lead for clock in clocks.queue_for(hanna)] == [lead]


def test_history_waits_in_no_queue(at, sally):
    old = make_lead(created_at=at - 100 * HOUR, owner_id=sally.pk)
    move(old, "mql", at - 100 * HOUR, at=at)

    assert clocks.queue_for(sally) == []
    assert clocks.next_clock_for([old.pk]) == {}
    assert len(clocks.clocks_of(old)) == 2


def test_queues_cost_one_statement_however_long(at, sally, count_queries):
    def look():
        for clock in clocks.queue_for(sally):
            _ = (clock.lead.company, clock.lead.owner, clock.clause, clock.calendar)

    mql(at, owner_id=sally.pk)
    one = count_queries(look)
    for _ in range(3):
        mql(at, owner_id=sally.pk)

    assert count_queries(look) == one == 1
    assert count_queries(clocks.next_clock_for, [1, 2, 3]) == 1


def test_clocks_of_a_lead_come_latest_round_first(at):
    lead = mql(at)
    move(lead, "recycled", at + HOUR, cause="refused", reason="no_budget")
    move(lead, "mql", at + 2 * HOUR)

    assert [(c.round, c.kind) for c in clocks.clocks_of(lead)] == [
        (2, "first_response"),
        (2, "acceptance"),
        (1, "first_response"),
        (1, "acceptance"),
    ]


def test_a_countdown_knows_what_is_left_and_when_time_passes(at):
    lead = mql(at + 5 * HOUR)  # Monday 17:00
    now = at + 5.5 * HOUR

    found = clocks.countdown(clock_of(lead), at=now)

    assert (found.left, found.target, found.paused_until) == (5400, 7200, None)
    assert found.due_at == at + 22 * HOUR  # Tuesday 10:00
    opens = found.opens
    assert opens[0] == (now, at + 6 * HOUR)
    assert opens[1] == (at + 21 * HOUR, at + 30 * HOUR)
    assert opens[-1][1] > found.due_at
    assert opens[-1][1] <= found.due_at + timedelta(days=7)


def test_past_its_time_a_countdown_counts_on_in_business_time(at):
    lead = mql(at)
    sweep_all(at + 3 * HOUR)

    assert clocks.countdown(clock_of(lead), at=at + 22 * HOUR).left == -5 * 3600


def test_round_the_clock_hours_are_one_interval(at):
    from tests.factories.sla import ALWAYS, make_calendar  # noqa: PLC0415

    make_calendar(weekly=ALWAYS, at=at)
    lead = mql(at + HOUR)

    opens = clocks.countdown(clock_of(lead), at=at + HOUR).opens
    assert opens == [(at + HOUR, at + 3 * HOUR + timedelta(days=7))]


def test_while_paused_nothing_passes(at, sally):
    from sla.actions import pauses  # noqa: PLC0415

    lead = mql(at, owner_id=sally.pk)
    reply = call(lead, at + HOUR / 2, direction="inbound")
    wish = pauses.Wish(PauseReason.LEAD_ASKED, at + 3 * HOUR, reply)
    pauses.pause(clock_of(lead), wish, by=sally, at=at + HOUR)

    for hours in (1, 2, 2.9):
        found = clocks.countdown(clock_of(lead), at=at + hours * HOUR)
        assert (found.left, found.paused_until) == (3600, at + 3 * HOUR)
