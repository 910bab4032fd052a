"""Whatever criteria and leads are drawn, Python and SQL give the same answer.

So they do where each lead is judged at a moment of its own, by what was known then.
"""

from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import Campaign
from foundation.accounts.enums import Role
from foundation.ledger import actions as ledger
from leads.domain.criteria.days import Days, weights
from leads.domain.criteria.fields import FIELDS
from leads.domain.criteria.judging import evaluate
from leads.domain.criteria.reading import parse
from leads.domain.moments import STAMPED, Moment
from leads.models import AttributeChange, Company, Lead, StageChange, Touchpoint
from leads.queries.criteria import compile_criteria
from leads.queries.criteria_then import COLUMNS, compile_then
from leads.queries.facts import facts_at, facts_of
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


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_both_readings_agree_where_each_lead_has_a_moment_of_its_own(referred, data):
    zone = data.draw(st.sampled_from(strategies.ZONES))
    wanted = [
        parse(each)
        for each in data.draw(st.lists(strategies.criteria, min_size=1, max_size=3))
    ]
    drawn = data.draw(st.lists(strategies.leads(zone), min_size=1, max_size=4))
    pasts = [data.draw(strategies.pasts(zone)) for _ in drawn]
    with undone():
        moments = [
            with_past(pk, past) for pk, past in zip(stored(drawn), pasts, strict=True)
        ]
        for criteria in wanted:
            agree_then(criteria, moments, zone)


def agree_then(criteria, moments, zone):
    ats = [moment.at for moment in moments]
    compiled = compile_then(
        criteria, first=min(ats), last=max(ats), zone=zone, fields=FIELDS.values()
    )
    values = ", ".join(compiled.value(name) for name in FIELDS)
    with connection.cursor() as cursor:
        rows = [cursor.mogrify(_ROW, row_of(moment)).decode() for moment in moments]
        listed = f"SELECT * FROM (VALUES {', '.join(rows)}) n({', '.join(COLUMNS)})"
        columns = f"l.id, {{met}}, {{fit}}, {{engagement}}, {values}"
        statement = compiled.select(columns, moments=listed.replace("%", "%%"))
        cursor.execute(statement, compiled.params)
        in_sql = {pk: tuple(told) for pk, *told in cursor.fetchall()}
    in_python = {}
    facts = facts_at(moments)
    for moment in moments:
        known = facts[moment.lead_id]
        judged = evaluate(criteria, known, Days(moment.at, zone, FURTHEST))
        in_python[moment.lead_id] = (
            judged.met,
            judged.fit.points if judged.fit else 0,
            judged.engagement.points if judged.engagement else 0,
            *(known.values[name] for name in FIELDS),
        )
    assert in_python == in_sql


_ROW = """(%s, %s::timestamptz, %s, %s::timestamptz, %s,
    %s, %s::bigint, %s, %s, %s::bigint)"""


def row_of(moment):
    stamp = moment.stamp or dict.fromkeys(STAMPED)
    return [
        *(moment.lead_id, moment.at, moment.stage, moment.stage_since_at),
        *(moment.stamp is not None, *stamp.values()),
    ]


def with_past(pk, past):
    """Write what became known of a lead when; return its moment."""
    lead = Lead.objects.get(pk=pk)
    with ledger.entry(by=None, at=strategies.AT) as entry:
        StageChange.objects.create(
            lead=lead,
            entry_id=entry.pk,
            to_stage="lead",
            round=0,
            cause="created",
            occurred_at=lead.created_at,
            recorded_at=lead.created_at,
            source=past["first"],
            segment=past["first"],
        )
        touches = Touchpoint.objects.filter(lead=lead).order_by("pk")
        for touch, backs in zip(touches, past["backs"], strict=False):
            take_back(touch, backs)
        for name, value, at, backs in past["told"]:
            subject, _, field = name.rpartition(".")
            about = lead.company_id if subject else pk
            if about is None:
                continue
            fact = AttributeChange.objects.create(
                entry_id=entry.pk,
                subject=subject or "lead",
                subject_id=about,
                field=field,
                value=value,
                occurred_at=at,
                recorded_at=at,
            )
            take_back(fact, backs)
    names = ("at", "stage", "stage_since_at", "stamp")
    return Moment(pk, *(past[name] for name in names))


def take_back(fact, backs):
    """Withdraw a fact after a while, and the withdrawal after another one."""
    for after in backs:
        told = fact.recorded_at + after
        values = {f.attname: getattr(fact, f.attname) for f in fact._meta.fields}
        del values["id"]
        changes = {"corrects_id": fact.pk, "is_withdrawal": True, "recorded_at": told}
        fact = type(fact).objects.create(**{**values, **changes})


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
