from types import SimpleNamespace

import pytest
from django.utils import translation

from kpis.views.words import split_name


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
        value = SimpleNamespace(split=split, label=label)
        assert split_name(value) == said
