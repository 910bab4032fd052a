from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from deals.models import Deal, RevenueEntry
from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.ledger import queries as ledger
from integrations.example import play, stories
from leads.models import Lead, StageChange, Touchpoint
from meetings.enums import ActionState, MeetingState
from meetings.models import Action, Decision, Meeting
from sla.enums import ClockState
from sla.models import Clock
from tests.factories.leads import make_lead

END = datetime(2026, 11, 20, 14, tzinfo=UTC)


@pytest.fixture
def few(monkeypatch):
    """The same kind of company, younger and with fewer leads."""
    monkeypatch.setattr(stories, "LEADS", 150)
    monkeypatch.setattr(stories, "MONTHS", 4)


def test_the_same_moment_gives_the_same_company(few):
    one, two = stories.Teller(END).tell(), stories.Teller(END).tell()

    assert one == two
    assert stories.Teller(END, seed=2).tell() != one


def test_stories_end_today_and_begin_eighteen_months_ago(few, monkeypatch):
    monkeypatch.setattr(stories, "MONTHS", 18)
    told = stories.Teller(END).tell()

    assert END - timedelta(days=550) < told[0].created.at
    assert told[-1].created.at < END
    assert {story.country for story in told} == {"RO", "PL"}
    assert len({story.values["email"] for story in told}) == len(told)


@pytest.mark.django_db
def test_the_example_company_lives_by_the_products_own_rules(few):
    assert play.play(at=END) == 150

    assert Lead.objects.count() == 150
    assert Lead.objects.filter(owner__isnull=True).count() == 0
    assert StageChange.objects.filter(to_stage="lead").count() == 150
    assert Touchpoint.objects.filter(occurred_at__gt=END).count() == 0
    states = set(Clock.objects.values_list("state", flat=True))
    assert {ClockState.MET, ClockState.BREACHED} <= states
    assert Clock.objects.filter(history=True).count() == 0
    currencies = Deal.objects.exclude(currency="").values_list("currency", flat=True)
    assert set(currencies) <= {"RON", "PLN", "EUR"}
    assert not Deal.objects.filter(amount__isnull=False, base_amount=None).exists()
    assert not RevenueEntry.objects.filter(base_amount=None).exists()
    roles = set(User.objects.values_list("role", flat=True))
    assert roles == set(Role) - {Role.INTEGRATION}
    assert workspace.current().is_example
    assert ledger.flaws() == []


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
    assert kpis == {"speed_to_lead"}
