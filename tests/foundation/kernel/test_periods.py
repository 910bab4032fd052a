import itertools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.kernel import periods
from foundation.kernel.periods import BadPeriod, Period, Step

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018-01-05", date(2018, 1, 5), date(2018, 1, 5)),
        ("2018-W05", date(2018, 1, 29), date(2018, 2, 4)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2018-02", date(2018, 2, 1), date(2018, 2, 28)),
        ("2018-Q4", date(2018, 10, 1), date(2018, 12, 31)),
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("FY2018", date(2018, 7, 1), date(2019, 6, 30)),
        ("FY2018-Q3", date(2019, 1, 1), date(2019, 3, 31)),
        ("2018-01-15/2018-03-31", date(2018, 1, 15), date(2018, 3, 31)),
    ],
)
def test_forms_of_periods(text, first, last):
    period = periods.parse(text, fiscal_start=7)

    assert (period.first, period.last, period.label) == (first, last, text)


@pytest.mark.parametrize(
    "text", ["", "2018-13", "2018-Q5", "2019-W53", "2018-02-30", "2/1", "x", "2018-2"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(BadPeriod, match="is not a period"):
        periods.parse(text)


def test_a_range_does_not_run_backwards():
    with pytest.raises(BadPeriod):
        periods.parse("2018-03-31/2018-01-15")


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("America/Sao_Paulo", date(2017, 10, 15), "2017-10-15T03:00"),
        ("America/Toronto", date(1919, 3, 31), "1919-03-31T04:30"),
        ("Europe/Bucharest", date(2026, 3, 29), "2026-03-28T22:00"),
        ("America/Havana", date(2025, 11, 2), "2025-11-02T04:00"),
    ],
)
def test_a_day_begins_at_its_first_existing_moment(zone, day, start):
    assert periods.start_of(day, ZoneInfo(zone)) == datetime.fromisoformat(f"{start}Z")


@given(
    st.dates(date(1990, 1, 1), date(2035, 1, 1)),
    st.sampled_from(
        ["America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Australia/Lord_Howe"]
    ),
)
def test_one_second_earlier_is_the_day_before(day, name):
    zone = ZoneInfo(name)
    start = periods.start_of(day, zone)

    assert periods.day_of(start, zone) == day
    assert periods.day_of(start - timedelta(seconds=1), zone) < day


@given(
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(1, 800),
    st.sampled_from(Step),
)
def test_cutting_a_range_loses_and_doubles_nothing(first, days, step):
    whole = Period(first, first + days * DAY, "x")

    parts = list(periods.cut(whole, step))

    assert parts[0].first == whole.first
    assert parts[-1].end == whole.end
    assert all(a.end == b.first for a, b in itertools.pairwise(parts))
    for part in parts:
        again = periods.parse(part.label)
        assert (again.first, again.end) == (part.first, part.end)
