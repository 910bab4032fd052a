import threading

import pytest
from django.db import connection

from foundation.accounts.enums import Role
from foundation.ledger.models import Event
from leads.actions import assignments
from leads.models import AttributeChange, Lead
from tests.factories.accounts import make_user
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(db):
    return make_user(Role.HEAD_OF_SALES)


def test_a_head_gives_leads_to_somebody(at, head, sally):
    leads = [make_lead().pk, make_lead().pk]

    assert assignments.assign(leads, owner=sally, by=head, at=at) == 2
    assert assignments.assign(leads, owner=sally, by=head, at=at) == 0

    assert set(Lead.objects.values_list("owner", flat=True)) == {sally.pk}
    rows = AttributeChange.objects.values_list("field", "value")
    assert list(rows) == [("owner", str(sally.pk))] * 2
    assert Event.objects.filter(kind="leads.lead.changed").count() == 2


def test_a_rep_takes_what_is_nobodys_and_nothing_else(at, sally):
    free, held = make_lead(), make_lead(owner_id=make_user().pk)

    assert assignments.assign([free.pk], owner=sally, by=sally, at=at) == 1
    with pytest.raises(assignments.NotAllowed):
        assignments.assign([held.pk], owner=sally, by=sally, at=at)
    with pytest.raises(assignments.NotAllowed):
        assignments.assign([free.pk], owner=make_user(), by=sally, at=at)


def test_leads_are_given_to_sales_only(at, head, mark):
    with pytest.raises(assignments.NoOwner):
        assignments.assign([make_lead().pk], owner=mark, by=head, at=at)


def test_leads_are_handed_out_in_turn(at, head):
    people = [make_user(takes_leads=True).pk for _ in range(3)]
    leads = [make_lead().pk for _ in range(7)]

    first = assignments.hand_out(leads[:4], by=head, at=at)
    second = assignments.hand_out(leads[4:], by=head, at=at)

    assert list(first.values()) == [*people, people[0]]
    assert list(second.values()) == [people[1], people[2], people[0]]


def test_nobody_to_hand_out_to_is_said(at, head, sally):
    with pytest.raises(assignments.NobodyTakesLeads):
        assignments.hand_out([make_lead().pk], by=head, at=at)
    with pytest.raises(assignments.NotAllowed):
        assignments.hand_out([make_lead().pk], by=sally, at=at)


@pytest.mark.django_db(transaction=True)
def test_twenty_who_take_the_same_lead_at_once(at):
    """S15: exactly one gets it."""
    lead = make_lead()
    people = [make_user() for _ in range(20)]
    outcomes = []

    def take(person):
        try:
            assignments.assign([lead.pk], owner=person, by=person, at=at)
            outcomes.append(person.pk)
        except assignments.NotAllowed:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[p]) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lead.refresh_from_db()
    assert [pk for pk in outcomes if pk] == [lead.owner_id]
    assert len(outcomes) == 20
