from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from sla.domain.instants import to_instant, to_seconds
from sla.domain.wall_clock import BLOCK, instants_of, local_date, offsets
from tests.sla.domain.calendars import utc

ZONES = [
    "Europe/Bucharest",
    "Europe/Warsaw",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Monrovia",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "UTC",
]


def shown(zone, second):
    return (to_instant(second).astimezone(zone).utcoffset() or timedelta()) // (
        timedelta(seconds=1)
    )


@pytest.mark.parametrize("tz", ZONES)
def test_each_change_of_the_clocks_is_found_to_the_second(tz):
    """From 1890, when zones kept odd local times, to 2040."""
    zone = ZoneInfo(tz)
    for block in range(-73, 64):
        found = offsets(tz, block)
        assert found[0].since <= block * BLOCK < (block + 1) * BLOCK <= found[-1].until
        for before, after in pairwise(found):
            assert before.until == after.since
            assert shown(zone, after.since - 1) == before.seconds != after.seconds
            assert shown(zone, after.since) == after.seconds


def test_no_change_hides_between_two_days():
    """Bucharest since 1980: two changes a year, as the law has it."""
    changes = {
        after.since
        for block in range(9, 60)
        for after in offsets("Europe/Bucharest", block)[1:]
        if utc("1980-01-01 00:00") < to_instant(after.since) < utc("2030-01-01 00:00")
    }

    assert len(changes) == 2 * 50


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2018-02-18 01:59:59", "2018-02-17"),
        # Midnight is 23:00 again.
        ("2018-02-18 02:00", "2018-02-17"),
        ("2018-02-18 02:59:59", "2018-02-17"),
        ("2018-02-18 03:00", "2018-02-18"),
        # Midnight is 01:00.
        ("2017-10-15 02:59:59", "2017-10-14"),
        ("2017-10-15 03:00", "2017-10-15"),
    ],
)
def test_the_date_on_the_wall(moment, day):
    second = to_seconds(utc(moment))

    assert local_date("America/Sao_Paulo", second) == date.fromisoformat(day)


@pytest.mark.parametrize("tz", ZONES)
def test_dates_follow_the_wall_over_a_year(tz):
    zone, start = ZoneInfo(tz), datetime(2011, 1, 1, tzinfo=UTC)
    hours = [start + timedelta(hours=n) for n in range(0, 8800, 5)]

    assert [local_date(tz, to_seconds(hour)) for hour in hours] == [
        hour.astimezone(zone).date() for hour in hours
    ]


def test_a_date_left_out_has_no_instants():
    assert instants_of("Pacific/Apia", date(2011, 12, 30), 0, 1440) == []
