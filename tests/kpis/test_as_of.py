"""A number asked as of a ledger position is what was shown when that was the newest."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.kernel.periods import Step, parse
from foundation.ledger import queries as ledger
from kpis.domain.questions import Question
from kpis.queries import values
from kpis.queries.reading import PositionNotReached
from leads.actions import corrections
from leads.models import StageChange
from tests.factories import kpis as histories
from tests.factories.leads import make_lead, move

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
QUESTIONS = [
    Question("leads", parse("2026"), by="source", step=Step.MONTH),
    Question("customers_won", parse("all"), by="owner"),
    Question("mql_to_sql", parse("all"), by="source"),
    Question("lead_to_customer", parse("2026-Q2"), within=9),
    Question("sal_to_opportunity", parse("2026"), kind="period", by="country"),
    Question("mql_to_customer", parse("2026"), kind="attempt", by="source"),
]


def shown(position=None):
    found = {}
    for question in QUESTIONS:
        asked = Question(**{**vars(question), "as_of": position})
        series = values.value(asked, at=histories.NOW)
        found[question.key] = [
            (value.split, value.period, value.measure) for value in series.values
        ]
    return found


@given(st.lists(histories.steps | histories.works, min_size=3, max_size=14))
@settings(max_examples=25, deadline=None)
def test_later_facts_and_corrections_do_not_move_it(history):
    with transaction.atomic():
        stored = {}
        for step in history:
            histories.live([step])
            if position := ledger.position():
                stored[position] = shown()
        for position, values_then in stored.items():
            assert shown(position) == values_then
        transaction.set_rollback(True)


def test_a_position_that_is_not_reached_is_refused():
    make_lead()
    question = Question("leads", parse("all"), as_of=ledger.position() + 1)

    with pytest.raises(PositionNotReached):
        values.value(question, at=histories.NOW)


def test_taking_a_correction_back_brings_back_what_it_corrected(at):
    lead = make_lead()
    move(lead, "sql", at)
    move(lead, "sal", at, at=at + HOUR)  # takes the implied one's place
    told = StageChange.objects.get(lead=lead, to_stage="sal", in_force=True)
    corrections.withdraw_changes([told.pk], by=None, at=at + HOUR)
    question = Question("sals", parse("2026"))
    now = values.value(question, at=histories.NOW)

    make_lead()

    then = Question("sals", parse("2026"), as_of=now.position)
    assert now.total.n == 1
    assert values.value(then, at=histories.NOW).total == now.total
