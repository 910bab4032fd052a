"""Calendars of real places, in the written form."""

from datetime import datetime

WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
ALL_DAYS = [*WORKDAYS, "sat", "sun"]
RO_HOLIDAYS = {
    "2025-12-01": "National Day",
    "2025-12-25": "Christmas Day",
    "2025-12-26": "Christmas Day",
    "2026-01-01": "New Year's Day",
    "2026-01-02": "New Year's Day",
}


def week(days, *intervals):
    return {day: [list(pair) for pair in intervals] for day in days}


def form(tz, weekly, holidays=(), **more):
    return {"tz": tz, "weekly": weekly, "holidays": list(holidays), **more}


RO_OFFICE = form(
    "Europe/Bucharest",
    week(WORKDAYS, ("09:00", "18:00")),
    RO_HOLIDAYS,
    holiday_names=RO_HOLIDAYS,
)
RO_ALWAYS = form("Europe/Bucharest", week(ALL_DAYS, ("00:00", "24:00")))
PL_SPLIT = form(
    "Europe/Warsaw",
    week(WORKDAYS, ("13:15", "17:30"), ("08:30", "12:30"), ("12:00", "12:30")),
    ["2025-11-11", "2025-12-24", "2025-12-25", "2025-12-26"],
)
PL_NIGHTS = form(
    "Europe/Warsaw", week(ALL_DAYS, ("22:00", "06:00")), ["2025-12-25"], note="nights"
)
NY_NIGHTS = form("America/New_York", week(ALL_DAYS, ("22:00", "06:00")))
LORD_HOWE_DAYS = form("Australia/Lord_Howe", week(ALL_DAYS, ("00:00", "24:00")))
LORD_HOWE_CHANGE = form("Australia/Lord_Howe", week(["sun"], ("01:45", "02:15")))
SAO_PAULO_DAYS = form("America/Sao_Paulo", week(ALL_DAYS, ("00:00", "24:00")))
SAO_PAULO_MIDNIGHT = form(
    "America/Sao_Paulo",
    {"sat": [["23:00", "24:00"]], "sun": [["00:00", "01:00"]]},
)
KATHMANDU = form(
    "Asia/Kathmandu", week(["sun", *WORKDAYS[:4], "fri"], ("10:00", "17:00"))
)
MONDAY_HOUR = form("Europe/Bucharest", week(["mon"], ("10:00", "11:00")))
REAL = [RO_OFFICE, RO_ALWAYS, PL_SPLIT, PL_NIGHTS, NY_NIGHTS, LORD_HOWE_DAYS]
REAL += [LORD_HOWE_CHANGE, SAO_PAULO_DAYS, SAO_PAULO_MIDNIGHT, KATHMANDU, MONDAY_HOUR]


def utc(text):
    """Read ``2025-09-10 07:00`` or ``…:30`` as UTC."""
    return datetime.fromisoformat(text + "+00:00")


def hours(number):
    return round(number * 3600)
