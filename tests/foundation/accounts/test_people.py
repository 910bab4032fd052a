import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.actions import people
from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.ledger.models import Entry, Event
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def test_owners_are_matched_by_address_then_external_id_then_sole_name(at):
    ana = make_user(name="Ana Pop", external_id="7")
    dan = make_user(name="7")
    twins = [make_user(name="Ion Rus"), make_user(name="Ion Rus")]
    labels = [f" {str(ana.email).upper()} ", "7", "Ana Pop", "Ion Rus", "  "]

    found = people.resolve_owners(labels, by=None, at=at)

    new = User.objects.get(external_id="Ion Rus")
    assert new not in twins
    assert dan.pk not in found.values()
    assert found == {
        f" {str(ana.email).upper()} ": ana.pk,
        "7": ana.pk,
        "Ana Pop": ana.pk,
        "Ion Rus": new.pk,
    }


def test_an_unknown_owner_becomes_a_person_who_cannot_sign_in(at, sally):
    found = people.resolve_owners(["4b1c", "New@Example.com"], by=sally, at=at)

    rows = User.objects.filter(pk__in=found.values()).order_by("name")
    assert [
        (u.name, u.external_id, u.email, u.role, u.is_active, u.joined_at) for u in rows
    ] == [
        ("4b1c", "4b1c", None, Role.SALES_REP, False, at),
        (
            "New@Example.com",
            "New@Example.com",
            "new@example.com",
            "sales_rep",
            False,
            at,
        ),
    ]
    assert not rows[0].has_usable_password()
    entry = Entry.objects.get()
    assert (entry.actor_id, entry.cause) == (sally.pk, "owners")
    assert set(entry.events.values_list("kind", "subject_type", "subject_id")) == {
        ("accounts.person.created", "accounts.user", row.pk) for row in rows
    }


def test_labels_that_are_one_address_are_one_person(at):
    found = people.resolve_owners(["A@b.ro", "a@B.ro", "a@b.ro "], by=None, at=at)

    assert set(found) == {"A@b.ro", "a@B.ro", "a@b.ro "}
    assert set(found.values()) == {User.objects.get().pk}


def test_asking_again_makes_nobody_twice(at):
    first = people.resolve_owners(["a", "b"], by=None, at=at)

    assert people.resolve_owners(["b", "a"], by=None, at=at) == first
    assert Event.objects.count() == 2


def test_owners_cost_the_same_statements_however_many(at):
    costs = []
    for n in (1, 3, 1_000):
        labels = [f"{n} owner {number}" for number in range(n)]
        for _ in range(2):
            with CaptureQueriesContext(connection) as seen:
                people.resolve_owners(labels, by=None, at=at)
            costs.append(len(seen))

    assert costs[::2] == costs[:1] * 3
    assert costs[1::2] == [1, 1, 1]


def test_an_owner_too_long_is_refused_and_nobody_is_made(at):
    with pytest.raises(people.OwnerTooLong):
        people.resolve_owners(["fine", "x" * 121], by=None, at=at)

    assert User.objects.count() == 0
