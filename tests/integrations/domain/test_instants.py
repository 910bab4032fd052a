from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.domain.problems import BadValue
from integrations.domain.values import Reading, day_reader, moment_reader

BUCHAREST = Reading(zone=ZoneInfo("Europe/Bucharest"))
SAO_PAULO = Reading(zone=ZoneInfo("America/Sao_Paulo"))
ZONES = [
    *("Europe/Bucharest", "Europe/Warsaw", "America/Sao_Paulo", "America/Havana"),
    *("Asia/Tehran", "Pacific/Apia", "Africa/Cairo", "Australia/Lord_Howe", "UTC"),
]


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-05", "2024-03-04 22:00"),
        ("2024-03-05 14:30", "2024-03-05 12:30"),
        ("2024-03-05 14:30:15", "2024-03-05 12:30:15"),
        ("2024-03-05T14:30:15.250", "2024-03-05 12:30:15.250"),
        ("2024-03-05T14:30:15Z", "2024-03-05 14:30:15"),
        ("2024-03-05T14:30:15+05:30", "2024-03-05 09:00:15"),
        ("2024-03-05 14:30:15+00", "2024-03-05 14:30:15"),
        ("2024-03-05 14:30:15 -0300", "2024-03-05 17:30:15"),
        ("2024-03-05 14:30 UTC", "2024-03-05 14:30"),
        ("20240305", "2024-03-04 22:00"),
        ("20240305T143000", "2024-03-05 12:30"),
        ("2024-W10-2", "2024-03-04 22:00"),
        ("2024-3-5", "2024-03-04 22:00"),
        ("2024-3-5 9:05", "2024-03-05 07:05"),
        ("2024/03/05", "2024-03-04 22:00"),
        ("2024.03.05 14:30", "2024-03-05 12:30"),
        ("05.03.2024", "2024-03-04 22:00"),
        ("5.3.2024 9:05", "2024-03-05 07:05"),
        ("05.03.2024 14:30:15", "2024-03-05 12:30:15"),
        ("05.03.2024, 14:30", "2024-03-05 12:30"),
        ("05-03-2024 14:30", "2024-03-05 12:30"),
        ("15.07.2024 14:30", "2024-07-15 11:30"),
    ],
)
def test_moments_of_many_forms(text, moment):
    assert moment_reader(BUCHAREST)(text) == utc(moment)


def test_slashes_mean_what_the_file_says():
    day_first = Reading(zone=BUCHAREST.zone, slashes="day")
    month_first = Reading(zone=BUCHAREST.zone, slashes="month")

    assert day_reader(day_first)("05/03/2024") == date(2024, 3, 5)
    assert day_reader(month_first)("05/03/2024") == date(2024, 5, 3)
    assert moment_reader(month_first)("5/3/2024 14:30") == utc("2024-05-03 11:30")
    assert day_reader(month_first)("05.03.2024") == date(2024, 3, 5)


def test_a_bare_date_is_the_first_existing_instant_of_its_day():
    """Midnight of 15 October 2017 does not exist in São Paulo."""
    read = moment_reader(SAO_PAULO)

    assert read("2017-10-15") == utc("2017-10-15 03:00")
    assert read("2017-10-15").astimezone(SAO_PAULO.zone).hour == 1
    assert read("2018-02-18") == utc("2018-02-18 03:00")


def test_a_day_that_was_left_out_is_where_the_next_begins():
    apia = moment_reader(Reading(zone=ZoneInfo("Pacific/Apia")))

    assert apia("2011-12-30") == apia("2011-12-31") == utc("2011-12-30 10:00")


def test_a_time_the_clocks_skipped_moves_forward_by_the_gap():
    read = moment_reader(BUCHAREST)

    assert read("2024-03-31 03:30") == read("2024-03-31 04:30")
    assert moment_reader(SAO_PAULO)("2017-10-15 00:00:00") == utc("2017-10-15 03:00")


def test_a_time_the_clocks_showed_twice_is_the_first():
    assert moment_reader(BUCHAREST)("2024-10-27 03:30") == utc("2024-10-27 00:30")


@settings(max_examples=150, deadline=None)
@given(
    day=st.dates(date(1970, 1, 2), date(2037, 12, 30)),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
def test_a_bare_date_against_a_walk_through_the_day(day, zone):
    """The slow reference: every quarter of an hour from a day before, in UTC."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    walk = (start + timedelta(minutes=15) * step for step in range(4 * 72))
    first = next(moment for moment in walk if moment.astimezone(zone).date() >= day)

    assert moment_reader(Reading(zone=zone))(day.isoformat()) == first


@settings(max_examples=150, deadline=None)
@given(
    moment=st.datetimes(datetime(1970, 1, 2), datetime(2037, 12, 30)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
def test_what_a_clock_showed_is_read_back(moment, zone):
    shown = moment.replace(tzinfo=UTC, microsecond=0).astimezone(zone)
    local = shown.replace(tzinfo=None, fold=0)

    read = moment_reader(Reading(zone=zone))(local.isoformat(sep=" "))

    assert read == shown.replace(fold=0)
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("2024-03-05 00:00:00", date(2024, 3, 5)),
        ("2024-03-05T22:30:00Z", date(2024, 3, 6)),
        ("05.03.2024", date(2024, 3, 5)),
        ("2017-10-15", date(2017, 10, 15)),
    ],
)
def test_days(text, day):
    assert day_reader(BUCHAREST)(text) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("yesterday", "not_a_moment"),
        ("2024-02-30", "not_a_moment"),
        ("31.02.2024", "not_a_moment"),
        ("2024-03-05 25:00", "not_a_moment"),
        ("05.03.24", "not_a_moment"),
        ("2024", "not_a_moment"),
        ("45356", "not_a_moment"),
        ("14:30", "not_a_moment"),
        ("5.3/2024", "not_a_moment"),
        ("05/03/2024", "ambiguous_date"),
        ("25/03/2024 10:00", "ambiguous_date"),
        ("0001-01-01", "date_out_of_range"),
        ("1899-12-31", "date_out_of_range"),
        ("2200-01-01", "date_out_of_range"),
        ("9999-12-31T23:59:59-10:00", "date_out_of_range"),
        ("\u0662\u0660\u0662\u0664-\u0660\u0663-\u0660\u0665", "not_a_moment"),
    ],
)
def test_what_is_no_moment(text, code):
    for reader in (moment_reader, day_reader):
        with pytest.raises(BadValue) as refused:
            reader(BUCHAREST)(text)
        assert (refused.value.code, refused.value.params) == (code, {"text": text})
