"""Calendars, moments and pauses for property tests."""

from datetime import date, timedelta

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st

from sla.domain.business_time import Calendar
from tests.sla.domain.calendars import ALL_DAYS, REAL, utc
from tests.sla.domain.reference import MINUTE

DAY = timedelta(days=1)
slowly = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

# Days on which clocks change in unusual ways, and an ordinary one.
PLACES = [
    ("Europe/Bucharest", "2025-03-30"),
    ("Europe/Bucharest", "2025-10-26"),
    ("Europe/Warsaw", "2025-12-25"),
    ("America/New_York", "2025-03-09"),
    ("America/New_York", "2025-11-02"),
    ("America/Sao_Paulo", "2017-10-15"),  # no midnight
    ("America/Sao_Paulo", "2018-02-18"),  # midnight twice
    ("Australia/Lord_Howe", "2025-04-06"),  # half an hour back
    ("Australia/Lord_Howe", "2025-10-05"),  # half an hour on
    ("Asia/Kathmandu", "1986-01-01"),  # from +5:30 to +5:45 at midnight
    ("Asia/Beirut", "2025-03-30"),  # no midnight
    ("America/Havana", "2025-11-02"),  # 01:00 is midnight again
    ("Atlantic/Azores", "2025-10-26"),  # 01:00 is midnight again
    ("Antarctica/Troll", "2025-03-30"),  # two hours on
    ("America/St_Johns", "2010-11-07"),  # 00:01 is 23:01 of the eve again
    ("Europe/Bucharest", "2025-11-08"),  # a block of worked out hours ends
    ("Pacific/Apia", "2011-12-30"),  # a date left out
    ("Pacific/Kwajalein", "1969-09-30"),  # a date nearly twice
    ("Africa/Casablanca", "2025-02-23"),  # back for Ramadan
]
ODD_SECONDS = [("Africa/Monrovia", "1972-01-07"), ("Europe/Bucharest", "1931-07-24")]

clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
coarse_clocks = st.builds("{:02}:{}".format, st.integers(0, 23), st.just("00"))
some_clock = st.one_of(clocks, coarse_clocks)
pairs = st.tuples(some_clock, st.one_of(some_clock, st.just("24:00"))).map(list)
some_pairs = st.lists(pairs, max_size=3)


@st.composite
def scenes(draw, places=PLACES):
    """A calendar's written form and a day around which something odd happens."""
    tz, day = draw(st.sampled_from(places))
    around = [(date.fromisoformat(day) + n * DAY).isoformat() for n in range(-3, 4)]
    weekly = draw(st.fixed_dictionaries(dict.fromkeys(ALL_DAYS, some_pairs)))
    assume(any(weekly.values()))
    form = {
        "tz": tz,
        "weekly": weekly,
        "holidays": draw(st.lists(st.sampled_from(around), max_size=2)),
        "special": draw(
            st.dictionaries(st.sampled_from(around), some_pairs, max_size=2)
        ),
    }
    return form, utc(f"{day} 00:00")


@st.composite
def windows(draw):
    """A scene with some hours to count, in whole minutes, and pauses."""
    form, midnight = draw(scenes())
    start = midnight + draw(st.integers(-2 * 1440, 1440)) * MINUTE
    end = start + draw(st.integers(0, 2 * 1440)) * MINUTE
    moments = st.integers(-300, 3 * 1440).map(lambda n: start + n * MINUTE)
    pauses = st.tuples(moments, moments).map(sorted).map(tuple)
    return form, start, end, draw(st.lists(pauses, max_size=3))


YEARS = st.timedeltas(timedelta(), timedelta(days=20 * 365))
AUTUMN = st.timedeltas(timedelta(), timedelta(days=120))
moments = st.one_of(
    YEARS.map(lambda after: utc("2012-01-01 00:00") + after),
    AUTUMN.map(lambda after: utc("2025-09-01 00:00") + after),
)
spans = st.timedeltas(timedelta(), timedelta(days=40))
targets = st.one_of(
    st.integers(0, 10 * 86400), st.integers(0, 240).map(lambda n: n * 3600)
)
calendars = st.one_of(st.sampled_from(REAL), scenes().map(lambda scene: scene[0])).map(
    Calendar.from_dict
)


@st.composite
def pauses_after(draw, start, most=4):
    """Pauses that end, in any order, anywhere from before the start."""
    begins = draw(st.lists(spans, max_size=most))
    return [
        (start - DAY + begin, start - DAY + begin + draw(spans) / 8) for begin in begins
    ]
