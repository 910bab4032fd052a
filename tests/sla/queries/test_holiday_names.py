"""Holidays are said in the reader's language; what people named stays."""

from datetime import date

import pytest
from django.utils import translation

from sla.queries.holiday_names import holiday_name

UNION, THIRD_OF_MAY, CHRISTMAS = date(2026, 12, 1), date(2026, 5, 3), date(2026, 12, 25)


@pytest.mark.parametrize(
    ("country", "day", "stored", "said"),
    [
        ("RO", UNION, "National Day", ("National Day", "Ziua Națională a României")),
        ("RO", UNION, "Ziua Națională a României", ("National Day",)),
        ("PL", CHRISTMAS, "Christmas Day", ("Christmas Day", "Crăciunul")),
        ("PL", THIRD_OF_MAY, "Święto Narodowe Trzeciego Maja", ()),
    ],
)
def test_it_is_said_in_english_and_romanian(country, day, stored, said):
    wanted = dict(zip(("en", "ro"), said, strict=False))
    for language, name in wanted.items():
        with translation.override(language):
            assert holiday_name(country, day, stored) == name


def test_the_gaps_of_the_library_are_filled_by_our_own_words():
    """It has Romania's days in no Polish and Poland's in no Romanian."""
    with translation.override("pl"):
        assert holiday_name("RO", UNION, "National Day") == "Święto Państwowe"
    with translation.override("ro"):
        name = holiday_name("PL", THIRD_OF_MAY, "Święto Narodowe Trzeciego Maja")
        assert name == "Ziua Națională de 3 Mai"


def test_two_holidays_on_one_day_are_both_said():
    both = "Children's Day; Pentecost"
    with translation.override("pl"):
        name = holiday_name("RO", date(2026, 6, 1), both)
    assert name == "Dzień Dziecka; Zielone Świątki"


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("RO", UNION, "Founders' day"),
        ("RO", date(2026, 12, 2), "National Day"),
        ("", UNION, "National Day"),
        ("BR", date(2026, 9, 7), "Independência do Brasil"),
        ("RO", UNION, ""),
    ],
)
def test_what_is_not_known_stays_as_it_was_written(country, day, name):
    with translation.override("ro"):
        assert holiday_name(country, day, name) == name


@pytest.mark.parametrize("language", ["ro", "pl"])
def test_every_holiday_of_both_countries_has_a_name(language):
    from sla.domain.public_holidays import public_holidays  # noqa: PLC0415

    with translation.override(language):
        unsaid = {
            name
            for country in ("RO", "PL")
            for day, name in public_holidays(country, range(2015, 2037)).items()
            if name != "National Independence Day - 100th anniversary"
            and holiday_name(country, day, name) == name
        }
    assert unsaid == set()
