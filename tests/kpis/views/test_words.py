import pytest
from django.utils import translation

from foundation.kernel.periods import parse
from kpis.domain.questions import Measure, Value
from kpis.views.words import split_name

PERIOD, NOTHING = parse("2018-Q1"), Measure(n=0, value=None)


@pytest.mark.parametrize(
    ("split", "label", "said"),
    [
        (None, "", "All"),
        ("", "", "not stated"),
        ("paid_search", "paid_search", "paid search"),
        ("RO", "RO", "RO"),
        ("7", "Ana_Pop", "Ana_Pop"),
    ],
)
def test_a_key_without_a_name_is_written_as_words(split, label, said):
    with translation.override("en"):
        assert (
            split_name(Value(split, label, PERIOD, NOTHING, small_sample=False)) == said
        )
