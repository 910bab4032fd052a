"""What holds for any calendar, over years and to the microsecond."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.domain.business_time import (
    Calendar,
    Cause,
    breach_at,
    due,
    due_many,
    elapsed,
    elapsed_many,
    explain,
    intervals,
)
from sla.domain.hand_over import (
    Segment,
    breach_at_segments,
    due_segments,
    elapsed_segments,
)
from tests.sla.domain.reference import SECOND
from tests.sla.domain.strategies import (
    calendars,
    moments,
    pauses_after,
    scenes,
    slowly,
    spans,
    targets,
)

MICROSECOND = timedelta(microseconds=1)


def sure(moment):
    """No pause that lasts is about, so there is a moment."""
    assert moment is not None
    return moment


@given(calendars, moments, targets, st.data())
@settings(slowly, max_examples=100)
def test_due_is_the_earliest_and_breach_the_latest(calendar, start, target, data):
    pauses = data.draw(pauses_after(start))
    due_at = sure(due(calendar, start, target, pauses))
    last = sure(breach_at(calendar, start, target, pauses))

    assert start <= due_at <= last
    assert elapsed(calendar, start, due_at, pauses) == target
    assert elapsed(calendar, start, last, pauses) == target
    assert elapsed(calendar, start, last + SECOND, pauses) == target + 1
    if target:
        assert elapsed(calendar, start, due_at - SECOND, pauses) == target - 1


@given(calendars, moments, targets, st.integers(-3_000_000, 3_000_000))
@settings(slowly, max_examples=100)
def test_met_and_breached_exclude_each_other(calendar, start, target, microseconds):
    """Raw moments and elapsed seconds agree, however close to the last second."""
    last = sure(breach_at(calendar, start, target))
    now = last + microseconds * MICROSECOND

    met, breached = elapsed(calendar, start, now) <= target, now > last

    assert met != breached


@given(calendars, moments, spans, spans, st.data())
@settings(slowly, max_examples=100)
def test_elapsed_adds_up(calendar, start, first, second, data):
    middle, end = start + first, start + first + second
    pauses = data.draw(pauses_after(start))
    parts = [
        elapsed(calendar, start, middle, pauses),
        elapsed(calendar, middle, end, pauses),
    ]

    assert sum(parts) == elapsed(calendar, start, end, pauses)
    assert 0 <= sum(parts) <= (end - start) / SECOND + 1


@given(calendars, moments, spans, targets, targets)
@settings(slowly, max_examples=100)
def test_later_and_longer_is_never_due_sooner(calendar, start, later, target, more):
    for find in (due, breach_at):
        found = sure(find(calendar, start, target))
        assert found <= sure(find(calendar, start + later, target))
        assert found <= sure(find(calendar, start, target + more))
        assert found <= sure(find(calendar, start, target, [(start, start + later)]))
    assert elapsed(calendar, start, start + later) <= elapsed(
        calendar, start, start + later + later
    )


@given(calendars, moments, targets, st.data())
@settings(slowly, max_examples=100)
def test_pauses_count_once_in_any_order(calendar, start, target, data):
    pauses = data.draw(pauses_after(start))
    halves = [
        half
        for since, until in pauses
        for half in (
            (since, since + (until - since) / 2),
            (since + (until - since) / 2, until),
        )
    ]
    others = data.draw(st.permutations(pauses + halves))
    end = start + timedelta(days=60)

    assert elapsed(calendar, start, end, others) == elapsed(
        calendar, start, end, pauses
    )
    for find in (due, breach_at):
        assert find(calendar, start, target, others) == find(
            calendar, start, target, pauses
        )


@given(calendars, moments, targets, spans)
@settings(slowly, max_examples=100)
def test_a_pause_that_lasts_holds_back_what_is_not_yet_due(
    calendar, start, target, later
):
    pauses = [(start + later, None)]
    reached = elapsed(calendar, start, start + later) >= target
    exceeded = elapsed(calendar, start, start + later) > target

    assert due(calendar, start, target, pauses) == (
        due(calendar, start, target) if reached else None
    )
    assert breach_at(calendar, start, target, pauses) == (
        breach_at(calendar, start, target) if exceeded else None
    )


@given(calendars, st.lists(st.tuples(moments, spans), max_size=8), targets)
@settings(slowly, max_examples=80)
def test_many_are_as_many_times_one(calendar, ranges, target):
    starts = [start for start, _ in ranges]
    bounds = [(start, start + span) for start, span in ranges]

    assert due_many(calendar, starts, target) == [
        (due(calendar, start, target), breach_at(calendar, start, target))
        for start in starts
    ]
    assert elapsed_many(calendar, bounds) == [
        elapsed(calendar, start, end) for start, end in bounds
    ]


@given(st.lists(calendars, min_size=1, max_size=3), moments, targets, st.data())
@settings(slowly, max_examples=100)
def test_hand_overs_keep_the_laws(owners, start, target, data):
    bounds = [start]
    for _ in owners:
        bounds.append(bounds[-1] + data.draw(spans))
    ended = [
        Segment(calendar, begin, end)
        for calendar, begin, end in zip(owners, bounds[:-1], bounds[1:], strict=True)
    ]
    way = [*ended[:-1], Segment(owners[-1], bounds[-2])]
    last = sure(breach_at_segments(way, target))

    assert sure(due_segments(way, target)) <= last
    assert elapsed_segments(until(ended, last)) <= target
    assert elapsed_segments(until(ended, last + SECOND)) == target + 1
    used = elapsed_segments(ended[:-1])
    if used <= target:
        end = (owners[-1], bounds[-2], target)
        assert breach_at_segments(way, target) == breach_at(*end, used=used)


def until(segments, moment):
    """The segments cut off at a moment, the last one lasting until then."""
    cut = [
        Segment(segment.calendar, segment.start, min(segment.end, moment))
        for segment in segments[:-1]
    ]
    return [*cut, Segment(segments[-1].calendar, segments[-1].start, moment)]


@given(calendars, moments, spans, st.data())
@settings(slowly, max_examples=100)
def test_explanations_leave_no_gap_and_count_what_elapsed_counts(
    calendar, start, span, data
):
    end, pauses = start + span, data.draw(pauses_after(start))
    found = explain(calendar, start, end, pauses)
    counted = intervals(calendar, start, end, pauses)

    assert sum(s.seconds for s in counted) == elapsed(calendar, start, end, pauses)
    assert [s.ends_at for s in found[:-1]] == [s.starts_at for s in found[1:]]
    if found:
        assert found[0].starts_at - start < SECOND
        assert timedelta() <= found[-1].ends_at - end < SECOND
    for stretch in found:
        off = calendar.is_day_off(stretch.day)
        assert off == (stretch.cause in {Cause.HOLIDAY, Cause.DAY_OFF})


@given(scenes())
@settings(slowly, max_examples=100)
def test_any_calendar_survives_being_written(scene):
    calendar = Calendar.from_dict(scene[0])

    again = Calendar.from_dict(calendar.to_dict())

    assert (again, hash(again)) == (calendar, hash(calendar))
