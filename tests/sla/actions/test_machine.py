"""Anything may happen to a lead, in any order; its clocks follow a plain model.

The model steps through business time minute by minute and applies the sentences of
domain §5 one by one; it shares no code with the product.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from foundation.accounts.enums import Role
from foundation.kernel.periods import parse
from foundation.ledger import actions as ledger
from foundation.ledger import queries as positions
from leads.actions import corrections, leads
from leads.enums import Exclusion
from leads.models import Lead, StageChange
from sla.actions import assessing
from sla.models import Breach, Clock, Segment
from sla.queries import attainment, facts
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import (
    HOUR,
    call,
    events,
    make_agreement,
    make_calendar,
    sweep_all,
)
from tests.sla.domain.reference import Slow

TICK = timedelta(minutes=30)
START = datetime(2026, 3, 5, 7, tzinfo=UTC)  # a Thursday, 09:00 in Bucharest
TARGET = {"acceptance": 6 * HOUR, "first_response": 3 * HOUR}
EVERYWHERE = {
    "tz": "Europe/Bucharest",
    "weekly": {d: [["09:00", "18:00"]] for d in ("mon", "tue", "wed", "thu", "fri")},
}
WARSAW = {
    "tz": "Europe/Warsaw",
    "weekly": {
        **{d: [["10:00", "13:00"], ["14:00", "20:00"]] for d in ("mon", "thu", "fri")},
        "sat": [["09:00", "12:00"]],
    },
}
HALF = timedelta(minutes=30)


class Round:
    """What the model knows of one round."""

    def __init__(self, start, left_before, owner):
        self.start, self.left_before = start, left_before
        self.owners = [(start, owner)]
        self.decision = self.skipped = self.over = None
        self.touches = []
        self.barred_at = None
        self.swept_at = None
        self.withdrawn = False
        self.broken_quietly = set()


class Model:
    def __init__(self):
        self.slow = {"": Slow(EVERYWHERE, HALF), "warsaw": Slow(WARSAW, HALF)}
        self.rounds, self.touches = [], []
        self.owner, self.stage, self.spam, self.barred = "", "lead", False, False

    @property
    def now_round(self):
        return self.rounds[-1]

    def breach(self, one, kind):
        """Step through time: the last moment at which the target is not exceeded."""
        moment, left = one.start, TARGET[kind] // HALF
        while True:
            owner = [who for since, who in one.owners if since <= moment][-1]
            if self.slow[owner].is_open(moment):
                if left == 0:
                    return moment
                left -= 1
            moment += HALF

    def deeds(self, one, kind):
        if kind == "acceptance":
            return [one.decision] if one.decision else []
        return [
            (max(when, one.start), recorded)
            for when, recorded in sorted(self.touches)
            if (one.left_before is None or when > one.left_before)
            and (one.over is None or when <= one.over)
        ]

    def state(self, one, kind):
        if one.withdrawn or self.spam:
            return "cancelled"
        end, deeds = self.breach(one, kind), self.deeds(one, kind)
        if any(done <= end and recorded <= end for done, recorded in deeds):
            return "met"
        stops = [one.skipped if kind == "acceptance" else one.over, one.barred_at]
        if any(stop and stop <= end for stop in stops):
            return "cancelled"
        swept = one.swept_at and one.swept_at > end
        if deeds or swept or kind in one.broken_quietly:
            return "breached"
        return "running"

    def states(self):
        return {(one, k): self.state(one, k) for one in self.rounds for k in TARGET}

    def revive(self, before, now):
        """What comes to run again a day after its end is broken without a word."""
        for (one, kind), state in self.states().items():
            revived = before[one, kind] == "cancelled" and state == "running"
            if revived and self.breach(one, kind) + 24 * HOUR < now:
                one.broken_quietly.add(kind)


class Clocks(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        make_calendar(weekly=EVERYWHERE["weekly"])
        team = make_team(name="Warsaw")
        make_calendar(team=team, time_zone=WARSAW["tz"], weekly=WARSAW["weekly"])
        make_agreement(
            response=TARGET["first_response"], acceptance=TARGET["acceptance"]
        )
        self.people = {"": None, "warsaw": make_user(Role.SALES_REP, team=team)}
        self.boss = make_user(Role.LEADERSHIP)
        self.now = START
        self.lead = make_lead(created_at=START - 72 * HOUR)
        self.model, self.seen, self.flagged = Model(), {}, set()

    def teardown(self):
        if not hasattr(self, "atomic"):
            return
        try:
            for position, found in self.seen.items():
                again = attainment.tally([parse("2026")], by="owner", as_of=position)
                assert again == found
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def at_stage(self, *stages):
        return self.model.stage in stages

    @rule(ticks=st.integers(1, 30))
    def time_passes(self, ticks):
        self.now += ticks * TICK

    @precondition(lambda self: self.at_stage("lead", "recycled"))
    @rule()
    def qualify(self):
        assert move(self.lead, "mql", self.now) == "advanced"
        before = self.model.now_round.over if self.model.rounds else None
        one = Round(self.now, before, self.model.owner)
        one.barred_at = self.now if self.model.barred else None
        self.model.rounds.append(one)
        self.model.stage = "mql"

    @precondition(lambda self: self.at_stage("mql"))
    @rule()
    def accept(self):
        assert move(self.lead, "sal", self.now, cause="accepted") == "advanced"
        self.model.now_round.decision = (self.now, self.now)
        self.model.stage = "sal"

    @precondition(lambda self: self.at_stage("mql", "sal", "silent", "sql"))
    @rule()
    def send_back(self):
        self.now += TICK  # twice at one instant would be telling the same again
        given = {"cause": "refused", "reason": "no_budget"}
        assert move(self.lead, "recycled", self.now, **given) == "advanced"
        one = self.model.now_round
        if self.at_stage("mql", "silent"):
            one.decision = one.decision or (self.now, self.now)
        one.over, self.model.stage = self.now, "recycled"

    @precondition(lambda self: self.at_stage("mql", "sal", "silent"))
    @rule()
    def qualify_further(self):
        assert move(self.lead, "sql", self.now) == "advanced"
        if self.at_stage("mql", "silent"):
            self.model.now_round.skipped = self.now
        self.model.stage = "sql"

    @rule(before=st.integers(0, 12), delay=st.integers(0, 8))
    def log_a_call(self, before, delay):
        when = self.now - before * TICK
        self.now += delay * TICK
        call(self.lead, when, at=self.now)
        self.model.touches.append((when, self.now))

    @rule()
    def call_comes_from_the_lead(self):
        call(self.lead, self.now, direction="inbound")

    @rule(owner=st.sampled_from(["", "warsaw"]))
    def give(self, owner):
        person = self.people[owner]
        values = {"owner_id": person and person.pk}
        leads.change(self.lead, values, by=None, at=self.now)
        self.model.owner = owner
        for one in self.model.rounds:
            one.owners.append((self.now, owner))

    @rule()
    def bar_or_allow_contact(self):
        before, self.model.barred = self.model.states(), not self.model.barred
        leads.change(
            self.lead, {"do_not_contact": self.model.barred}, by=None, at=self.now
        )
        for one in self.model.rounds:
            one.barred_at = self.now if self.model.barred else None
        self.model.revive(before, self.now)

    @rule()
    def mark_or_unmark_as_spam(self):
        before, self.model.spam = self.model.states(), not self.model.spam
        why = Exclusion.SPAM if self.model.spam else Exclusion.NONE
        leads.exclude([self.lead.pk], why, by=None, at=self.now)
        for one in self.model.rounds:
            one.swept_at = None  # the sweep tells anew when the lead counts again
        self.model.revive(before, self.now)

    @precondition(lambda self: self.at_stage("mql"))
    @rule()
    def take_the_mql_back(self):
        change = StageChange.objects.filter(
            lead=self.lead, to_stage="mql", in_force=True, is_withdrawal=False
        ).latest("pk")
        corrections.withdraw_change(
            change, reason="entered_by_mistake", by=self.boss, at=self.now
        )
        self.model.rounds.pop().withdrawn = True
        self.model.stage = "recycled" if self.model.rounds else "lead"

    @rule()
    def sweep(self):
        sweep_all(self.now)
        if self.model.spam:
            return
        for one in self.model.rounds:
            one.swept_at = self.now
        if self.model.stage == "mql" and self.breached_now("acceptance"):
            self.model.stage = "silent"

    def breached_now(self, kind):
        return self.model.state(self.model.now_round, kind) == "breached"

    @invariant()
    def clocks_follow_the_model(self):
        if not hasattr(self, "model"):
            return
        clocks = {
            (clock.round, clock.kind): clock
            for clock in Clock.objects.exclude(cancelled_reason="corrected")
        }
        expected = {
            (number, kind): self.model.state(one, kind)
            for number, one in enumerate(self.model.rounds, 1)
            for kind in TARGET
        }
        assert {key: clock.state for key, clock in clocks.items()} == expected

    @invariant()
    def each_breach_is_flagged_once(self):
        if not hasattr(self, "model"):
            return
        self.flagged |= set(
            Clock.objects.filter(state="breached").values_list("pk", flat=True)
        )
        assert set(Breach.objects.values_list("clock_id", flat=True)) == self.flagged
        assert events().count("breached") == len(self.flagged)

    @invariant()
    def the_lead_is_where_the_model_says(self):
        if hasattr(self, "model"):
            stage = Lead.objects.get(pk=self.lead.pk).stage
            assert stage == {"silent": "sal"}.get(self.model.stage, self.model.stage)

    @invariant()
    def judging_again_changes_nothing(self):
        if not hasattr(self, "model"):
            return
        before = list(Clock.objects.order_by("pk").values())
        handed = Segment.objects.count()
        with ledger.entry(by=None, at=self.now, cause="again"):
            assessing.assess(facts.of_leads([self.lead.pk]), at=self.now)
        assert list(Clock.objects.order_by("pk").values()) == before
        assert Segment.objects.count() == handed
        now = attainment.tally([parse("2026")], by="owner")
        self.seen[positions.position()] = now


@pytest.mark.django_db
def test_clocks_follow_the_model_whatever_happens():
    run_state_machine_as_test(
        Clocks,
        settings=settings(
            max_examples=6,
            stateful_step_count=14,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
