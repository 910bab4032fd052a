"""Business time looked up in a table of pieces equals business time counted."""

from bisect import bisect_right
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.domain import pieces
from sla.domain.business_time import Calendar
from sla.domain.instants import to_seconds
from sla.domain.open_hours import open_hours
from sla.domain.wall_clock import BLOCK
from tests.sla.domain.calendars import PL_SPLIT, RO_OFFICE, utc
from tests.sla.domain.strategies import scenes, slowly

goals = st.one_of(st.integers(0, 3 * 3600), st.integers(0, 60 * 3600))
spans = st.integers(0, 12 * 86_400)
parts = st.lists(st.floats(0, 1), min_size=3, max_size=6)


def look_up(found, moment):
    piece = found[bisect_right([piece.since for piece in found], moment) - 1]
    return piece.value + piece.slope * moment


def in_order(found):
    return [piece.since for piece in found] == sorted(piece.since for piece in found)


@slowly
@given(scenes(), spans, goals, parts)
def test_every_start_of_a_span(scene, span, goal, where):
    form, midnight = scene
    hours = open_hours(Calendar.from_dict(form))
    begin = to_seconds(midnight) - span // 2
    starts = sorted({begin, begin + span, *(begin + int(span * w) for w in where)})

    table = pieces.reached(hours, begin, begin + span, goal)
    counted = pieces.passed(hours, begin, begin + span)

    assert in_order(table)
    assert in_order(counted)
    assert [look_up(table, s) for s in starts] == [
        hours.earliest(s, goal) for s in starts
    ]
    assert [look_up(counted, s) - look_up(counted, begin) for s in starts] == [
        hours.between(begin, s) for s in starts
    ]


@pytest.mark.parametrize("form", [RO_OFFICE, PL_SPLIT])
@pytest.mark.parametrize("goal", [0, 1, 3600, 4 * 3600, 9 * 3600, 9 * 3600 + 1])
def test_every_change_within_some_weeks(form, goal):
    """Around each boundary of a piece, second by second."""
    hours = open_hours(Calendar.from_dict(form))
    begin = to_seconds(utc("2025-10-13 00:00"))
    end = begin + int(timedelta(days=21).total_seconds())

    table = pieces.reached(hours, begin, end, goal)

    starts = {p.since + n for p in table for n in (-1, 0, 1)} & set(range(begin, end))
    assert len(starts) > 40 or goal == 0
    for start in starts:
        assert look_up(table, start) == hours.earliest(start, goal)


def test_a_span_that_crosses_blocks():
    hours = open_hours(Calendar.from_dict(RO_OFFICE))
    begin, end = 50 * BLOCK - 5 * 86_400, 51 * BLOCK + 5 * 86_400

    table = pieces.reached(hours, begin, end, 7200)

    for start in range(begin, end, 86_400 // 5):
        assert look_up(table, start) == hours.earliest(start, 7200)
