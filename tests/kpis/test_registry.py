"""Every KPI answers every question it says it can be asked, now and as of before."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from foundation.kernel.periods import Step, parse
from foundation.ledger import queries
from kpis.domain.questions import Question
from kpis.domain.registry import REGISTRY, register
from kpis.enums import Direction, Part, Unit
from kpis.queries import records, values
from tests.kpis import life
from tests.kpis.life import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def won(sally, mark):
    return life.begin(sally, mark)


def questions():
    for key, kpi in REGISTRY.items():
        yield Question(key, parse("2026-03"))
        yield Question(key, parse("2026"), step=Step.MONTH)
        yield Question(key, parse("all"))
        for by in kpi.method.dimensions:
            yield Question(key, parse("2026"), by=by, step=Step.QUARTER)
        for kind in kpi.method.kinds:
            yield Question(key, parse("2026"), kind=kind, by="source")
            if kind != "period":
                yield Question(key, parse("2026"), kind=kind, within=7)


def measured(question, at=AT):
    series = values.value(question, at=at)
    return [(v.split, v.label, v.period.label, v.measure) for v in series.values]


def test_later_facts_do_not_move_what_is_asked_as_of_before(won):
    before = {question: measured(question) for question in questions()}
    position = queries.position()

    life.go_on(won)

    asked = {q: measured(replace(q, as_of=position)) for q in before}
    assert asked == before
    moved = {
        question.key for question in before if measured(question) != before[question]
    }
    assert {"revenue", "retention", "win_rate", "spend", "leads", "lead_wait"} <= moved


def test_the_records_are_as_many_as_the_number_says(won):
    with_cases = set()
    for question in questions():
        if question.step is None:
            for value in values.value(question, at=AT).values:
                rows = records.of(question, value.split, Part.ALL, at=AT)
                assert rows.count() == value.measure.n, question
                if value.measure.n:
                    with_cases.add(question.key)
    assert set(REGISTRY) - with_cases == set()


def test_numerators_open_their_own_records(won):
    keys = [key for key, kpi in REGISTRY.items() if kpi.unit == "ratio"]
    for key in sorted(set(keys) - {"grr", "nrr"}):
        question = Question(key, parse("2026"))
        measure = values.value(question, at=AT).total
        found = records.of(question, None, Part.NUMERATOR, at=AT).count()
        assert found == measure.numerator, key


def test_a_key_is_taken_once():
    kpi = next(iter(REGISTRY.values()))

    with pytest.raises(ValueError, match=kpi.key):
        register(kpi)


def test_names_and_formulas_are_words():
    with override("en"):
        for kpi in REGISTRY.values():
            assert str(kpi.name)
            assert str(kpi.formula).endswith(".")
            assert kpi.owner == "both"
            assert kpi.unit in Unit.values
            assert kpi.direction in Direction.values
