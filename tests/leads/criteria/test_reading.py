"""Criteria are read as their JSON Schema says, and words never make a difference."""

import re
from datetime import date
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.kernel.periods import start_of
from leads.domain.criteria.days import WHOLE, weights
from leads.domain.criteria.faults import WrongCriteria
from leads.domain.criteria.reading import parse
from leads.domain.criteria.schema import schema
from leads.domain.criteria.values import WRITTEN
from leads.validators import SENTENCES
from tests.leads.criteria import strategies

SCHEMA = jsonschema.Draft202012Validator(schema())
_anything = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["all", "any", "not", "field", "op", "value", "touches", "optional"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None)
@given(strategies.criteria)
def test_what_is_drawn_is_valid_by_the_schema(drawn):
    parse(drawn)

    assert list(SCHEMA.iter_errors(drawn)) == []


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({"rules": _anything}))
def test_whatever_is_sent_is_read_or_refused_with_known_words(sent):
    assert refusals_of(sent) or list(SCHEMA.iter_errors(sent)) == []


def refusals_of(sent):
    """Return what is refused, each with a place in what was sent and known words."""
    try:
        parse(sent)
    except WrongCriteria as wrong:
        return [SENTENCES[f.code] for f in wrong.faults if f.pointer.startswith("/")]
    return []


@pytest.mark.parametrize("half_life", [1, 7, 365])
def test_points_halve_with_every_half_life(half_life):
    table = weights(half_life)

    assert table[0] == WHOLE
    assert [table[n * half_life] for n in (1, 2, 3, 4)] == [
        500_000,
        250_000,
        125_000,
        62_500,
    ]
    assert sorted(table, reverse=True) == list(table)
    assert table[-1] == 1


def test_points_fade_as_worked_in_the_books():
    # round half up of 2 ** (-age / 7) in millionths
    assert weights(7)[:8] == (
        *(1_000_000, 905_724, 820_335, 742_997),
        *(672_950, 609_507, 552_045, 500_000),
    )


def only(field, op, value):
    return {"rules": {"field": field, "op": op, "value": value}}


TOUCHED = {"touches": {}, "op": "last_within_days"}
SCORED = {"name": "A", "cap": 1, "points": [{"touches": {}, "points": 1}]}
READ = [
    only("lead.source", "is", " x "),
    only("lead.source", "is", "x" * 200),
    only("lead.source", "is", "x y\u00a0😀"),
    only("lead.country", "is", "ro"),
    only("company.employees", "at_least", 50.0),
    only("lead.owner", "in", [1.0, 2**63 - 1]),
    only("lead.created_at", "before", "1900-01-01"),
    only("lead.created_at", "before", "2199-12-31"),
    {"rules": {**TOUCHED, "value": 3.0}},
    {"rules": {**TOUCHED, "value": 3}, "scoring": {}},
    {"scoring": {"engagement": {"threshold": 2.0, "groups": [SCORED]}}},
]
REFUSED = [
    only("lead.source", "is", ""),
    only("lead.source", "is", " \u00a0\u2003\u3000\u0085"),
    only("lead.source", "is", "x\n"),
    only("lead.source", "is", "x\x00y"),
    only("lead.source", "is", "x" * 200 + " "),
    only("lead.country", "is", " RO "),
    only("lead.country", "is", "RO\n"),
    only("lead.country", "in", ["ß"]),
    only("lead.country", "is", "\u0131l"),
    only("company.employees", "at_least", 50.5),
    {"rules": {"field": "company.employees", "op": "at_least", "value": True}},
    only("lead.owner", "in", [2**63]),
    only("lead.created_at", "before", "2026-W01-1"),
    only("lead.created_at", "before", "2026-01-31\n"),
    only("lead.created_at", "before", "2026-13-01"),
    only("lead.created_at", "before", "0001-01-01"),
    only("lead.created_at", "before", "9999-12-31"),
    {"scoring": {}},
    {"rules": {**TOUCHED, "value": 3, "within_days": 4}},
    {},
]


@pytest.mark.parametrize("sent", READ)
def test_what_the_schema_accepts_is_read(sent):
    assert list(SCHEMA.iter_errors(sent)) == []
    assert parse(sent).source == sent


@pytest.mark.parametrize("sent", REFUSED)
def test_what_the_schema_refuses_is_refused(sent):
    assert list(SCHEMA.iter_errors(sent))
    with pytest.raises(WrongCriteria):
        parse(sent)


def test_a_text_is_blank_for_the_schema_as_for_the_reader():
    spaces = [chr(n) for n in range(0x110000) if chr(n).isspace()]

    assert not re.search(WRITTEN, "".join(spaces))
    assert all(re.search(WRITTEN, letter) for letter in "a1-.ș漢\u200b\ufeff")


@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Kiritimati", "UTC"])
@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_every_day_that_is_read_begins_somewhen(zone, day):
    (condition,) = parse(only("lead.created_at", "before", day)).conditions()

    assert isinstance(condition.value, date)
    assert start_of(condition.value, ZoneInfo(zone)).utcoffset() is not None
