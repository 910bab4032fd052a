"""Who is told of leads and promises: owner, head, leadership; never of history."""

from datetime import UTC, datetime, timedelta

import pytest

from foundation.accounts.enums import Role
from foundation.ledger import queries as ledger
from foundation.ledger.models import Event
from foundation.notifications.domain.registry import Happened
from foundation.notifications.models import Notice
from foundation.notifications.queries.notices import in_words
from leads.actions import assignments, leads
from leads.enums import Exclusion
from sla import notices
from sla.actions import escalating, excuses
from sla.domain import ladder
from sla.domain.ladder import Step
from sla.enums import ExceptionReason
from sla.models import Clock, Escalation
from sla.queries.working_hours import openings
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_company, make_lead, move
from tests.factories.notices import follow_all, pass_on, told
from tests.factories.sla import HOUR, call, clock_of, make_calendar, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]
MINUTE = HOUR / 60


def go_on(at):
    """Sweep, tell, and take what steps are due, as the workers do."""
    sweep_all(at)
    follow_all(at)
    while escalating.escalate(at=at):
        pass
    follow_all(at)


@pytest.fixture
def lead(at, sally, hanna, lena):
    """Qualified at noon in Bucharest; contact is due at 14:00, decision at 16:00."""
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    return lead


def of_person(person):
    return [kind for kind, _subject in told(person)]


class TestLadder:
    def test_the_owner_hears_of_a_new_lead_once_for_both_clocks(self, at, lead, sally):
        go_on(at)

        (notice,) = Notice.objects.all()
        assert (notice.recipient, notice.kind) == (sally, "sla.new")
        assert notice.subject_id == clock_of(lead, "acceptance").pk
        assert notice.data == {"lead": lead.pk, "clock": "acceptance"}

    def test_at_three_quarters_of_the_time_the_owner_is_warned(self, at, lead, sally):
        go_on(at + 1.5 * HOUR - MINUTE)
        assert of_person(sally) == ["sla.new"]

        go_on(at + 1.5 * HOUR + MINUTE)

        assert of_person(sally) == ["sla.new", "sla.warned"]
        warned = Notice.objects.get(kind="sla.warned")
        assert warned.happened_at == at + 1.5 * HOUR
        assert Notice.objects.exclude(recipient=sally).count() == 0

    def test_breach_tells_the_owner_then_the_head_then_leadership(
        self, at, lead, sally, hanna, lena
    ):
        """The usual ladder: at once, after a business hour, after nine of them."""
        go_on(at + 2 * HOUR)
        assert of_person(sally) == ["sla.new", "sla.warned"]
        go_on(at + 2 * HOUR + MINUTE)
        assert of_person(sally) == ["sla.new", "sla.warned", "sla.breached"]
        assert (of_person(hanna), of_person(lena)) == ([], [])

        go_on(at + 3 * HOUR - MINUTE)
        assert of_person(hanna) == []
        go_on(at + 3 * HOUR)
        assert of_person(hanna) == ["sla.escalated"]
        assert of_person(lena) == []

        # 14:00 and nine business hours: 18:00 that day, 09:00 to 14:00 the next.
        next_day = at + 26 * HOUR
        go_on(next_day - MINUTE)
        assert of_person(lena) == []
        go_on(next_day)
        assert of_person(lena) == ["sla.escalated"]
        response = clock_of(lead)
        steps = Escalation.objects.filter(clock=response).order_by("due_at")
        assert [(step.to, step.due_at) for step in steps] == [
            ("owner", at + 2 * HOUR),
            ("head", at + 3 * HOUR),
            ("leadership", next_day),
        ]
        said = Event.objects.filter(kind="sla.clock.escalated", subject_id=response.pk)
        assert [event.payload["to"] for event in said.order_by("pk")] == [
            "owner",
            "head",
            "leadership",
        ]
        assert ledger.flaws() == []

    def test_done_in_time_nobody_hears_more(self, at, lead, sally, hanna):
        call(lead, at + HOUR, by=sally)
        go_on(at + 3.2 * HOUR)

        assert told(kind="sla.breached") == told(kind="sla.escalated") == []

    def test_done_late_the_steps_above_are_settled_without_a_word(
        self, at, lead, sally, hanna
    ):
        go_on(at + 2.5 * HOUR)
        call(lead, at + 2.6 * HOUR, by=sally)

        go_on(at + 3.2 * HOUR)

        assert told(hanna, kind="sla.escalated") == []
        step = Escalation.objects.get(clock=clock_of(lead), to="head")
        assert (step.settled_at, step.entry) == (at + 3.2 * HOUR, None)

    def test_an_exception_that_both_agreed_to_is_escalated_no_further(
        self, at, lead, sally, hanna, marta
    ):
        go_on(at + 2.5 * HOUR)
        excuse = excuses.propose(
            clock_of(lead), ExceptionReason.OUTAGE, by=sally, at=at + 2.6 * HOUR
        )
        excuses.agree(excuse, by=marta, at=at + 2.7 * HOUR)

        go_on(at + 3.2 * HOUR)

        assert told(hanna, kind="sla.escalated") == []

    def test_a_breach_nobody_has_goes_to_the_head_and_not_twice(self, at, hanna, lena):
        move(make_lead(), "mql", at)

        go_on(at + 1.6 * HOUR)
        assert of_person(hanna) == ["sla.warned"]
        go_on(at + 3.2 * HOUR)

        # The second warning is that of the other promise.
        assert of_person(hanna) == ["sla.warned", "sla.warned", "sla.breached"]
        assert told(hanna, kind="sla.escalated") == []
        go_on(at + 26 * HOUR)
        assert len(told(lena, kind="sla.escalated")) == 1

    def test_where_nobody_heads_sales_leadership_stands_in(self, at, sally, lena):
        move(make_lead(), "mql", at)
        go_on(at + 2.5 * HOUR)

        assert told(lena, kind="sla.breached") == [
            ("sla.breached", Clock.objects.get(kind="first_response").pk)
        ]

    def test_the_head_of_the_owners_own_team_comes_before_others(self, at, hanna):
        team = make_team()
        own = make_user(Role.HEAD_OF_SALES, team=team)
        rep = make_user(team=team)
        move(make_lead(owner_id=rep.pk), "mql", at)

        go_on(at + 3 * HOUR)

        assert len(told(own, kind="sla.escalated")) == 1
        assert told(hanna, kind="sla.escalated") == []

    def test_steps_done_again_tell_nobody_twice(self, at, lead):
        go_on(at + 5 * HOUR)
        before = told()

        for clock in Clock.objects.all():
            escalating.prepare([clock.pk])
        go_on(at + 5 * HOUR)

        assert told() == before
        assert Escalation.objects.count() == 6

    def test_as_many_statements_for_many_steps_as_for_one(
        self, at, sally, hanna, count_queries
    ):
        def statements(number, day):
            begin = at + 24 * day * HOUR
            for _ in range(number):
                lead = make_lead(owner_id=sally.pk, created_at=begin)
                move(lead, "mql", begin)
            sweep_all(begin + 2.1 * HOUR)
            follow_all(begin + 2.1 * HOUR)
            return count_queries(escalating.escalate, at=begin + 2.1 * HOUR)

        assert statements(1, 0) == statements(3, 1) == statements(12, 2)

    def test_an_agreement_may_hold_other_steps(self):
        written = [{"to": "leadership", "minutes": 90}, {"to": "head", "minutes": 15}]

        assert ladder.read(written) == (Step("head", 15), Step("leadership", 90))
        assert ladder.read([]) == ladder.LADDER


class TestHistory:
    def test_what_was_learned_too_late_tells_nobody(self, at, sally, hanna, lena):
        """A 6-month-old import fires nothing."""
        old = at - timedelta(days=180)
        lead = make_lead(owner_id=sally.pk, created_at=old)
        move(lead, "mql", old, at=at)
        for hours in (0, 2, 30, 500):
            go_on(at + hours * HOUR)

        assert clock_of(lead).history
        assert told() == []
        assert Escalation.objects.count() == 0

    def test_a_quiet_breach_tells_nobody(self, at, lead):
        """Learned long after, it is on record, and that is all."""
        told_of = ("sla.clock.breached", clock_of(lead).pk)
        for number, quiet in enumerate((True, False), start=1):
            event = Happened(number, *told_of, {"quiet": quiet}, None, at, "", 1)
            assert list(notices.breached([event])) == []
            assert Escalation.objects.count() == (0 if quiet else 3)


class TestOthers:
    def test_whoever_is_given_a_lead_is_told_by_whom(self, at, sally, hanna):
        lead = make_lead(company_id=make_company(name="Acme").pk)
        assignments.assign([lead.pk], owner=sally, by=hanna, at=at)
        follow_all(at)

        assert told() == [("leads.handed_over", lead.pk)]
        notice = Notice.objects.get()
        (said,) = in_words([notice])
        assert said.words == (
            f"{lead.name} (Acme) is yours now",
            "Given to you by Hanna Head.",
            f"/leads/{lead.pk}/",
        )
        assert notice.data == {"by": hanna.pk}

    def test_who_takes_a_lead_or_loses_one_is_not_told(self, at, sally, hanna):
        lead = make_lead()
        assignments.assign([lead.pk], owner=sally, by=sally, at=at)
        assignments.assign([lead.pk], owner=None, by=hanna, at=at + HOUR)
        follow_all(at)

        assert told() == []

    def test_two_hands_in_one_go_each_hear_of_it(self, at, sally, hanna):
        other = make_user()
        lead = make_lead()
        for owner in (sally, other, sally):
            assignments.assign([lead.pk], owner=owner, by=hanna, at=at)
        follow_all(at)

        assert of_person(sally) == ["leads.handed_over"] * 2
        assert of_person(other) == ["leads.handed_over"]

    def test_an_exception_goes_to_the_other_head_and_the_answer_comes_back(
        self, at, lead, sally, hanna, marta
    ):
        go_on(at + 2.5 * HOUR)
        excuse = excuses.propose(
            clock_of(lead), ExceptionReason.OUTAGE, by=sally, at=at + 2.6 * HOUR
        )
        follow_all(at + 2.6 * HOUR)
        assert told(marta) == [("sla.proposed", excuse.pk)]
        assert told(hanna) == []
        (said,) = in_words(list(Notice.objects.filter(recipient=marta)))
        assert said.words.note == (
            "Sally Sales proposes it: A system was out of order."
        )

        excuses.decline(excuse, by=marta, at=at + 2.7 * HOUR)
        follow_all(at + 2.7 * HOUR)
        assert told(sally, kind="sla.decided") == [("sla.decided", excuse.pk)]
        (said,) = in_words(list(Notice.objects.filter(kind="sla.decided")))
        assert said.words.title == f"Your exception was not agreed: {lead.name}"

    def test_words_name_the_promise_and_its_moment(self, at, lead, sally, hanna):
        go_on(at + 3 * HOUR)

        said = {
            each.notice.kind: each.words
            for each in in_words(list(Notice.objects.all()))
        }
        page, name = f"/leads/{lead.pk}/", lead.name
        assert said["sla.new"] == (
            f"New lead: {name}",
            "Accept or refuse by 2 Mar 2026, 14:00.",
            page,
        )
        assert said["sla.breached"] == (
            f"{name} waits longer than agreed",
            "First contact was due by 2 Mar 2026, 12:00.",
            page,
        )
        assert said["sla.escalated"] == (
            f"{name} still waits, past the agreed time",
            "First contact was due by 2 Mar 2026, 12:00. The lead is with Sally Sales.",
            page,
        )

    def test_a_withdrawn_lead_is_spoken_of_no_more(self, at, lead):
        go_on(at)
        leads.exclude([lead.pk], Exclusion.WITHDRAWN, by=None, at=at)

        assert in_words(list(Notice.objects.all())) == []

    def test_as_many_statements_for_many_in_words_as_for_one(
        self, at, sally, hanna, count_queries
    ):
        for _ in range(5):
            lead = make_lead(owner_id=sally.pk, company_id=make_company().pk)
            move(lead, "mql", at)
        go_on(at + 3 * HOUR)
        rows = list(Notice.objects.filter(kind="sla.escalated"))

        assert count_queries(in_words, rows[:1]) == count_queries(in_words, rows) == 2


class TestHours:
    """People work in the hours of their team, else in everybody's."""

    def test_at_work_it_is_now_and_after_work_the_next_morning(self, at, sally):
        evening = at.replace(hour=17)  # 19:00 in Bucharest
        friday = datetime(2026, 3, 6, 16, 0, 1, tzinfo=UTC)

        assert openings({sally.pk: at}) == {sally.pk: at}
        assert openings({sally.pk: evening}) == {
            sally.pk: datetime(2026, 3, 3, 7, tzinfo=UTC)
        }
        assert openings({sally.pk: friday}) == {
            sally.pk: datetime(2026, 3, 9, 7, tzinfo=UTC)
        }

    def test_at_closing_it_is_the_next_opening_at_opening_it_is_now(self, at, sally):
        closing, opening = at.replace(hour=16), at.replace(hour=7)

        assert openings({sally.pk: closing}) == {
            sally.pk: datetime(2026, 3, 3, 7, tzinfo=UTC)
        }
        assert openings({sally.pk: opening}) == {sally.pk: opening}

    def test_each_team_has_its_own(self, at, mark, count_queries):
        team = make_team()
        make_calendar(team=team, time_zone="America/New_York", name="New York")
        rep = make_user(team=team)

        assert openings({mark.pk: at, rep.pk: at}) == {
            mark.pk: at,
            rep.pk: datetime(2026, 3, 2, 14, tzinfo=UTC),
        }

    def test_a_breach_at_night_is_told_in_the_readers_morning(self, at, lena):
        """Sales works round the clock there, leadership in Bucharest's hours."""
        team = make_team()
        always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed")}
        make_calendar(team=team, weekly=always, name="Always")
        rep = make_user(team=team)
        night = at.replace(hour=18)
        move(make_lead(owner_id=rep.pk, created_at=at), "mql", night)
        begin = night + 2 * HOUR + MINUTE

        go_on(begin)
        go_on(begin + HOUR)
        pass_on(begin + HOUR)

        mine = Notice.objects.get(recipient=rep, kind="sla.breached")
        assert mine.delivered_at is not None
        theirs = Notice.objects.get(recipient=lena, kind="sla.escalated")
        assert (theirs.delivered_at, theirs.deliver_at) == (
            None,
            datetime(2026, 3, 3, 7, tzinfo=UTC),
        )
        pass_on(datetime(2026, 3, 3, 7, tzinfo=UTC))
        theirs.refresh_from_db()
        assert theirs.delivered_at == datetime(2026, 3, 3, 7, tzinfo=UTC)
