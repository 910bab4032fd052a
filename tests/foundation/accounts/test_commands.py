"""The first sign-ins of a workspace, and inviting from the command line."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from foundation.accounts.actions import people, tokens
from foundation.accounts.actions.people import Newcomer
from foundation.accounts.actions.workspace import mark_example
from foundation.accounts.enums import Role
from foundation.accounts.models import ApiToken, Invitation, Team, User
from foundation.accounts.queries.people import keepers
from foundation.ledger.models import Entry
from tests.factories.accounts import make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_limits")]
HUMANS = [role.value for role in Role if role != Role.INTEGRATION]


@pytest.fixture
def access(monkeypatch):
    """Ask as the launcher does: what it knows on standard input, JSON back."""

    def ask(known=None):
        monkeypatch.setattr(
            sys, "stdin", io.StringIO(json.dumps(known) if known else "")
        )
        out = io.StringIO()
        call_command("access", "--json", stdout=out)
        return json.loads(out.getvalue())

    return ask


def works(sign_in):
    client = Client()
    sent = {"login": sign_in["email"], "password": sign_in["password"]}
    return client.post("/account/login/", sent).status_code == 302


def test_an_empty_workspace_gets_one_sign_in_for_each_role(access, at):
    """S37: with random passwords."""
    answer = access()

    assert [each["role"] for each in answer["users"]] == HUMANS
    assert len({each["password"] for each in answer["users"]}) == len(HUMANS)
    assert all(len(each["password"]) == 16 for each in answer["users"])
    assert [works(each) for each in answer["users"]] == [True] * len(HUMANS)
    rep = User.objects.get(role=Role.SALES_REP)
    assert rep.team is not None
    assert (rep.team.function, rep.takes_leads) == ("sales", True)
    assert Team.objects.count() == 2
    answer = Client().get(
        "/api/v1/me/", headers={"Authorization": f"Bearer {answer['token']}"}
    )
    assert (answer.status_code, answer.json()["role"]) == (200, "integration")


def test_asking_again_keeps_what_works_and_changes_nothing(access):
    first = access()
    before = Entry.objects.count()

    assert access({**first, "url": "http://x"}) == first
    assert (Entry.objects.count(), User.objects.count()) == (before, len(HUMANS) + 1)


@pytest.mark.parametrize("known", [None, {"users": []}, {"users": [{}], "token": 1}])
def test_what_was_lost_is_made_anew_while_nobody_else_is_there(access, known):
    first = access()

    again = access(known)

    assert [works(each) for each in first["users"]] == [False] * len(HUMANS)
    assert [works(each) for each in again["users"]] == [True] * len(HUMANS)
    assert User.objects.count() == len(HUMANS) + 1


def test_people_of_its_own_end_it(access):
    """S37: from the first one on, the workspace is theirs."""
    first = access()
    make_user(Role.ADMIN)

    assert access() == {"users": [], "token": ""}
    assert access(first) == first


def test_a_changed_password_stays_changed(access, password):
    first = access()
    changed = User.objects.get(role=Role.ADMIN)
    changed.set_password(password)
    changed.save()
    User.objects.filter(role=Role.MARKETER).update(is_active=False)

    again = access(first)

    kept = [
        each for each in first["users"] if each["role"] not in {"admin", "marketer"}
    ]
    assert again == {"users": kept, "token": first["token"]}
    changed.refresh_from_db()
    assert changed.check_password(password)
    assert not User.objects.get(role=Role.MARKETER).is_active


def test_a_workspace_with_people_gets_none(access):
    make_user(Role.ADMIN)

    assert access() == {"users": [], "token": ""}
    assert (User.objects.count(), ApiToken.objects.count()) == (1, 0)


def test_the_example_company_s_own_people_sign_in(access, at):
    """Theirs are the leads; a role nobody has there is added."""
    reps = [
        people.create(
            Newcomer(name, Role.SALES_REP, f"{name}@firm.example"), by=None, at=at
        )
        for name in ("ana", "dan")
    ]
    mark_example(by=None, at=at)

    answer = access()

    assert [each["role"] for each in answer["users"]] == HUMANS
    rep = answer["users"][0]
    assert rep["email"] == "ana@firm.example"
    assert [works(each) for each in answer["users"]] == [True] * len(HUMANS)
    reps[1].refresh_from_db()
    assert not reps[1].is_active
    assert access(answer) == answer


def test_a_revoked_token_is_replaced_in_the_example_company(access, at):
    mark_example(by=None, at=at)
    first = access()
    row = ApiToken.objects.get()
    tokens.revoke(row, by=None, at=at)

    again = access(first)

    assert again["users"] == first["users"]
    assert again["token"] != first["token"]
    assert ApiToken.objects.filter(revoked_at=None).count() == 1
    assert User.objects.filter(role=Role.INTEGRATION).count() == 1


def test_a_person_can_read_it_too(access, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    out = io.StringIO()

    call_command("access", stdout=out)

    lines = out.getvalue().splitlines()
    assert [line.split("  ")[0] for line in lines] == [*HUMANS, "token"]


def test_inviting_from_the_command_line(at):
    team = make_team(name="East")
    out = io.StringIO()

    call_command(
        *("invite", "Ana@x.ro", "--name", "Ana", "--role", "sales_rep"),
        *("--team", "east", "--language", "pl", "--show-link"),
        stdout=out,
    )

    told, link = out.getvalue().splitlines()
    row = Invitation.objects.get()
    assert (row.email, row.team, row.language, row.invited_by) == (
        "ana@x.ro",
        team,
        "pl",
        None,
    )
    assert told == "ana@x.ro is invited."
    client = Client()
    assert client.get(link.removeprefix("http://testserver")).status_code == 302


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nobody", "--role", "admin"], "“nobody” is no e-mail address."),
        (["a@x.ro", "--role", "admin", "--team", "X"], "There is no team “X”."),
    ],
)
def test_who_cannot_be_invited_there(words, message):
    with pytest.raises(CommandError) as refusal:
        call_command("invite", *words, "--name", "X")

    assert str(refusal.value) == message
    assert Invitation.objects.count() == 0


def test_somebody_who_is_here_cannot_be_invited_again(sally):
    with pytest.raises(CommandError, match="has this address"):
        call_command("invite", sally.email, "--name", "X", "--role", "admin")


def test_keepers_are_those_who_let_people_in(access):
    access()

    roles = keepers().order_by("role").values_list("role", flat=True)
    assert list(roles) == ["admin", "leadership"]
