"""The fast way against the slow one: stepping through time."""

from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sla.domain.business_time import Calendar, breach_at, due, elapsed, explain
from tests.sla.domain.reference import MINUTE, SECOND, Slow
from tests.sla.domain.strategies import (
    DAY,
    ODD_SECONDS,
    PLACES,
    scenes,
    slowly,
    windows,
)


@given(windows(), st.booleans())
@settings(slowly, max_examples=100)
def test_elapsed_is_what_stepping_counts(window, still_paused):
    form, start, end, pauses = window
    if still_paused:
        pauses = [*pauses, (end - (end - start) / 4 // MINUTE * MINUTE, None)]
    calendar = Calendar.from_dict(form)

    assert elapsed(calendar, start, end, pauses) == Slow(form).elapsed(
        start, end, pauses
    )


@given(windows(), st.data())
@settings(slowly, max_examples=100)
def test_due_and_breach_are_where_stepping_finds_them(window, data):
    form, start, end, pauses = window
    counted = elapsed(Calendar.from_dict(form), start, end, pauses) // 60
    assume(counted > 0)
    target = 60 * data.draw(st.integers(0, counted - 1))
    calendar = Calendar.from_dict(form)

    assert (
        due(calendar, start, target, pauses),
        breach_at(calendar, start, target, pauses),
    ) == Slow(form).due_and_breach(start, target, pauses)


@given(scenes([*PLACES, *ODD_SECONDS]), st.data())
@settings(slowly, max_examples=100)
def test_seconds_around_the_edges_are_what_stepping_counts(scene, data):
    form, midnight = scene
    edge = data.draw(st.sampled_from(edges(form, midnight)))
    start = edge - data.draw(st.integers(0, 90)) * SECOND
    end = start + data.draw(st.integers(0, 180)) * SECOND
    pauses = [(start + 20 * SECOND, start + 33 * SECOND)]
    calendar, slow = Calendar.from_dict(form), Slow(form, step=SECOND)

    counted = slow.elapsed(start, end, pauses)

    assert elapsed(calendar, start, end, pauses) == counted
    if counted:
        target = data.draw(st.integers(0, counted - 1))
        assert (
            due(calendar, start, target, pauses),
            breach_at(calendar, start, target, pauses),
        ) == slow.due_and_breach(start, target, pauses)


def edges(form, midnight):
    """Moments around the day at which it opens, closes, or clocks change."""
    calendar = Calendar.from_dict(form)
    found = explain(calendar, midnight - DAY, midnight + 2 * DAY)
    zone = Slow(form).zone
    hours = [midnight + n * 30 * MINUTE for n in range(-48, 96)]
    changes = [
        later
        for hour, later in pairwise(hours)
        if hour.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset()
    ]
    return [stretch.starts_at for stretch in found] + changes
