from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.domain.rhythm import Rhythm, other

BUCHAREST = ZoneInfo("Europe/Bucharest")
WARSAW = ZoneInfo("Europe/Warsaw")


def rhythm(**fields):
    values: dict[str, Any] = {
        "weekday": 1,
        "local_time": time(10),
        "zone": BUCHAREST,
        "weeks": 1,
        "first_on": date(2026, 3, 1),
    }
    return Rhythm(**(values | fields))


def starts(rhythm, after, n):
    found = []
    for _ in range(n):
        after = rhythm.next_after(after)
        found.append(after)
    return found


def local(moments, zone=BUCHAREST):
    return [f"{m.astimezone(zone):%Y-%m-%d %H:%M %Z}" for m in moments]


def test_weekly_keeps_the_time_on_the_wall_when_clocks_change():
    found = starts(rhythm(), datetime(2026, 3, 20, tzinfo=UTC), 3)

    assert local(found) == [
        "2026-03-24 10:00 EET",
        "2026-03-31 10:00 EEST",
        "2026-04-07 10:00 EEST",
    ]
    assert found[1] == datetime(2026, 3, 31, 7, tzinfo=UTC)


def test_two_weekly_keeps_its_turn_when_clocks_change():
    found = starts(rhythm(weeks=2), datetime(2026, 10, 12, tzinfo=UTC), 3)

    assert local(found) == [
        "2026-10-13 10:00 EEST",
        "2026-10-27 10:00 EET",
        "2026-11-10 10:00 EET",
    ]


def test_two_weekly_keeps_its_turn_over_a_year_of_53_weeks():
    """2026 has an ISO week 53: counting even weeks would lose the turn."""
    found = starts(rhythm(weeks=2), datetime(2026, 12, 15, tzinfo=UTC), 4)

    assert [m.date().isoformat() for m in found] == [
        "2026-12-22",
        "2027-01-05",
        "2027-01-19",
        "2027-02-02",
    ]


def test_the_first_meeting_is_the_first_such_weekday_on_or_after_the_first_day():
    long_ago = datetime(2025, 1, 1, tzinfo=UTC)
    on_the_day = rhythm(first_on=date(2026, 3, 3), weeks=2)
    day_after = rhythm(first_on=date(2026, 3, 4), weeks=2)

    assert local([on_the_day.next_after(long_ago)]) == ["2026-03-03 10:00 EET"]
    assert local([day_after.next_after(long_ago)]) == ["2026-03-10 10:00 EET"]


def test_next_is_strictly_after():
    start = rhythm().next_after(datetime(2026, 3, 1, tzinfo=UTC))

    assert local([start, rhythm().next_after(start)]) == [
        "2026-03-03 10:00 EET",
        "2026-03-10 10:00 EET",
    ]


def test_a_time_that_clocks_skip_is_later_by_as_much():
    sunday = rhythm(weekday=6, local_time=time(3, 30))

    found = starts(sunday, datetime(2026, 3, 23, tzinfo=UTC), 2)

    assert local(found) == ["2026-03-29 04:30 EEST", "2026-04-05 03:30 EEST"]


def test_of_a_time_that_comes_twice_the_earlier_is_meant():
    sunday = rhythm(weekday=6, local_time=time(2, 30), zone=WARSAW)

    found = sunday.next_after(datetime(2026, 10, 24, 12, tzinfo=UTC))

    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    weekday=st.integers(0, 6),
    weeks=st.sampled_from([1, 2]),
    zone=st.sampled_from(["Europe/Bucharest", "America/Sao_Paulo", "Asia/Kathmandu"]),
    local_time=st.times(),
    after=st.integers(1_420_000_000, 2_050_000_000).map(
        lambda second: datetime.fromtimestamp(second, UTC)
    ),
    first_on=st.integers(0, 7_000).map(lambda n: date(2014, 1, 1) + timedelta(n)),
)
def test_starts_lie_a_whole_number_of_turns_apart(
    weekday, weeks, zone, local_time, after, first_on
):
    """Each local day has the weekday, is not before the first, and none is left out."""
    one = Rhythm(weekday, local_time, ZoneInfo(zone), weeks, first_on)

    found = starts(one, after, 4)

    days = [(m.astimezone(one.zone)).date() for m in found]
    gaps = {(b - a).days for a, b in pairwise(days)}
    assert all(m > after for m in found)
    assert days[0] >= first_on
    # Only a meeting at midnight can be pushed into the next day by clocks that skip it.
    if local_time >= time(2):
        assert {day.weekday() for day in days} == {weekday}
        assert gaps == {7 * weeks}
        assert (days[0] - one.first_day).days % (7 * weeks) == 0


@pytest.mark.parametrize(
    ("side", "next_side"), [("sales", "marketing"), ("marketing", "sales")]
)
def test_the_other_team(side, next_side):
    assert other(side) == next_side
