from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.accounts.queries import workspace
from foundation.kernel.periods import DAY, parse
from kpis.actions import facts
from kpis.domain.questions import Question
from kpis.enums import Part
from kpis.models import Mark
from kpis.queries import owed, records, values
from kpis.queries.asks import prepare
from kpis.queries.reading import reading
from tests.factories import kpis as histories
from tests.kpis import reference

pytestmark = pytest.mark.django_db
PAIRS = [
    (a, b)
    for a in reference.ORDER
    for b in reference.ORDER
    if reference.ORDER.index(a) < reference.ORDER.index(b)
]
PERIODS = ["2026", "2026-04", "2026-W15", "2026-03-29", "2026-03-26/2026-04-11", "all"]


def answer(question):
    series = values.value(question, at=histories.NOW)
    return {
        value.split: (value.measure.numerator, value.measure.denominator)
        for value in series.values
        if value.measure.denominator
    }


questions = st.lists(
    st.tuples(
        st.sampled_from(PAIRS),
        st.sampled_from(PERIODS),
        st.sampled_from([None, "source", "country", "campaign", "owner"]),
        st.sampled_from([None, 0, 1, 9, 30]),
    ),
    min_size=3,
    max_size=3,
)


@given(histories.histories, histories.short_histories, questions)
@settings(max_examples=30, deadline=None)
def test_facts_and_marks_equal_the_rows_counted_in_python(before, after, asked):
    with transaction.atomic():
        histories.live(before)
        facts.refresh_all()
        histories.live(after)
        zone = workspace.current().zone
        for stage, to in PAIRS:
            question = Question(f"{stage}_to_{to}", parse("all"), by="source")
            expected = reference.cohort(stage, to, parse("all"), zone, by="source")
            assert answer(question) == expected
        for (stage, to), text, by, within in asked:
            check(stage, to, zone, period=parse(text), by=by, within=within)
        transaction.set_rollback(True)


@given(histories.histories, histories.short_histories, questions)
@settings(max_examples=15, deadline=None)
def test_day_by_day_and_in_one_scan_rows_tell_the_same(before, after, asked):
    with transaction.atomic():
        histories.live(before)
        facts.refresh_all()
        histories.live(after)
        zone = workspace.current().zone
        wishes = [(pair, "all", "source", None) for pair in PAIRS] + asked
        for (stage, to), text, by, within in wishes:
            period = parse(text)
            question = Question(f"{stage}_to_{to}", period, by=by, within=within)
            pairs = reference.cohort(
                stage, to, zone=zone, period=period, by=by, within=within
            )
            expected = {split: pair for split, pair in pairs.items() if pair[1]}
            for most in (True, False):
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(owed, "are_most", lambda ask, most=most: most)
                    assert answer(question) == expected
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("marked", "expected"), [(0, False), (14, False), (15, True), (30, True)]
)
def test_from_half_of_the_days_on_all_are_taken_from_the_rows(marked, expected):
    histories.live([])
    facts.refresh_all()
    april = parse("2026-04")
    days = [april.first + DAY * i for i in range(marked)]
    zone = workspace.current().zone.key
    Mark.objects.bulk_create(Mark(day=day, zone=zone) for day in days)

    with reading(at=histories.NOW) as seen:
        ask = prepare(Question("leads", april), seen, [april])
        covered = replace(ask, covered=april)

        assert owed.are_most(covered) == expected


def check(stage, to, zone, **asked):
    """All three conversions, and the records behind each of their numbers."""
    key = f"{stage}_to_{to}"
    within = asked.pop("within")
    expected = {
        "cohort": reference.cohort(stage, to, zone=zone, within=within, **asked),
        "attempt": reference.attempts(stage, to, zone=zone, within=within, **asked),
        "period": reference.over_the_period(stage, to, zone=zone, **asked),
    }
    for kind, pairs in expected.items():
        window = None if kind == "period" else within
        question = Question(key, kind=kind, within=window, **asked)
        assert answer(question) == {s: p for s, p in pairs.items() if p[1]}
        for split, pair in pairs.items():
            parts = (Part.NUMERATOR, Part.DENOMINATOR)
            found = [records.of(question, split, p, at=histories.NOW) for p in parts]
            assert tuple(rows.count() for rows in found) == pair
