"""Cases worked out by hand, the reasoning beside each.

2025-09-10 is a Wednesday; Bucharest is UTC+3 in summer, UTC+2 in winter.
"""

import time
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.domain.business_time import (
    Calendar,
    WrongInput,
    breach_at,
    due,
    due_many,
    elapsed,
    elapsed_many,
)
from sla.domain.open_hours import KEPT, open_hours
from tests.sla.domain.calendars import (
    ALL_DAYS,
    KATHMANDU,
    LORD_HOWE_CHANGE,
    LORD_HOWE_DAYS,
    MONDAY_HOUR,
    NY_NIGHTS,
    PL_NIGHTS,
    PL_SPLIT,
    RO_ALWAYS,
    RO_OFFICE,
    SAO_PAULO_DAYS,
    SAO_PAULO_MIDNIGHT,
    form,
    hours,
    utc,
    week,
)

SATURDAY_WORK = {**RO_OFFICE, "special": {"2025-09-13": [["10:00", "14:00"]]}}
HOLIDAY_WORK = {**RO_OFFICE, "special": {"2025-12-01": [["10:00", "12:00"]]}}
OWN_DAY_OFF = {**RO_OFFICE, "special": {"2025-09-11": []}}
NIGHT_SPECIAL = {**PL_NIGHTS, "special": {"2025-09-10": [["12:00", "13:00"]]}}
NIGHT_OFF = {**PL_NIGHTS, "special": {"2025-09-10": []}}
HOLIDAY_NIGHT_WORK = {**PL_NIGHTS, "special": {"2025-12-25": [["20:00", "21:00"]]}}
WHOLE_DAY_FROM_NINE = form("Europe/Bucharest", week(["wed"], ("09:00", "09:00")))

DUE_AND_BREACH = [
    ("inside", RO_OFFICE, "2025-09-10 07:00", hours(0.5), "2025-09-10 07:30", None),
    ("before opening", RO_OFFICE, "2025-09-10 05:00", 3600, "2025-09-10 07:00", None),
    # 10:00 + 8 h is closing: due there, but next morning is not late.
    (
        "ends at closing",
        RO_OFFICE,
        "2025-09-10 07:00",
        hours(8),
        "2025-09-10 15:00",
        "2025-09-11 06:00",
    ),
    (
        "a second over closing",
        RO_OFFICE,
        "2025-09-10 07:00",
        hours(8) + 1,
        "2025-09-11 06:00:01",
        None,
    ),
    # One second on Friday, one on Monday.
    (
        "over the weekend",
        RO_OFFICE,
        "2025-09-12 14:59:59",
        2,
        "2025-09-15 06:00:01",
        None,
    ),
    (
        "nothing, when closed",
        RO_OFFICE,
        "2025-09-12 15:00",
        0,
        "2025-09-12 15:00",
        "2025-09-15 06:00",
    ),
    ("nothing, when open", RO_OFFICE, "2025-09-10 07:00", 0, "2025-09-10 07:00", None),
    # Friday 17:00 to 18:00, then Monday is the National Day, then Tuesday 09:00.
    ("holiday", RO_OFFICE, "2025-11-28 15:00", hours(2), "2025-12-02 08:00", None),
    # Friday still UTC+2, Monday UTC+3.
    ("clock change", RO_OFFICE, "2025-03-28 15:00", 7200, "2025-03-31 07:00", None),
    ("lunch", PL_SPLIT, "2025-09-10 10:20", 1200, "2025-09-10 11:25", None),
    (
        "ends at lunch",
        PL_SPLIT,
        "2025-09-10 10:20",
        600,
        "2025-09-10 10:30",
        "2025-09-10 11:15",
    ),
    # Friday 16:45 to 17:00, Saturday off, Sunday from 10:00 at UTC+5:45.
    ("Sunday week", KATHMANDU, "2025-09-12 11:00", 1800, "2025-09-14 04:30", None),
    # 22:00 to midnight, then Christmas is closed, tail and evening; the tail of the
    # shift that would have begun on it is open on the 26th from midnight (23:00 UTC).
    (
        "holiday at night",
        PL_NIGHTS,
        "2025-12-24 21:00",
        hours(3),
        "2025-12-26 00:00",
        None,
    ),
    (
        "Saturday",
        SATURDAY_WORK,
        "2025-09-12 15:00",
        3600,
        "2025-09-13 08:00",
        None,
    ),
    (
        "work on a holiday",
        HOLIDAY_WORK,
        "2025-11-28 16:00",
        hours(2),
        "2025-12-01 10:00",
        "2025-12-02 07:00",
    ),
    ("own day off", OWN_DAY_OFF, "2025-09-10 15:00", 60, "2025-09-12 06:01", None),
    # Hours are worked out in blocks of 400 days; one ends on Saturday, 2025-11-08.
    (
        "ends with a block",
        RO_OFFICE,
        "2025-11-07 15:00",
        3600,
        "2025-11-07 16:00",
        "2025-11-10 07:00",
    ),
    ("over a block", RO_ALWAYS, "2025-11-07 23:00", 3600, "2025-11-08 00:00", None),
    ("block at night", PL_NIGHTS, "2025-11-07 23:00", 7200, "2025-11-08 01:00", None),
    # 500 Mondays: from 2025-09-15 to the one 499 weeks later, 2035-04-09.
    (
        "an hour a week",
        MONDAY_HOUR,
        "2025-09-10 07:00",
        hours(500),
        "2035-04-09 08:00",
        "2035-04-16 07:00",
    ),
]


@pytest.mark.parametrize(
    ("written", "start", "target", "due_at", "breached_after"),
    [pytest.param(*case, id=name) for name, *case in DUE_AND_BREACH],
)
def test_due_and_breach(written, start, target, due_at, breached_after):
    calendar, start = Calendar.from_dict(written), utc(start)
    expected = (utc(due_at), utc(breached_after or due_at))

    assert due(calendar, start, target) == expected[0]
    assert breach_at(calendar, start, target) == expected[1]
    assert due_many(calendar, [start], target) == [expected]


PAUSED = [
    ("delays", [("07:30", "08:30")], "09:00", "09:00"),
    ("begins when due", [("08:00", "09:00")], "08:00", "09:00"),
    ("begins a second before due", [("07:59:59", "09:00")], "09:00:01", "09:00:01"),
    ("over, before the start", [("05:00", "06:30")], "08:00", "08:00"),
    ("around the start", [("05:00", "07:15")], "08:15", "08:15"),
    ("overlapping", [("07:20", "07:40"), ("07:10", "07:30")], "08:30", "08:30"),
    ("inside another", [("07:10", "07:40"), ("07:20", "07:30")], "08:30", "08:30"),
    ("without length", [("07:10", "07:10")], "08:00", "08:00"),
    ("still lasting", [("07:30", None)], None, None),
    ("lasting from when due", [("08:00", None)], "08:00", None),
    ("lasting from before", [("05:00", None)], None, None),
    ("lasting after due", [("08:00:01", None)], "08:00", "08:00"),
    ("at night", [("16:00", "20:00")], "08:00", "08:00"),
]


@pytest.mark.parametrize(
    ("pauses", "due_at", "breached_after"),
    [pytest.param(*case, id=name) for name, *case in PAUSED],
)
def test_pauses_move_an_hour_from_ten(pauses, due_at, breached_after):
    def at(clock):
        return None if clock is None else utc(f"2025-09-10 {clock}")

    calendar, start = Calendar.from_dict(RO_OFFICE), utc("2025-09-10 07:00")
    pauses = [(at(since), at(until)) for since, until in pauses]

    assert due(calendar, start, 3600, pauses) == at(due_at)
    assert breach_at(calendar, start, 3600, pauses) == at(breached_after)


def test_pause_over_closing_lets_it_breach_at_the_next_opening():
    calendar, start = Calendar.from_dict(RO_OFFICE), utc("2025-09-10 14:00")
    pauses = [(utc("2025-09-10 14:30"), utc("2025-09-10 20:00"))]

    assert due(calendar, start, 1800, pauses) == utc("2025-09-10 14:30")
    assert breach_at(calendar, start, 1800, pauses) == utc("2025-09-11 06:00")


def test_nothing_is_due_at_once_even_in_a_pause():
    calendar, start = Calendar.from_dict(RO_OFFICE), utc("2025-09-10 07:00")
    pauses = [(utc("2025-09-10 06:00"), None)]

    assert due(calendar, start, 0, pauses) == start
    assert breach_at(calendar, start, 0, pauses) is None


ELAPSED = [
    ("a day", RO_OFFICE, "2025-09-10 00:00", "2025-09-11 00:00", hours(9)),
    ("a week", RO_OFFICE, "2025-09-07 21:00", "2025-09-14 21:00", hours(45)),
    ("backwards", RO_OFFICE, "2025-09-10 12:00", "2025-09-10 08:00", 0),
    ("nothing", RO_OFFICE, "2025-09-10 08:00", "2025-09-10 08:00", 0),
    ("overlap once", PL_SPLIT, "2025-09-10 00:00", "2025-09-11 00:00", hours(8.25)),
    # Local days of 23 and 25 hours.
    ("23 hours", RO_ALWAYS, "2025-03-29 22:00", "2025-03-30 21:00", hours(23)),
    ("25 hours", RO_ALWAYS, "2025-10-25 21:00", "2025-10-26 22:00", hours(25)),
    # 22:00 to 06:00 over the change at 02:00: 7 and 9 hours.
    ("short night", NY_NIGHTS, "2025-03-09 00:00", "2025-03-09 20:00", hours(7)),
    ("long night", NY_NIGHTS, "2025-11-02 00:00", "2025-11-02 20:00", hours(9)),
    # Clocks change by half an hour: 02:00 is 02:30; 02:00 is 01:30 again.
    ("23.5 h", LORD_HOWE_DAYS, "2025-10-04 13:30", "2025-10-05 13:00", hours(23.5)),
    ("skipped", LORD_HOWE_CHANGE, "2025-10-04 00:00", "2025-10-06 00:00", 15 * 60),
    ("repeated", LORD_HOWE_CHANGE, "2025-04-05 00:00", "2025-04-07 00:00", 45 * 60),
    ("neither", LORD_HOWE_CHANGE, "2025-09-13 00:00", "2025-09-15 00:00", 30 * 60),
    # Midnight is 01:00: the first hour of Sunday does not exist.
    ("no midnight", SAO_PAULO_DAYS, "2017-10-15 03:00", "2017-10-16 02:00", hours(23)),
    ("no hour", SAO_PAULO_MIDNIGHT, "2017-10-15 03:00", "2017-10-16 12:00", 0),
    # Midnight is 23:00 again: Saturday's last hour twice, then Sunday's first.
    ("twice", SAO_PAULO_MIDNIGHT, "2018-02-18 00:00", "2018-02-18 12:00", hours(3)),
    # 09:00 to 09:00 is a day and a night.
    ("24 h", WHOLE_DAY_FROM_NINE, "2025-09-08 00:00", "2025-09-15 00:00", hours(24)),
    # Tail until 06:00, noon to 13:00 in place of the evening; no tail after it.
    ("special", NIGHT_SPECIAL, "2025-09-09 22:00", "2025-09-11 19:00", hours(7)),
    # Closed from midnight to midnight; no shift begins, so no tail either.
    ("night off", NIGHT_OFF, "2025-09-09 22:00", "2025-09-11 19:00", 0),
    # Special beats the holiday: Eve's tail 6 h, 20:00 to 21:00, no tail after it.
    ("both", HOLIDAY_NIGHT_WORK, "2025-12-24 23:00", "2025-12-26 12:00", hours(7)),
    ("a century", RO_ALWAYS, "1950-01-01 00:00", "2050-01-01 00:00", 36525 * 86400),
]


@pytest.mark.parametrize(
    ("written", "start", "end", "seconds"),
    [pytest.param(*case, id=name) for name, *case in ELAPSED],
)
def test_elapsed(written, start, end, seconds):
    calendar, start, end = Calendar.from_dict(written), utc(start), utc(end)

    assert elapsed(calendar, start, end) == seconds
    assert elapsed_many(calendar, [(start, end)]) == [seconds]


def test_a_century_is_counted_without_keeping_it():
    calendar = Calendar.from_dict({**RO_ALWAYS, "holidays": ["1999-12-31"]})
    start, end = utc("1950-01-01 00:00"), utc("2050-01-01 00:00")

    for _ in range(2):
        assert elapsed(calendar, start, end) == 36524 * 86400
        assert 0 < len(vars(open_hours(calendar))["_blocks"]) <= KEPT


def test_repeated_minutes_are_open_in_both_passes():
    """Lord Howe, 02:00 is 01:30 again: 01:45 to 02:15 is open in two pieces."""
    calendar = Calendar.from_dict(LORD_HOWE_CHANGE)
    minutes = [utc("2025-04-05 14:30") + timedelta(minutes=n) for n in range(90)]

    counted = [m for m in minutes if elapsed(calendar, m, m + timedelta(minutes=1))]

    assert counted == [*minutes[15:30], *minutes[45:75]]


def test_a_date_the_zone_left_out_closes_nothing():
    """Samoa went from 29 to 31 December 2011."""
    always = week(ALL_DAYS, ("00:00", "24:00"))
    calendar = Calendar.from_dict(form("Pacific/Apia", always, ["2011-12-30"]))

    assert elapsed(calendar, utc("2011-12-29 10:00"), utc("2011-12-31 10:00")) == hours(
        48
    )


def test_moments_in_any_zone_mean_their_instant():
    calendar = Calendar.from_dict(RO_OFFICE)
    warsaw = datetime(2025, 9, 10, 9, 0, tzinfo=ZoneInfo("Europe/Warsaw"))

    due_at = due(calendar, warsaw, 3600)

    assert (due_at, due_at and due_at.tzinfo) == (utc("2025-09-10 08:00"), UTC)


def test_both_passes_of_a_repeated_hour_are_told_apart():
    calendar, zone = Calendar.from_dict(RO_ALWAYS), ZoneInfo("Europe/Bucharest")
    first = datetime(2025, 10, 26, 3, 30, tzinfo=zone)

    assert elapsed(calendar, first, first.replace(fold=1)) == 3600


def test_a_moment_inside_a_second_counts_as_its_end():
    calendar, start = Calendar.from_dict(RO_OFFICE), utc("2025-09-10 07:00:00.25")

    assert due(calendar, start, 60) == utc("2025-09-10 07:01:01")
    assert due(calendar, start, 0) == utc("2025-09-10 07:00:01")
    assert elapsed(calendar, start, utc("2025-09-10 07:00:01")) == 0
    assert elapsed(calendar, start, utc("2025-09-10 07:00:01.1")) == 1


def test_time_used_by_earlier_owners_is_gone():
    calendar, start = Calendar.from_dict(RO_OFFICE), utc("2025-09-10 14:30")

    assert due(calendar, start, 3600, used=2400) == utc("2025-09-10 14:50")
    assert breach_at(calendar, start, 3600, used=1800) == utc("2025-09-11 06:00")
    assert due(calendar, start, 3600, used=3600) == start
    assert due(calendar, start, 3600, used=9999) == start


def test_a_breach_before_the_hand_over_is_not_moved():
    calendar = Calendar.from_dict(RO_OFFICE)

    with pytest.raises(WrongInput, match="used: is 1 s above the target"):
        breach_at(calendar, utc("2025-09-10 07:00"), 3600, used=3601)


@pytest.mark.parametrize("seconds", [-1, 1.0, "60", None])
def test_targets_are_whole_seconds(seconds):
    calendar, start = Calendar.from_dict(RO_OFFICE), utc("2025-09-10 07:00")

    for call in (due, breach_at):
        with pytest.raises(WrongInput, match=r"target_seconds: .* is no number"):
            call(calendar, start, seconds)
    with pytest.raises(WrongInput, match="target_seconds"):
        due_many(calendar, [start], seconds)
    with pytest.raises(WrongInput, match="used"):
        due(calendar, start, 60, used=seconds)


def test_moments_need_a_zone():
    calendar, start = Calendar.from_dict(RO_OFFICE), utc("2025-09-10 07:00")
    naive = start.replace(tzinfo=None)
    wrongs: list[Any] = [naive, date(2025, 9, 10), "2025-09-10T07:00Z", None]

    for wrong in wrongs:
        with pytest.raises(WrongInput, match="Give a datetime with time zone"):
            due(calendar, wrong, 60)
        with pytest.raises(WrongInput, match="Give a datetime with time zone"):
            elapsed_many(calendar, [(start, wrong)])


def test_a_pause_that_ends_before_it_begins_is_named():
    calendar, start = Calendar.from_dict(RO_OFFICE), utc("2025-09-10 07:00")
    good = (start, start + timedelta(hours=1))

    with pytest.raises(WrongInput, match=r"^pauses\[1\]: ends before it begins"):
        elapsed(calendar, start, start, [good, good[::-1]])


def test_a_target_of_centuries_is_a_mistake():
    calendar = Calendar.from_dict(MONDAY_HOUR)

    with pytest.raises(WrongInput, match="target_seconds: is not reached in 400 years"):
        due(calendar, utc("2025-09-10 07:00"), hours(30_000))
    with pytest.raises(WrongInput, match="target_seconds"):
        due(calendar, utc("9990-01-01 00:00"), hours(2_000))


def test_the_first_and_the_last_years_work():
    """A program that writes an empty date as year 1 must not sink a load."""
    calendar = Calendar.from_dict(RO_OFFICE)
    first, last = utc("0001-01-01 00:00"), utc("9999-12-31 23:59:59")

    # The first of January of the year 1 was a Monday, in Bucharest's local mean time.
    assert elapsed(calendar, first, first + timedelta(days=7)) == hours(45)
    assert elapsed(calendar, last - timedelta(days=1), last) == hours(9)


def test_long_searches_do_not_step_through_time():
    starts = random_starts(20_000)
    calendar = Calendar.from_dict({**RO_OFFICE, "note": "not seen before"})
    began = time.process_time()

    due_many(calendar, starts, hours(1000))
    elapsed_many(calendar, [(start, starts[0]) for start in starts])

    assert time.process_time() - began < 3


def test_the_batch_keeps_the_order_given():
    calendar, starts = Calendar.from_dict(PL_NIGHTS), random_starts(300)

    assert due_many(calendar, starts, hours(3)) == [
        (due(calendar, start, hours(3)), breach_at(calendar, start, hours(3)))
        for start in starts
    ]
    assert elapsed_many(calendar, [(start, starts[0]) for start in starts]) == [
        elapsed(calendar, start, starts[0]) for start in starts
    ]


def random_starts(number):
    seeded, first = Random(7), utc("2024-01-01 00:00")
    return [
        first + timedelta(seconds=seeded.randrange(2 * 366 * 86400))
        for _ in range(number)
    ]
