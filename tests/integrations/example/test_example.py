from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from deals.models import Deal, RevenueEntry
from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.documents.models import Version
from foundation.kernel.periods import parse
from foundation.ledger import queries as ledger
from foundation.notifications.models import Mailing, Notice
from foundation.notifications.queries.notices import is_work_due
from integrations.example import defining, play, sales, stories
from integrations.example.days import likelihood, midnight
from integrations.example.setting import TODAY
from kpis.queries import second_chances, targets
from kpis.queries.reading import reading
from leads.actions import qualifying
from leads.domain.criteria.judging import evaluate
from leads.enums import Stage
from leads.models import (
    BlindReview,
    Lead,
    SecondChance,
    StageChange,
    Touchpoint,
    Verdict,
)
from leads.queries import blind_reviews, definitions
from leads.queries.facts import facts_of
from meetings.enums import ActionState, MeetingState
from meetings.models import Action, Decision, Meeting
from sla.enums import ClockState
from sla.models import Agreement, Clock, Pause
from sla.queries import agreement
from tests.factories.leads import make_lead

BUCHAREST = ZoneInfo("Europe/Bucharest")
END = datetime(2026, 11, 20, 14, tzinfo=UTC)  # a Friday afternoon
DAY = timedelta(days=1)


@pytest.fixture
def few(monkeypatch):
    """The same kind of company, younger and with fewer leads."""
    monkeypatch.setattr(stories, "LEADS", 150)
    monkeypatch.setattr(stories, "MONTHS", 4)


def before_today(told):
    return told[:-TODAY]


def test_the_same_day_gives_the_same_company(few):
    one = stories.Teller(END).tell()

    assert stories.Teller(END).tell() == one
    later = stories.Teller(END + timedelta(hours=5)).tell()
    assert before_today(later) == before_today(one)
    assert [s.values for s in later] == [s.values for s in one]
    assert before_today(stories.Teller(END + DAY).tell()) != before_today(one)
    assert stories.Teller(END, seed=2).tell() != one


@pytest.mark.parametrize("hours", [0.25, 3, 23.9])
def test_a_few_leads_came_today(few, hours):
    end = midnight(END) + timedelta(hours=hours)

    fresh = stories.Teller(end).tell()[-TODAY:]

    moments = [story.created.at for story in fresh]
    assert moments == sorted(moments)
    assert midnight(end) <= moments[0]
    assert moments[-1] < end
    assert {story.stages[0].when.at < end for story in fresh if story.stages} == {True}


def test_stories_end_today_and_begin_eighteen_months_ago(few, monkeypatch):
    monkeypatch.setattr(stories, "MONTHS", 18)
    told = stories.Teller(END).tell()

    assert END - timedelta(days=550) < told[0].created.at
    assert told[-1].created.at < END
    assert {story.country for story in told} == {"RO", "PL"}
    assert len({story.values["email"] for story in told}) == len(told)


def test_people_work_on_working_days_and_ask_with_the_seasons():
    assert midnight(END) == datetime(2026, 11, 19, 22, tzinfo=UTC)
    noon = datetime(2026, 10, 14, 12, tzinfo=BUCHAREST)
    assert likelihood(noon) == 1
    assert likelihood(noon.replace(month=8, day=12)) == 0.5
    assert likelihood(noon.replace(month=12, day=1)) < 0.2  # the national day
    assert likelihood(noon.replace(hour=3)) == 0.03


def test_nobody_is_forgotten_and_nothing_is_done_on_days_off(few, monkeypatch):
    monkeypatch.setattr(stories, "LEADS", 900)
    told = stories.Teller(END).tell()

    waits = []
    for story in before_today(told):
        mqls = [s.when.at for s in story.stages if s.stage == "mql"]
        decided = [s.when.at for s in story.stages if s.stage != "mql"]
        calls = [t.when.at for t in story.touches if t.team == "sales"]
        assert all(at.weekday() < 5 for at in [*decided, *calls])
        assert sorted(s.when.at for s in story.stages) == [
            s.when.at for s in story.stages
        ]
        waits += [min(at for at in calls if at >= mql) - mql for mql in mqls]
    assert max(waits) < 12 * DAY
    assert sum(wait > 2.4 * DAY for wait in waits) > 10


def test_a_bottleneck_is_there_to_find(few, monkeypatch):
    monkeypatch.setattr(stories, "LEADS", 2_000)
    told = stories.Teller(END).tell()

    def accepted(country):
        firsts = [s.stages[1] for s in told if s.country == country if s.stages[1:]]
        return sum(change.stage == "sal" for change in firsts) / len(firsts)

    assert sales.SHORT_STAFFED > 4 * 30 * DAY
    assert accepted("PL") < 0.5 < 0.6 < accepted("RO")


@pytest.mark.django_db
def test_the_example_company_lives_by_the_products_own_rules(few):
    assert play.play(at=END) == 150

    assert Lead.objects.count() == 150
    assert Lead.objects.filter(owner__isnull=True).count() == 0
    assert StageChange.objects.filter(to_stage="lead").count() == 150
    assert Touchpoint.objects.filter(occurred_at__gt=END).count() == 0
    states = set(Clock.objects.values_list("state", flat=True))
    assert {ClockState.MET, ClockState.BREACHED, ClockState.RUNNING} <= states
    assert Clock.objects.filter(history=True).count() == 0
    currencies = Deal.objects.exclude(currency="").values_list("currency", flat=True)
    assert set(currencies) <= {"RON", "PLN", "EUR"}
    assert not Deal.objects.filter(amount__isnull=False, base_amount=None).exists()
    assert not RevenueEntry.objects.filter(base_amount=None).exists()
    roles = set(User.objects.values_list("role", flat=True))
    assert roles == set(Role) - {Role.INTEGRATION}
    assert workspace.current().is_example
    assert ledger.flaws() == []
    _only_recent_leads_wait()
    _both_sides_promised()


def _only_recent_leads_wait():
    waiting = Clock.objects.filter(waiting=True)
    assert waiting.filter(started_at__lt=END - 12 * DAY).count() == 0
    assert waiting.filter(state=ClockState.BREACHED).exists()
    assert waiting.filter(state=ClockState.RUNNING).exists()
    paused = waiting.filter(state=ClockState.PAUSED)
    assert paused.values("lead").distinct().count() == 3
    assert Pause.objects.count() == paused.count()
    old = Lead.objects.filter(stage_since_at__lt=END - 60 * DAY)
    assert not old.filter(stage__in=["mql", "sal", "sql"]).exists()


def _both_sides_promised():
    """One agreement held all the time, and holds on, over the one it came with."""
    own = Agreement.objects.get(version=2)
    assert own.document is not None
    signed = own.document.signatures.values_list("function", flat=True)
    assert sorted(signed) == ["marketing", "sales"]
    sides = own.clauses.order_by("place").values_list("side", flat=True)
    assert set(sides) == {"sales", "marketing", "both", "leadership"}
    clauses = Clock.objects.values_list("clause__agreement", flat=True).distinct()
    assert list(clauses) == [own.pk]
    for moment in (END - 120 * DAY, END, END + 400 * DAY):
        assert agreement.in_force(at=moment) == own
    wanted = targets.of(["sla_sales", "sla_marketing", "revenue_new"], parse("2026-Q4"))
    assert set(wanted) == {"sla_sales", "sla_marketing", "revenue_new"}


@pytest.mark.django_db
def test_both_samples_are_there_on_the_first_day(few, monkeypatch):
    monkeypatch.setattr(stories, "LEADS", 400)
    half = replace(defining._FIRST, second_chance=Decimal("0.5"))  # noqa: SLF001
    monkeypatch.setattr(defining, "_FIRST", half)

    play.play(at=END)

    week = blind_reviews.week_of(END, workspace.zone())
    this_week = blind_reviews.of_week(week)
    assert len(this_week) == 10
    assert not Verdict.objects.filter(review__in=this_week).exists()
    judged = blind_reviews.agreement(weeks=blind_reviews.last_weeks(week))
    assert judged.judged == BlindReview.objects.count() - 10 >= 60
    assert 0.5 < judged.alike / judged.judged < 1
    with reading(at=END) as seen:
        found = second_chances.results(seen, second_chances.last_year(seen))
    sample = found["sample"]
    assert sample.leads >= 5
    assert sample.customers <= sample.sqls < sample.leads
    refused_by = SecondChance.objects.filter(refusal__actor=F("lead__owner"))
    assert not refused_by.exclude(entered=None).filter(lead__stage="mql").exists()


@pytest.mark.django_db
def test_a_workspace_with_records_is_left_alone(at):
    make_lead()

    with pytest.raises(CommandError, match="must be empty"):
        call_command("example")


@pytest.mark.django_db
def test_asking_twice_changes_nothing(few, capsys, monkeypatch):
    monkeypatch.setattr("foundation.kernel.clock.now", lambda: END)
    call_command("example")
    position = ledger.position()

    call_command("example")

    assert ledger.position() == position
    assert "is there already" in capsys.readouterr().out


@pytest.mark.django_db
def test_both_teams_have_met_lately_and_will_meet_again(few):
    play.play(at=END)

    states = list(Meeting.objects.order_by("starts_at").values_list("state", flat=True))
    assert states == [*[MeetingState.HELD] * (len(states) - 1), MeetingState.PLANNED]
    assert len(states) in {4, 5}
    assert Meeting.objects.latest("starts_at").starts_at > END
    done = set(Action.objects.values_list("state", flat=True))
    assert done == {ActionState.OPEN, ActionState.DONE}
    # So few leads have no bottleneck to talk about.
    kpis = set(Decision.objects.values_list("help_kpi", flat=True))
    assert kpis == {"mql_to_sal", "speed_to_lead"}


@pytest.mark.django_db
def test_the_definitions_run_and_add_nobody_to_the_stories(few):
    play.play(at=END)
    told = stories.Teller(END).tell()
    drawn = SecondChance.objects.values_list("lead__email", flat=True)
    told = [story for story in told if story.values["email"] not in set(drawn)]
    changes = [s for story in told for s in story.stages if s.stage == "mql"]
    known = sum(change.when.at < END for change in changes)

    def qualified():
        rows = StageChange.objects.filter(to_stage="mql", implied=False)
        return rows.exclude(lead__in=SecondChance.objects.values("lead")).count()

    assert qualified() == known
    while qualifying.judge_next(at=END):
        pass
    assert qualified() == known
    met = StageChange.objects.filter(to_stage="mql", cause="definition")
    assert set(met.values_list("definition__number", flat=True)) == {1, 2}
    assert definitions.in_force(Stage.SQL, at=END) is not None


@pytest.mark.django_db
def test_leads_that_qualified_lately_meet_the_definition_in_force(few):
    play.play(at=END)
    found = definitions.in_force(Stage.MQL, at=END)
    assert found is not None

    waiting = Lead.objects.filter(stage="mql", stage_since_at__gt=END - 20 * DAY)
    by_hand = StageChange.objects.filter(to_stage="mql", cause="hand").values("lead")
    ids = set(waiting.exclude(pk__in=by_hand).values_list("pk", flat=True))
    days = definitions.days_of(found.criteria, END)
    met = {
        pk
        for pk, facts in facts_of(ids).items()
        if evaluate(found.criteria, facts, days).met
    }

    assert ids
    assert met == ids
    draft = Version.objects.get(kind="definition.mql", state="draft")
    assert draft.number == found.version.number + 1
    assert draft.comments.count() == 3


@pytest.mark.django_db
def test_inboxes_hold_what_came_lately_whatever_the_hour(few):
    """Also on a Saturday night; nothing went out by e-mail, nothing is left to tell."""
    play.play(at=END + DAY + timedelta(hours=8))

    told = Notice.objects.all()
    assert not told.filter(delivered_at=None).exists()
    assert Mailing.objects.count() == 0
    assert not is_work_due()
    assert not told.filter(happened_at__lt=END - 50 * DAY).exists()
    rep = told.filter(recipient__role=Role.SALES_REP)
    assert rep.exists()
    assert set(rep.values_list("kind", flat=True)) >= {"sla.new"}
    assert told.filter(recipient__role=Role.HEAD_OF_MARKETING).exists()
    assert told.filter(read_at=None).exists()
    assert told.exclude(read_at=None).exists()
    kinds = set(told.values_list("kind", flat=True))
    assert kinds >= {"sla.new", "sla.proposed", "meetings.agenda"}
