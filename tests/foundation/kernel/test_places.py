import pytest
from django.utils import translation

from foundation.kernel.places import countries, country_name


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Germany"), ("ro", "Germania"), ("pl", "Niemcy"), ("pt-br", "Germany")],
)
def test_a_country_is_called_as_its_readers_call_it(language, name):
    with translation.override(language):
        assert country_name("DE") == name


@pytest.mark.parametrize("code", ["", "XX"])
def test_what_is_no_country_stays_as_it_is(code):
    assert country_name(code) == code


@pytest.mark.parametrize("language", ["en", "ro", "pl"])
def test_every_country_has_a_name(language):
    with translation.override(language):
        assert {code for code in countries() if country_name(code) == code} == set()
