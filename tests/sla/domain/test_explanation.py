from datetime import date

import pytest

from sla.domain.business_time import Calendar, Cause, elapsed, explain, intervals
from tests.sla.domain.calendars import (
    PL_NIGHTS,
    PL_SPLIT,
    RO_OFFICE,
    SAO_PAULO_MIDNIGHT,
    form,
    utc,
)


def told(stretches):
    return [
        (
            f"{s.starts_at:%m-%d %H:%M}",
            f"{s.ends_at:%m-%d %H:%M}",
            s.day.isoformat(),
            s.cause.value,
            s.name,
        )
        for s in stretches
    ]


def test_a_long_weekend_is_explained_to_its_reader():
    """Friday 16:00 in Bucharest to Tuesday 10:00, Monday being the National Day."""
    calendar = Calendar.from_dict(RO_OFFICE)
    start, end = utc("2025-11-28 14:00"), utc("2025-12-02 08:00")
    pauses = [(utc("2025-11-28 15:00"), utc("2025-11-28 18:00"))]

    assert told(explain(calendar, start, end, iter(pauses))) == [
        ("11-28 14:00", "11-28 15:00", "2025-11-28", "open", ""),
        ("11-28 15:00", "11-28 16:00", "2025-11-28", "pause", ""),
        ("11-28 16:00", "11-28 22:00", "2025-11-28", "off_hours", ""),
        ("11-28 22:00", "11-29 22:00", "2025-11-29", "weekend", ""),
        ("11-29 22:00", "11-30 22:00", "2025-11-30", "weekend", ""),
        ("11-30 22:00", "12-01 22:00", "2025-12-01", "holiday", "National Day"),
        ("12-01 22:00", "12-02 07:00", "2025-12-02", "off_hours", ""),
        ("12-02 07:00", "12-02 08:00", "2025-12-02", "open", ""),
    ]
    assert told(intervals(calendar, start, end, iter(pauses))) == [
        ("11-28 14:00", "11-28 15:00", "2025-11-28", "open", ""),
        ("12-02 07:00", "12-02 08:00", "2025-12-02", "open", ""),
    ]


def test_pauses_cut_open_time_into_what_counted_and_what_did_not():
    calendar = Calendar.from_dict(PL_SPLIT)
    pauses = [
        (utc("2025-09-10 08:00"), utc("2025-09-10 08:30")),
        (utc("2025-09-10 08:30"), utc("2025-09-10 09:00")),
        (utc("2025-09-10 11:30"), None),
    ]

    found = explain(
        calendar, utc("2025-09-10 07:00"), utc("2025-09-10 12:00"), iter(pauses)
    )

    assert told(found) == [
        ("09-10 07:00", "09-10 08:00", "2025-09-10", "open", ""),
        ("09-10 08:00", "09-10 09:00", "2025-09-10", "pause", ""),
        ("09-10 09:00", "09-10 10:30", "2025-09-10", "open", ""),
        ("09-10 10:30", "09-10 11:15", "2025-09-10", "off_hours", ""),
        ("09-10 11:15", "09-10 11:30", "2025-09-10", "open", ""),
        ("09-10 11:30", "09-10 12:00", "2025-09-10", "pause", ""),
    ]


def test_a_shift_over_midnight_is_told_by_local_date():
    """A holiday without a name closes it, on its own date only."""
    calendar = Calendar.from_dict(PL_NIGHTS)

    found = explain(calendar, utc("2025-12-24 21:00"), utc("2025-12-26 06:00"))

    assert told(found) == [
        ("12-24 21:00", "12-24 23:00", "2025-12-24", "open", ""),
        ("12-24 23:00", "12-25 23:00", "2025-12-25", "holiday", ""),
        ("12-25 23:00", "12-26 05:00", "2025-12-26", "open", ""),
        ("12-26 05:00", "12-26 06:00", "2025-12-26", "off_hours", ""),
    ]


def test_own_days_off_and_special_days():
    special = {"2025-09-11": [], "2025-09-13": [["10:00", "14:00"]]}
    calendar = Calendar.from_dict({**RO_OFFICE, "special": special})

    found = explain(calendar, utc("2025-09-10 21:00"), utc("2025-09-13 21:00"))

    assert [(s.day.day, s.cause) for s in found] == [
        (11, Cause.DAY_OFF),
        (12, Cause.OFF_HOURS),
        (12, Cause.OPEN),
        (12, Cause.OFF_HOURS),
        (13, Cause.OFF_HOURS),
        (13, Cause.OPEN),
        (13, Cause.OFF_HOURS),
    ]


def test_a_date_that_comes_twice_is_told_in_order_of_time():
    """São Paulo, 2018-02-18 00:00 is 2018-02-17 23:00 again, at 02:00 UTC."""
    calendar = Calendar.from_dict(SAO_PAULO_MIDNIGHT)
    start, end = utc("2018-02-18 00:30"), utc("2018-02-18 05:00")

    found = explain(calendar, start, end)

    assert told(found) == [
        ("02-18 00:30", "02-18 01:00", "2018-02-17", "off_hours", ""),
        ("02-18 01:00", "02-18 02:00", "2018-02-17", "open", ""),
        ("02-18 02:00", "02-18 03:00", "2018-02-17", "open", ""),
        ("02-18 03:00", "02-18 04:00", "2018-02-18", "open", ""),
        ("02-18 04:00", "02-18 05:00", "2018-02-18", "off_hours", ""),
    ]
    assert sum(stretch.seconds for stretch in intervals(calendar, start, end)) == 10800


def test_a_date_that_began_before_the_eve_ended_is_told_in_order_of_time():
    """Newfoundland, Sunday 2010-11-07 00:01 is Saturday 23:01 again, at 02:31 UTC."""
    calendar = Calendar.from_dict(
        form("America/St_Johns", {"sat": [["23:10", "24:00"]]}, ["2010-11-07"])
    )

    def parts(start, end):
        found = explain(calendar, utc(f"2010-11-07 {start}"), utc(f"2010-11-07 {end}"))
        return [(f"{s.starts_at:%H:%M}", f"{s.day:%a}", s.cause.value) for s in found]

    first = [("02:20", "Sat", "open"), ("02:30", "Sun", "holiday")]
    again = [("02:31", "Sat", "off_hours"), ("02:40", "Sat", "open")]
    assert parts("02:20", "02:45") == [*first, *again]
    assert parts("02:30", "02:31") == [first[1]]
    assert parts("02:30", "02:45") == [first[1], *again]
    assert parts("02:31", "03:31") == [*again, ("03:30", "Sun", "holiday")]


def test_a_holiday_that_is_worked_shows_no_name():
    special = {"2025-12-01": [["10:00", "12:00"]]}
    calendar = Calendar.from_dict({**RO_OFFICE, "special": special})

    found = explain(calendar, utc("2025-12-01 07:00"), utc("2025-12-01 09:00"))

    assert told(found) == [
        ("12-01 07:00", "12-01 08:00", "2025-12-01", "off_hours", ""),
        ("12-01 08:00", "12-01 09:00", "2025-12-01", "open", ""),
    ]


@pytest.mark.parametrize("end", ["2025-09-10 08:00", "2025-09-10 07:00"])
def test_no_time_needs_no_explanation(end):
    calendar = Calendar.from_dict(RO_OFFICE)

    assert explain(calendar, utc("2025-09-10 08:00"), utc(end)) == []


def test_stretches_of_a_year_add_up():
    calendar = Calendar.from_dict(RO_OFFICE)
    start, end = utc("2025-01-05 11:11:11"), utc("2026-01-05 10:10:10")
    found = explain(calendar, start, end)

    counted = sum(s.seconds for s in found if s.cause is Cause.OPEN)

    assert counted == elapsed(calendar, start, end)
    assert sum(s.seconds for s in found) == (end - start).total_seconds()
    assert {s.day for s in found if s.cause is Cause.HOLIDAY} == {
        date(2025, 12, 1),
        date(2025, 12, 25),
        date(2025, 12, 26),
        date(2026, 1, 1),
        date(2026, 1, 2),
    }
