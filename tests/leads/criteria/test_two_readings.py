"""Whatever criteria and leads are drawn, Python and SQL give the same answer."""

from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import Campaign
from foundation.accounts.enums import Role
from foundation.ledger import actions as ledger
from leads.domain.criteria.days import Days, weights
from leads.domain.criteria.judging import evaluate
from leads.domain.criteria.reading import parse
from leads.models import Company, Lead, Touchpoint
from leads.queries.criteria import compile_criteria
from leads.queries.facts import facts_of
from tests.factories.accounts import make_user
from tests.leads.criteria import strategies

pytestmark = pytest.mark.django_db
FURTHEST = len(weights(365))


@contextmanager
def undone():
    """Take back what is written inside, so that each example begins alike."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def referred(db):
    """Campaigns and people that criteria may name."""
    for pk in (strategies.FIRST, strategies.FIRST + 1):
        Campaign.objects.create(pk=pk, name=f"C{pk}", created_at=strategies.AT)
        make_user(Role.SALES_REP, pk=pk)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_both_readings_agree(referred, data):
    zone = data.draw(st.sampled_from(strategies.ZONES))
    wanted = [
        parse(each)
        for each in data.draw(st.lists(strategies.criteria, min_size=1, max_size=3))
    ]
    drawn = data.draw(st.lists(strategies.leads(zone), min_size=1, max_size=4))
    days = Days(strategies.AT, zone, FURTHEST)
    with undone():
        facts = facts_of(stored(drawn))
        for criteria in wanted:
            agree(criteria, facts, days)


def agree(criteria, facts, days):
    compiled = compile_criteria(criteria, days)
    with connection.cursor() as cursor:
        cursor.execute(
            compiled.select("l.id, {met}, {fit}, {engagement}"), compiled.params
        )
        in_sql = {pk: tuple(told) for pk, *told in cursor.fetchall()}
    in_python = {}
    for pk, known in facts.items():
        judged = evaluate(criteria, known, days)
        in_python[pk] = (
            judged.met,
            judged.fit.points if judged.fit else 0,
            judged.engagement.points if judged.engagement else 0,
        )
    assert in_python == in_sql


def stored(drawn):
    ids = []
    with ledger.entry(by=None, at=strategies.AT) as entry:
        for n, values in enumerate(map(dict, drawn)):
            touches, company = values.pop("touches"), values.pop("company")
            if company is not None:
                domain = company["domain"] and f"{n}.{company['domain']}"
                company = Company.objects.create(**{**company, "domain": domain})
            email = values.pop("email")
            email = email and f"{n}{email}"
            lead = Lead.objects.create(
                **values,
                email=email,
                email_folded=email.casefold(),
                company=company,
            )
            ids.append(lead.pk)
            Touchpoint.objects.bulk_create(
                Touchpoint(**touch, lead=lead, entry_id=entry.pk) for touch in touches
            )
    return ids
