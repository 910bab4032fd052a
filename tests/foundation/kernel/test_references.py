"""References held in sets refuse what foreign keys would have refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.actions import campaigns
from leads.models import StageChange, Touchpoint
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db
NOBODY = 987_654_321


def changes(lead, **fields):
    first = StageChange.objects.get(lead=lead)
    moments = (first.occurred_at + timedelta(hours=n) for n in range(3))
    return [
        StageChange(
            entry_id=first.entry_id,
            lead_id=lead.pk,
            round=0,
            to_stage="lead",
            cause="import",
            occurred_at=moment,
            recorded_at=moment,
            **fields,
        )
        for moment in moments
    ]


def refusal_of(rows):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        type(rows[0]).objects.bulk_create(rows)
    return str(refused.value).partition("\n")[0]


@pytest.mark.parametrize("column", ["lead_id", "actor_id", "owner_id", "campaign_id"])
def test_one_wrong_reference_among_right_ones_is_refused(column):
    rows = changes(make_lead())
    setattr(rows[1], column, NOBODY)

    refused = refusal_of(rows)

    assert (
        refused == f"leads_stagechange refers to what is not there: {column}={NOBODY}"
    )
    assert StageChange.objects.count() == 1


def test_a_gap_between_leads_that_are_there_is_found():
    first = make_lead()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('leads_lead', 'id'))")
    rows = [changes(lead)[0] for lead in (first, make_lead())]
    gap = first.pk + 1
    rows += [changes(first)[1]]
    rows[2].lead_id = gap

    assert refusal_of(rows) == (
        f"leads_stagechange refers to what is not there: lead_id={gap}"
    )


def test_right_and_blank_references_are_taken(mark):
    rows = changes(make_lead(), owner_id=mark.pk)
    rows[2].owner_id = None

    StageChange.objects.bulk_create(rows)

    owners = StageChange.objects.filter(cause="import").order_by("pk")
    assert list(owners.values_list("owner_id", flat=True)) == [mark.pk, mark.pk, None]


def test_touches_are_held_too():
    at = make_lead().created_at
    entry = StageChange.objects.get().entry_id
    touch = Touchpoint(
        entry_id=entry,
        lead_id=NOBODY,
        occurred_at=at,
        recorded_at=at,
        direction="inbound",
    )

    assert refusal_of([touch]) == (
        f"leads_touchpoint refers to what is not there: lead_id={NOBODY}"
    )


@pytest.mark.parametrize("table", ["leads_lead", "accounts_user", "campaigns_campaign"])
def test_what_facts_refer_to_is_never_deleted(table, mark):
    lead = make_lead()
    campaigns.create({"name": "Fair"}, by=mark, at=lead.created_at)

    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError) as refused,
        transaction.atomic(),
    ):
        cursor.execute(f"DELETE FROM {table}")

    told = str(refused.value).partition("\n")[0]
    assert told == f"rows of {table} are never deleted"
