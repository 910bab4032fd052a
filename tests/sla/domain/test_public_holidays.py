"""Dates as the design's checklists §5 give them for Romania and Poland in 2026."""

from datetime import date

import pytest

from sla.domain.business_time import Calendar, WrongInput, elapsed
from sla.domain.public_holidays import public_holidays
from tests.sla.domain.calendars import RO_OFFICE, hours, utc

RO_2026 = ["01-01", "01-02", "01-06", "01-07", "01-24", "04-10", "04-12", "04-13"]
RO_2026 += ["05-01", "05-31", "06-01", "08-15", "11-30", "12-01", "12-25", "12-26"]
PL_2026 = ["01-01", "01-06", "04-05", "04-06", "05-01", "05-03", "05-24"]
PL_2026 += ["06-04", "08-15", "11-01", "11-11", "12-24", "12-25", "12-26"]


@pytest.mark.parametrize(("country", "days"), [("RO", RO_2026), ("PL", PL_2026)])
def test_the_days_of_a_year_in_order(country, days):
    found = public_holidays(country, [2026], "en_US")

    assert list(found) == [date.fromisoformat(f"2026-{day}") for day in days]


def test_christmas_eve_is_free_in_poland_since_2025():
    eves = [date(year, 12, 24) for year in (2023, 2024, 2025, 2026)]
    found = public_holidays("PL", range(2023, 2027))

    assert [eve in found for eve in eves] == [False, False, True, True]


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("RO", "ro", "Ziua Muncii"),
        ("RO", "en", "Labor Day"),
        ("RO", "en_US", "Labor Day"),
        ("RO", "pl", "Labor Day"),
        ("PL", "pl", "Święto Państwowe"),
        ("PL", "ro", "National Day"),
        ("BR", "pt-BR", "Dia do Trabalhador"),
        ("BR", "pt", "Dia do Trabalhador"),
        ("BW", "ro", "Labour Day"),  # a list in one language only
    ],
)
def test_names_in_the_language_asked_for_or_in_english(country, language, name):
    assert public_holidays(country, [2026], language)[date(2026, 5, 1)] == name


def test_years_in_any_order_and_twice():
    assert public_holidays("RO", [2026, 2025, 2026]) == {
        **public_holidays("RO", [2025]),
        **public_holidays("RO", [2026]),
    }
    assert public_holidays("RO", []) == {}


@pytest.mark.parametrize("country", ["XX", "ro", ""])
def test_an_unknown_country_is_refused(country):
    with pytest.raises(WrongInput, match=f"^country: '{country}' is not known. Use"):
        public_holidays(country, [2026])


def test_they_close_a_calendar():
    """Orthodox Good Friday and Easter Monday of 2026: 10 and 13 April."""
    names = {
        day.isoformat(): name for day, name in public_holidays("RO", [2026]).items()
    }
    calendar = Calendar.from_dict(
        {**RO_OFFICE, "holidays": list(names), "holiday_names": names}
    )

    assert elapsed(calendar, utc("2026-04-05 21:00"), utc("2026-04-19 21:00")) == hours(
        9 * (10 - 2)
    )
