from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from foundation.kernel.periods import Step, around, parse
from kpis.enums import Unit
from kpis.views import figures

CASES = [
    ("en", Unit.COUNT, "6214", "6,214"),
    ("ro", Unit.COUNT, "6214", "6.214"),
    ("pl", Unit.COUNT, "6214", "6 214"),
    ("en", Unit.RATIO, "0.4145", "41 %"),
    ("en", Unit.RATIO, "0.0335", "3.4 %"),
    ("pl", Unit.RATIO, "0.0335", "3,4 %"),
    ("en", Unit.RATIO, "0.00412", "0.41 %"),
    ("en", Unit.RATIO, "0", "0 %"),
    ("en", Unit.RATIO, "1", "100 %"),
    ("en", Unit.DAYS, "38", "38 days"),
    ("en", Unit.DAYS, "1", "1 day"),
    ("en", Unit.DAYS, "38.6", "39 days"),
    ("en", Unit.DAYS, "2.25", "2.3 days"),
    ("en", Unit.BUSINESS_MINUTES, "0", "0 min"),
    ("en", Unit.BUSINESS_MINUTES, "59.5", "1 h"),
    ("en", Unit.BUSINESS_MINUTES, "112", "1 h 52 min"),
    ("en", Unit.BUSINESS_MINUTES, "1890", "32 h"),
    ("en", Unit.MONEY, "0", "€ 0"),
    ("en", Unit.MONEY, "12.5", "€ 12.50"),
    ("en", Unit.MONEY, "278000.49", "€ 278,000"),
    ("en", Unit.MONEY, "1240000", "€ 1.24 m"),
    ("en", Unit.MONEY, "-8000", "€ \N{MINUS SIGN}8,000"),
]


@pytest.mark.parametrize(("language", "unit", "number", "text"), CASES)
def test_a_figure_is_written_by_its_unit_and_language(language, unit, number, text):
    with translation.override(language):
        found = figures.written(Decimal(number), unit, currency="EUR")

    assert found.replace("\N{NO-BREAK SPACE}", " ") == text


def test_no_value_is_nothing_and_retention_keeps_a_place():
    assert figures.written(None, Unit.RATIO) == ""
    assert figures.written(Decimal("1.024"), Unit.RATIO, fine=True).startswith("102.4")


def test_another_currency_stands_with_its_own_sign():
    said = [figures.money(Decimal(5), code) for code in ("PLN", "RON", "CHF")]
    signs = [text.split("\N{NO-BREAK SPACE}")[0] for text in said]
    assert signs == ["zł", "lei", "CHF"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("2026-W47", "week 47 of 2026"),
        ("2026-11", "November 2026"),
        ("2026-Q4", "quarter 4 of 2026"),
        ("2026", "2026"),
        ("2026-11-21", "21 Nov 2026"),
        ("2026-11-01/2026-11-15", "1 Nov 2026 to 15 Nov 2026"),
        ("FY2026", "1 Jan 2026 to 31 Dec 2026"),
        ("all", "all time"),
    ],
)
def test_a_period_has_a_name(label, name):
    assert figures.period_name(parse(label)) == name


def test_a_week_of_another_year_keeps_its_own():
    week = around(date(2027, 1, 1), Step.WEEK)

    assert figures.period_name(week) == "week 53 of 2026"
    assert figures.period_short(week) == "W53"
