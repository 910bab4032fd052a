import json
import pickle
from datetime import date
from typing import Any

import pytest

from sla.domain.business_time import Calendar, NeverOpens, WrongInput, elapsed
from sla.domain.errors import BusinessTimeError
from sla.domain.open_hours import open_hours
from sla.domain.spans import Span
from tests.sla.domain.calendars import REAL, RO_OFFICE, form, hours, utc, week

MINIMAL = {"tz": "Europe/Bucharest", "weekly": {"mon": [["09:00", "17:00"]]}}
FULL: dict[str, Any] = {
    "tz": "Europe/Warsaw",
    "weekly": {
        "mon": [["08:30", "12:30"], ["13:15", "17:30"]],
        "tue": [["00:00", "24:00"]],
        "wed": [["22:00", "06:00"]],
        "thu": [["09:00", "09:00"]],
        "fri": [["22:00", "00:00"]],
        **week(["sat", "sun"]),
    },
    "holidays": ["2025-11-11", "2025-12-24"],
    "special": {"2025-09-13": [["10:00", "14:00"]], "2025-09-16": []},
    "holiday_names": {"2025-11-11": "Niepodległości"},
    "note": "two shifts",
}


def test_from_dict_reads_minutes_after_midnight():
    calendar = Calendar.from_dict(FULL)

    assert calendar == Calendar(
        tz="Europe/Warsaw",
        weekly=(
            (Span(510, 750), Span(795, 1050)),
            (Span(0, 1440),),
            (Span(1320, 1800),),
            (Span(540, 1980),),
            (Span(1320, 1440),),
            (),
            (),
        ),
        holidays=frozenset({date(2025, 11, 11), date(2025, 12, 24)}),
        special=((date(2025, 9, 13), (Span(600, 840),)), (date(2025, 9, 16), ())),
    )
    assert calendar.holiday_names == {date(2025, 11, 11): "Niepodległości"}
    assert calendar.note == "two shifts"


def test_to_dict_writes_what_from_dict_reads():
    written = Calendar.from_dict(FULL).to_dict()

    # 22:00 to 00:00 ends the day: the same interval, written plainly.
    assert written == {
        **FULL,
        "weekly": {**FULL["weekly"], "fri": [["22:00", "24:00"]]},
    }
    assert Calendar.from_dict(json.loads(json.dumps(written))).to_dict() == written


def test_to_dict_leaves_out_what_is_empty_and_optional():
    assert Calendar.from_dict(MINIMAL).to_dict() == {
        "tz": "Europe/Bucharest",
        "weekly": {
            **week(["tue", "wed", "thu", "fri", "sat", "sun"]),
            "mon": [["09:00", "17:00"]],
        },
        "holidays": [],
    }


@pytest.mark.parametrize("written", REAL, ids=lambda form: form["tz"])
def test_real_calendars_survive_being_written(written):
    calendar = Calendar.from_dict(written)

    again = Calendar.from_dict(calendar.to_dict())

    assert (again, again.holiday_names) == (calendar, calendar.holiday_names)


def test_order_doubles_names_and_notes_make_no_difference():
    plain = form("UTC", week(["mon"], ("09:00", "12:00"), ("13:00", "17:00")))
    other = form(
        "UTC",
        week(["mon"], ("13:00", "17:00"), ("09:00", "12:00"), ("13:00", "17:00")),
        note="the same",
    )

    calendars = {Calendar.from_dict(plain), Calendar.from_dict(other)}

    assert len(calendars) == 1
    assert len({open_hours(calendar) for calendar in calendars}) == 1


def test_special_days_come_in_any_order():
    days = {"2025-09-13": [["10:00", "14:00"]], "2025-09-06": []}
    turned = dict(reversed(days.items()))

    calendars = {
        Calendar.from_dict({**RO_OFFICE, "special": special})
        for special in (days, turned)
    }

    assert len(calendars) == 1


def test_names_of_holidays_belong_to_the_calendar_not_to_equal_ones():
    unnamed = Calendar.from_dict({**RO_OFFICE, "holiday_names": {}})
    named = Calendar.from_dict(RO_OFFICE)

    assert unnamed == named
    assert (unnamed.holiday_names, len(named.holiday_names)) == ({}, 5)


def test_a_calendar_can_be_kept_in_a_cache():
    calendar = Calendar.from_dict(FULL)

    assert pickle.loads(pickle.dumps(calendar)) == calendar  # noqa: S301


@pytest.mark.parametrize(
    "intervals",
    [
        [["09:00", "13:00"], ["11:00", "15:00"]],
        [["09:00", "12:00"], ["12:00", "15:00"]],
        [["14:00", "15:00"], ["09:00", "14:30"]],
        [["09:00", "15:00"], ["10:00", "11:00"], ["09:00", "10:00"]],
    ],
)
def test_overlapping_and_touching_intervals_count_once(intervals):
    calendar = Calendar.from_dict(form("UTC", {"mon": intervals}))

    assert calendar.open_minutes(date(2025, 9, 8)) == [(540, 900)]
    assert elapsed(calendar, utc("2025-09-08 00:00"), utc("2025-09-15 00:00")) == hours(
        6
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-09-08", [(510, 750), (795, 1050)]),
        ("2025-09-09", [(0, 1440)]),
        ("2025-09-10", [(1320, 1440)]),
        # Wednesday's tail and the first of Thursday's 24 hours.
        ("2025-09-11", [(0, 360), (540, 1440)]),
        ("2025-09-12", [(0, 540), (1320, 1440)]),
        ("2025-09-13", [(600, 840)]),
        ("2025-09-14", []),
        # A special day without hours, then a holiday: closed, tails included.
        ("2025-09-16", []),
        ("2025-11-11", []),
        ("2025-12-24", []),
        # The tail of the shift that "began" on the holiday.
        ("2025-12-25", [(0, 360), (540, 1440)]),
    ],
)
def test_open_minutes(day, expected):
    calendar = Calendar.from_dict(FULL)

    assert calendar.open_minutes(date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("day", "off", "working"),
    [
        ("2025-09-08", False, True),
        ("2025-09-13", False, True),
        ("2025-09-14", False, False),
        ("2025-09-16", True, False),
        ("2025-11-11", True, False),
    ],
)
def test_days_off_and_working_days(day, off, working):
    calendar, day = Calendar.from_dict(FULL), date.fromisoformat(day)

    assert (calendar.is_day_off(day), calendar.is_working_day(day)) == (off, working)


@pytest.mark.parametrize(
    "weekly", [{}, {"mon": []}, week(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])]
)
@pytest.mark.parametrize("special", [{}, {"2025-09-13": [["10:00", "14:00"]]}])
def test_a_calendar_without_weekly_hours_is_refused(weekly, special):
    with pytest.raises(NeverOpens) as refused:
        Calendar.from_dict({"tz": "UTC", "weekly": weekly, "special": special})

    assert str(refused.value) == (
        "weekly: no weekday has opening hours. "
        'Give at least one an interval, such as "mon": [["09:00", "17:00"]].'
    )
    assert (refused.value.code, refused.value.place) == (
        "calendar_never_opens",
        "weekly",
    )


KEYS = ["tz", "weekly", "holidays", "special", "holiday_names", "note"]
WRITE_LIST = 'Write [["09:00", "17:00"]].'
WRITE_PAIR = 'Write ["09:00", "17:00"], from and to.'
WRITE_TIME = "Write HH:MM from 00:00 to 24:00."
WRONG: list[tuple[Any, str]] = [
    (None, "calendar: None is no mapping. Write names with values."),
    ({"weekly": {}}, "tz: is missing. Give the calendar its tz."),
    ({"tz": "UTC"}, "weekly: is missing. Give the calendar its weekly."),
    (
        {**MINIMAL, "zone": "UTC"},
        f"calendar: 'zone' is not known. Use {', '.join(KEYS)}.",
    ),
    (
        {**MINIMAL, "weekly": {"monday": []}},
        "weekly: 'monday' is not known. Use mon, tue, wed, thu, fri, sat, sun.",
    ),
    ({**MINIMAL, "weekly": []}, "weekly: [] is no mapping. Write names with values."),
    (
        {**MINIMAL, "weekly": {"tue": "09:00-17:00"}},
        "weekly.tue: '09:00-17:00' is no list of intervals. " + WRITE_LIST,
    ),
    (
        {**MINIMAL, "weekly": {"tue": [["09:00", "12:00"], ["13:00"]]}},
        "weekly.tue[1]: ['13:00'] is no interval. " + WRITE_PAIR,
    ),
    (
        {**MINIMAL, "weekly": {"tue": ["09:00"]}},
        "weekly.tue[0]: '09:00' is no interval. " + WRITE_PAIR,
    ),
    *(
        (
            {**MINIMAL, "weekly": {"tue": [["09:00", text]]}},
            f"weekly.tue[0]: {text!r} is no time of day. {WRITE_TIME}",
        )
        for text in ["25:00", "24:01", "9:00", "12:60", "17", "", None, 17, "17:00 "]
    ),
    (
        {**MINIMAL, "weekly": {"tue": [["24:00", "06:00"]]}},
        "weekly.tue[0]: an interval begins at 24:00. Write 00:00 on the next weekday.",
    ),
    (
        {**MINIMAL, "holidays": ["2025-12-25", "25.12.2025"]},
        "holidays[1]: '25.12.2025' is no date. Write YYYY-MM-DD.",
    ),
    (
        {**MINIMAL, "holidays": ["20251225"]},
        "holidays[0]: '20251225' is no date. Write YYYY-MM-DD.",
    ),
    (
        {**MINIMAL, "holidays": ["2025-02-29"]},
        "holidays[0]: '2025-02-29' is no date. Write YYYY-MM-DD.",
    ),
    (
        {**MINIMAL, "holidays": [20251225]},
        "holidays[0]: 20251225 is no date. Write YYYY-MM-DD.",
    ),
    (
        {**MINIMAL, "holidays": "2025-12-25"},
        "holidays: '2025-12-25' is no list of dates. Write [\"2026-12-25\"].",
    ),
    (
        {**MINIMAL, "special": {"Saturday": []}},
        "special: 'Saturday' is no date. Write YYYY-MM-DD.",
    ),
    (
        {**MINIMAL, "special": {"2025-09-13": [["10:00", "2 pm"]]}},
        "special.2025-09-13[0]: '2 pm' is no time of day. " + WRITE_TIME,
    ),
    (
        {**MINIMAL, "special": [["2025-09-13", []]]},
        "special: [['2025-09-13', []]] is no mapping. Write names with values.",
    ),
    (
        {**MINIMAL, "holiday_names": {"2025-12-25": "Christmas"}},
        "holiday_names.2025-12-25: is no holiday. Add the date to holidays.",
    ),
    (
        {**MINIMAL, "holidays": ["2025-12-25"], "holiday_names": {"2025-12-25": 1}},
        "holiday_names.2025-12-25: 1 is no text. Put it in quotes.",
    ),
    ({**MINIMAL, "note": 5}, "note: 5 is no text. Put it in quotes."),
    ({**MINIMAL, "tz": 2}, "tz: 2 is no text. Put it in quotes."),
    *(
        (
            {**MINIMAL, "tz": name},
            f"tz: {name!r} is no time zone. Use an IANA name like Europe/Bucharest.",
        )
        for name in ["Europe/Bukarest", "", "Europe", "../UTC", "/etc/hosts", "a\0b"]
    ),
]


@pytest.mark.parametrize(("written", "message"), WRONG, ids=[m for _, m in WRONG])
def test_wrong_input_is_named_with_its_place_and_mend(written, message):
    with pytest.raises(WrongInput) as refused:
        Calendar.from_dict(written)

    assert str(refused.value) == message
    assert isinstance(refused.value, BusinessTimeError)
    assert refused.value.code == "business_time_invalid"


def test_a_week_has_seven_days():
    with pytest.raises(WrongInput, match=r"^weekly: has not seven days"):
        Calendar(tz="UTC", weekly=((Span(0, 1440),),) * 5)
