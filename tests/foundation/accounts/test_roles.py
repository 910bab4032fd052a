"""Roles, teams and standing: what changes, what ends with it, and what is refused."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from foundation.accounts.actions import people, tokens
from foundation.accounts.actions.people import Newcomer
from foundation.accounts.enums import Function, Role
from foundation.accounts.models import ApiToken, Session, User
from foundation.accounts.signals import person_changed
from foundation.ledger.models import Entry, Event
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db


def events():
    return list(
        Event.objects.order_by("pk").values_list("kind", "subject_id", "payload")
    )


@pytest.fixture
def told():
    """The people whose change was told."""
    found = []

    def hear(person, **_):
        found.append((person.pk, person.role, person.team_id, person.is_active))

    person_changed.connect(hear, weak=False)
    yield found
    person_changed.disconnect(hear)


def sign_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_somebody_new_with_a_password_can_sign_in(at, lena):
    team = make_team(Function.SALES)
    newcomer = Newcomer(
        " Ana Pop ", Role.SALES_REP, " Ana@Example.COM ", team, "ro", "pass"
    )

    ana = people.create(newcomer, by=lena, at=at)

    ana.refresh_from_db()
    assert (ana.name, ana.email, ana.role, ana.team, ana.language, ana.joined_at) == (
        "Ana Pop",
        "ana@example.com",
        "sales_rep",
        team,
        "ro",
        at,
    )
    assert (ana.is_active, ana.takes_leads, ana.check_password("pass")) == (
        True,
        True,
        True,
    )
    assert events() == [("accounts.person.created", ana.pk, {"role": "sales_rep"})]
    assert Entry.objects.get().actor == lena


def test_somebody_new_without_a_password_cannot(at):
    dan = people.create(Newcomer("Dan", Role.MARKETER, "d@x.ro"), by=None, at=at)

    assert (dan.is_active, dan.takes_leads, dan.has_usable_password()) == (
        False,
        False,
        False,
    )


def test_an_address_belongs_to_one_person(at, sally):
    with pytest.raises(people.Taken):
        people.create(Newcomer("X", Role.MARKETER, sally.email.upper()), by=None, at=at)

    assert events() == []


def test_a_team_takes_its_own_department_only(at, lena):
    sales = make_team(Function.SALES)
    for role in (Role.MARKETER, Role.LEADERSHIP):
        with pytest.raises(people.TeamOfAnother):
            people.create(Newcomer("X", role, team=sales), by=None, at=at)
    with pytest.raises(people.TeamOfAnother):
        people.set_team(lena, sales, by=None, at=at)


def test_another_role_holds_at_once(at, sally, lena, told):
    """S45: the sessions end with the role."""
    sally.team = make_team(Function.SALES)
    sally.save()
    browser, other = sign_in(sally), sign_in(lena)
    assert browser.get("/account/").status_code == 200

    people.change_role(sally, Role.MARKETER, by=lena, at=at)

    sally.refresh_from_db()
    assert (sally.role, sally.team) == ("marketer", None)
    assert browser.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 200
    assert events() == [
        (
            "accounts.person.role_changed",
            sally.pk,
            {"from": "sales_rep", "to": "marketer"},
        )
    ]
    assert told == [(sally.pk, "marketer", None, True)]


def test_the_same_role_again_ends_nothing(at, sally, lena):
    browser = sign_in(sally)

    people.change_role(sally, Role.SALES_REP, by=lena, at=at)

    assert browser.get("/account/").status_code == 200
    assert events() == []


def test_a_role_of_the_same_department_keeps_the_team(at, sally, lena):
    sally.team = make_team(Function.SALES)
    sally.save()

    people.change_role(sally, Role.HEAD_OF_SALES, by=lena, at=at)

    sally.refresh_from_db()
    assert sally.team is not None


def test_nobody_changes_their_own_role_or_standing(at, lena):
    make_user(Role.ADMIN)
    with pytest.raises(people.NotYourself):
        people.change_role(lena, Role.ADMIN, by=lena, at=at)
    with pytest.raises(people.NotYourself):
        people.disable(lena, by=lena, at=at)


def test_a_person_never_becomes_a_program_nor_the_other_way(at, sally):
    program = make_user(Role.INTEGRATION, is_active=False)
    with pytest.raises(people.FixedRole):
        people.change_role(sally, Role.INTEGRATION, by=None, at=at)
    with pytest.raises(people.FixedRole):
        people.change_role(program, Role.ADMIN, by=None, at=at)
    with pytest.raises(people.FixedRole):
        people.enable(program, by=None, at=at)


def test_somebody_stays_who_can_let_people_in(at, lena):
    admin = make_user(Role.ADMIN)
    make_user(Role.ADMIN, is_active=False)

    people.disable(admin, by=lena, at=at)
    with pytest.raises(people.LastKeeper):
        people.disable(lena, by=None, at=at)
    with pytest.raises(people.LastKeeper):
        people.change_role(lena, Role.MARKETER, by=None, at=at)
    people.change_role(lena, Role.ADMIN, by=None, at=at)


@pytest.mark.django_db(transaction=True)
def test_two_keepers_cannot_shut_each_other_out_at_once(at):
    """S15: one succeeds, the other is refused, whoever is faster."""
    pair = [make_user(Role.ADMIN), make_user(Role.LEADERSHIP)]
    refused = []

    def shut_out(person):
        try:
            people.disable(person, by=None, at=at)
        except people.LastKeeper:
            refused.append(person)
        finally:
            connection.close()

    threads = [threading.Thread(target=shut_out, args=[each]) for each in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(refused) == 1
    assert list(User.objects.filter(is_active=True)) == refused


def test_shutting_out_ends_sessions_and_tokens_and_keeps_records(at, sally, lena, told):
    """S45: at once, and again changes nothing."""
    browser = sign_in(sally)
    row, _text = tokens.create(
        owner=sally, name="t", scopes=["me:read"], by=sally, at=datetime.now(UTC)
    )

    people.disable(sally, by=lena, at=at)
    people.disable(sally, by=lena, at=at)

    row.refresh_from_db()
    sally.refresh_from_db()
    assert (sally.is_active, row.revoked_at) == (False, at)
    assert browser.get("/account/").status_code == 302
    assert Session.objects.filter(user=sally).count() == 0
    assert events()[1:] == [("accounts.person.disabled", sally.pk, {"tokens": 1})]
    assert told == [(sally.pk, "sales_rep", None, False)]


def test_shutting_out_a_program_ends_its_tokens(at):
    program = make_user(Role.INTEGRATION, is_active=False)
    tokens.create(owner=program, name="t", scopes=["me:read"], by=None, at=at)

    people.disable(program, by=None, at=at)

    assert ApiToken.objects.get().revoked_at == at


def test_letting_in_again(at, sally, lena):
    people.disable(sally, by=lena, at=at)
    people.enable(sally, by=lena, at=at)
    people.enable(sally, by=lena, at=at)

    sally.refresh_from_db()
    assert sally.is_active
    assert [kind for kind, *_ in events()] == [
        "accounts.person.disabled",
        "accounts.person.enabled",
    ]
    nameless = make_user(is_active=False)
    User.objects.filter(pk=nameless.pk).update(email=None)
    with pytest.raises(people.NoAddress):
        people.enable(nameless, by=lena, at=at)


def test_signing_somebody_out_everywhere(at, sally, lena):
    browsers = [sign_in(sally), sign_in(sally)]

    assert people.end_sessions(sally, by=lena, at=at) == 2

    assert [b.get("/account/").status_code for b in browsers] == [302, 302]
    assert events() == [("accounts.sessions.ended", sally.pk, {"n": 2})]


def test_leads_in_turn_and_teams_are_told(at, sally, lena, told):
    team = make_team(Function.SALES)

    people.set_takes_leads(sally, takes=True, by=lena, at=at)
    people.set_takes_leads(sally, takes=True, by=lena, at=at)
    people.set_team(sally, team, by=lena, at=at)
    people.set_team(sally, team, by=lena, at=at)

    assert events() == [
        ("accounts.person.takes_leads_changed", sally.pk, {"to": True}),
        ("accounts.person.team_changed", sally.pk, {"from": None, "to": team.pk}),
    ]
    assert told == [
        (sally.pk, "sales_rep", None, True),
        (sally.pk, "sales_rep", team.pk, True),
    ]


def test_a_receiver_that_refuses_keeps_things_as_they_were(at, sally, lena):
    def refuse(**_):
        raise RuntimeError

    person_changed.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            people.change_role(sally, Role.MARKETER, by=lena, at=at)
    finally:
        person_changed.disconnect(refuse)

    sally.refresh_from_db()
    assert sally.role == "sales_rep"
    assert events() == []
