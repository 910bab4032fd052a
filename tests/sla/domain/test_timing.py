"""Numbers counted at once equal those counted the general way."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla.domain import timing
from sla.domain.business_time import breach_at, due, elapsed
from sla.domain.calendars import Calendar
from sla.domain.terms import CalendarTerms, ClauseTerms
from sla.domain.timing import Holding
from tests.sla.domain.calendars import PL_SPLIT, RO_OFFICE

BUCHAREST, WARSAW = map(Calendar.from_dict, (RO_OFFICE, PL_SPLIT))
TERMS = {
    "Bucharest": CalendarTerms.of(1, None, 0, BUCHAREST),
    "Warsaw": CalendarTerms.of(2, 1, 0, WARSAW),
}
AUTUMN = datetime(2025, 9, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(), timedelta(days=90)).map(AUTUMN.__add__)
targets = st.integers(0, 40 * 3600)


def clause(target, warning=0):
    return ClauseTerms(1, "acceptance", target, warning)


@given(instants)
def test_moments_are_exact_to_the_microsecond(instant):
    assert timing.to_instant(timing.to_moment(instant)) == instant


@given(instants, targets, st.sampled_from(sorted(TERMS)))
def test_one_holder_counts_as_the_calendar_says(start, target, place):
    terms = TERMS[place]
    holdings = [Holding(1, terms, timing.to_moment(start))]

    times = timing.schedule(holdings, clause(target))

    assert timing.to_instant(times.due) == due(terms.calendar, start, target)
    assert timing.to_instant(times.breach) == breach_at(terms.calendar, start, target)
    until = start + timedelta(days=3, microseconds=7)
    assert timing.elapsed(holdings, timing.to_moment(until)) == elapsed(
        terms.calendar, start, until
    )


@given(instants, targets, st.integers(0, 9 * 24 * 3600))
def test_handed_over_to_the_same_hours_nothing_changes(start, target, after):
    """The general way, for hand-overs and pauses, equals the quick one."""
    terms, begin = TERMS["Bucharest"], timing.to_moment(start)
    one = [Holding(1, terms, begin)]
    two = [*one, Holding(2, terms, begin + after * timing.SECOND)]

    assert timing.schedule(two, clause(target)) == timing.schedule(one, clause(target))
    until = begin + 5 * 24 * 3600 * timing.SECOND
    assert timing.elapsed(two, until) == timing.elapsed(one, until)
    assert (
        timing.warning(two, clause(9, target))
        == timing.schedule(one, clause(target)).due
    )


@given(instants, targets)
def test_a_pause_outside_opening_hours_costs_nothing(start, target):
    sunday = datetime(2025, 9, 7, tzinfo=UTC)
    pause = [(timing.to_moment(sunday), timing.to_moment(sunday + timedelta(hours=12)))]
    holdings = [Holding(1, TERMS["Bucharest"], timing.to_moment(start))]

    paused = timing.schedule(holdings, clause(target), pause)
    assert paused == timing.schedule(holdings, clause(target))


def test_who_had_it_at_a_moment():
    first, second = (Holding(n, TERMS["Warsaw"], n * 10) for n in (1, 2))

    found = [timing.holder([first, second], at) for at in (0, 10, 19, 20, 99)]
    assert found == [first, first, first, second, second]


def test_nothing_elapses_before_the_start():
    holdings = [Holding(n, TERMS["Warsaw"], 10**15 + n) for n in (1, 2)]

    assert timing.elapsed(holdings, 10**15 - 10**13) == 0
