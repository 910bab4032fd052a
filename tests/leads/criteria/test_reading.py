"""Criteria are read as their JSON Schema says, and words never make a difference."""

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.domain.criteria.days import WHOLE, weights
from leads.domain.criteria.faults import WrongCriteria
from leads.domain.criteria.reading import parse
from leads.domain.criteria.schema import schema
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
