"""Settings are checked, change all or none, and are told to whoever depends."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import (
    CommandError,
    call_command,
    execute_from_command_line,
)

from foundation.accounts.actions import teams
from foundation.accounts.actions.workspace import (
    BadSetting,
    UnknownSetting,
    configure,
    mark_example,
    names,
)
from foundation.accounts.enums import Function
from foundation.accounts.models import Team, Workspace
from foundation.accounts.queries import workspace
from foundation.accounts.signals import workspace_changed
from foundation.accounts.validators import (
    UnknownCountry,
    UnknownCurrency,
    UnknownTimeZone,
)
from foundation.ledger.models import Entry, Event
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    found = []

    def hear(workspace, changed, by, at, **_):
        found.append((sorted(changed), workspace.time_zone, by, at))

    workspace_changed.connect(hear, weak=False)
    yield found
    workspace_changed.disconnect(hear)


def test_every_setting_can_be_changed(at, lena, told):
    settings = {
        "name": "BrightSteel",
        "time_zone": "Europe/Warsaw",
        "base_currency": "pln",
        "fiscal_year_start": "4",
        "gross_margin": "0.725",
        "language": "pl",
        "languages": "pl, en",
        "country": "pl",
        "path_window_days": "120",
        "step_window_days": "45",
        "persons_visible_to_heads": "false",
    }
    assert set(settings) == set(names())

    assert configure(settings, by=lena, at=at) == sorted(settings)

    row = workspace.current()
    assert {name: getattr(row, name) for name in settings} == {
        **settings,
        "base_currency": "PLN",
        "fiscal_year_start": 4,
        "gross_margin": Decimal("0.725"),
        "languages": ["en", "pl"],
        "country": "PL",
        "path_window_days": 120,
        "step_window_days": 45,
        "persons_visible_to_heads": False,
    }
    assert told == [(sorted(settings), "Europe/Warsaw", lena, at)]
    event = Event.objects.get()
    assert (event.kind, event.payload["gross_margin"], event.payload["languages"]) == (
        "accounts.workspace.changed",
        "0.725",
        "en,pl",
    )


def test_what_is_set_already_changes_nothing(at, told):
    configure({"time_zone": "Europe/Warsaw"}, by=None, at=at)

    assert configure({"time_zone": "Europe/Warsaw"}, by=None, at=at) == []
    assert configure({"base_currency": "EUR"}, by=None, at=at) == []
    assert configure({}, by=None, at=at) == []
    assert (len(told), Entry.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("nonsense", "1", UnknownSetting),
        ("is_example", "true", UnknownSetting),
        ("id", "2", UnknownSetting),
        ("time_zone", "Mars/Olympus", UnknownTimeZone),
        ("time_zone", "../etc/passwd", UnknownTimeZone),
        ("time_zone", "", UnknownTimeZone),
        ("base_currency", "EURO", UnknownCurrency),
        ("base_currency", "XXX", UnknownCurrency),
        ("country", "XX", UnknownCountry),
        ("fiscal_year_start", "0", BadSetting),
        ("fiscal_year_start", "13", BadSetting),
        ("fiscal_year_start", "1.5", BadSetting),
        ("fiscal_year_start", "٣", BadSetting),
        ("gross_margin", "1.01", BadSetting),
        ("gross_margin", "-0.1", BadSetting),
        ("gross_margin", "0.12345", BadSetting),
        ("gross_margin", "NaN", BadSetting),
        ("gross_margin", "much", BadSetting),
        ("language", "de", BadSetting),
        ("languages", "en,de", BadSetting),
        ("languages", "", BadSetting),
        ("languages", "pl,ro", BadSetting),
        ("path_window_days", "0", BadSetting),
        ("step_window_days", "1096", BadSetting),
        ("persons_visible_to_heads", "maybe", BadSetting),
        ("name", "x" * 121, BadSetting),
        ("name", "a\nb", BadSetting),
    ],
)
def test_what_a_setting_cannot_be(at, told, name, text, error):
    with pytest.raises(error) as refusal:
        configure({"step_window_days": "31", name: text}, by=None, at=at)

    assert refusal.value.field in {name, "language"}
    assert (told, Event.objects.count(), workspace.current().step_window_days) == (
        [],
        0,
        30,
    )


def test_a_receiver_that_refuses_keeps_the_settings(at):
    def refuse(**_):
        raise RuntimeError

    workspace_changed.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            configure({"time_zone": "Europe/Warsaw"}, by=None, at=at)
    finally:
        workspace_changed.disconnect(refuse)

    assert Workspace.objects.count() == 0


def test_the_command_shows_and_changes(at):
    out = StringIO()
    call_command("configure", "time_zone=Europe/Warsaw", "gross_margin=0.9", stdout=out)
    assert out.getvalue() == "gross_margin=0.9000\ntime_zone=Europe/Warsaw\n"

    out = StringIO()
    call_command("configure", stdout=out)
    assert out.getvalue().splitlines() == [
        "name=",
        "time_zone=Europe/Warsaw",
        "base_currency=EUR",
        "fiscal_year_start=1",
        "gross_margin=0.9000",
        "language=en",
        "languages=en,ro,pl",
        "country=RO",
        "path_window_days=90",
        "step_window_days=30",
        "persons_visible_to_heads=true",
    ]


def test_the_command_works_as_it_is_typed(capsys):
    """Django reads some options itself, before the command does."""
    execute_from_command_line(["manage.py", "configure", "time_zone=Europe/Warsaw"])

    assert capsys.readouterr().out == "time_zone=Europe/Warsaw\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["time_zone"], "Write KEY=VALUE instead of “time_zone”."),
        (["time_zone=x"], "time_zone: Write a time zone like Europe/Bucharest."),
        (["x=1"], "x: There is no setting “x”."),
    ],
)
def test_the_command_refuses_in_one_sentence(words, message):
    with pytest.raises(CommandError) as refusal:
        call_command("configure", *words)

    assert str(refusal.value).startswith(message)


def test_the_example_company_is_marked_once(at):
    mark_example(by=None, at=at)
    mark_example(by=None, at=at)

    assert workspace.current().is_example
    assert Event.objects.count() == 1


# Teams


def test_a_team_is_made_and_changed(at, lena):
    team = teams.create(
        Team(name=" East ", function="sales", time_zone="Europe/Warsaw", country="PL"),
        by=lena,
        at=at,
    )
    assert (team.name, team.created_at) == ("East", at)

    team.name, team.country = "West", "RO"
    teams.change(team, by=lena, at=at)
    teams.change(team, by=lena, at=at)

    team.refresh_from_db()
    assert (team.name, team.country) == ("West", "RO")
    assert list(Event.objects.values_list("kind", "payload")) == [
        (
            "accounts.team.created",
            {"function": "sales", "time_zone": "Europe/Warsaw", "country": "PL"},
        ),
        (
            "accounts.team.changed",
            {"function": "sales", "time_zone": "Europe/Warsaw", "country": "RO"},
        ),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "SALES EAST"}, "team_name_taken"),
        ({"time_zone": "Mars"}, "unknown_time_zone"),
        ({"country": "XX"}, "unknown_country"),
        ({"function": "marketing"}, "team_function_fixed"),
    ],
)
def test_what_a_team_cannot_be(at, change, code):
    make_team(name="Sales East")
    team = make_team(Function.SALES, name="Sales West")
    make_user(team=team)
    for name, value in change.items():
        setattr(team, name, value)

    with pytest.raises(Exception) as refusal:  # noqa: PT011 -- two kinds of refusal
        teams.change(team, by=None, at=at)

    assert getattr(refusal.value, "code", "") == code
    team.refresh_from_db()
    assert (team.name, team.function) == ("Sales West", "sales")
