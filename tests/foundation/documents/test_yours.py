"""What waits for somebody's own signature stands on Today, and opens the document."""

import pytest
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.documents.actions import versions
from leads.enums import Stage
from tests.factories.accounts import make_user
from tests.factories.definitions import heads, make_definition, make_proposal
from tests.factories.sla import make_proposal as make_agreement_proposal

pytestmark = pytest.mark.django_db
REGION = reverse("documents:signatures-region")


def listed(client, person):
    client.force_login(person)
    return [row["version"] for row in client.get(REGION).context_data["proposals"]]


def test_a_proposal_waits_for_both_heads_until_each_has_signed(client, at):
    sales, marketing = heads()
    mql, sql = make_proposal(at=at), make_proposal(Stage.SQL, at=at)
    make_definition(at=at)

    assert listed(client, sales) == listed(client, marketing) == [mql, sql]
    versions.sign(mql, digest=mql.digest, by=sales, at=at)

    assert listed(client, sales) == [sql]
    assert listed(client, marketing) == [mql, sql]
    page = client.get(REGION).text
    for row in (mql, sql):
        assert f'href="{reverse("leads:definition-detail", args=[row.pk])}"' in page


def test_a_deputy_is_asked_too_and_who_signs_for_nobody_is_not(client, at):
    heads()
    row = make_proposal(at=at)
    deputy = make_user(Role.MARKETER, deputy_for="marketing")

    assert listed(client, deputy) == [row]
    for role in (Role.SALES_REP, Role.MARKETER, Role.LEADERSHIP, Role.ADMIN):
        assert listed(client, make_user(role)) == []
        assert "<section" not in client.get(REGION).text


def test_leadership_is_asked_where_nobody_heads_a_function(client, at):
    row = make_proposal(at=at)  # by the head of marketing; nobody heads sales
    boss = make_user(Role.LEADERSHIP)
    assert listed(client, boss) == [row]

    versions.sign(row, digest=row.digest, by=boss, at=at)
    assert listed(client, boss) == []


def test_one_statement_more_for_nothing_and_the_same_for_many(
    client, at, count_queries
):
    (sales, _), _ = heads(), make_proposal(at=at)
    client.force_login(sales)
    client.get(REGION)
    one = count_queries(client.get, REGION)
    for _ in range(3):
        make_proposal(Stage.SQL, at=at)

    assert count_queries(client.get, REGION) == one


def test_today_asks_for_the_region(client, at):
    client.force_login(heads()[0])
    assert f'hx-get="{REGION}"' in client.get("/").text


def test_an_agreement_waits_like_a_definition(client, at):
    sales, marketing = heads()
    row = make_agreement_proposal(at=at)

    assert listed(client, sales) == listed(client, marketing) == [row]
    page = client.get(REGION).text
    assert f'href="{reverse("sla:agreement-detail", args=[row.pk])}"' in page
