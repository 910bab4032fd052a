"""A clock explains itself: hours counted, nights, holidays, pauses, hand-overs."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from leads.actions import leads
from sla.actions import pauses
from sla.enums import PauseReason
from sla.queries import explanations
from tests.factories.leads import make_lead, move
from tests.factories.sla import (
    HOUR,
    call,
    clock_of,
    make_agreement,
    make_calendar,
    sweep_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def start():
    """Friday 27 November 2026, 16:00 in Bucharest, before two holidays in a row."""
    return datetime(2026, 11, 27, 14, tzinfo=UTC)


@pytest.fixture
def lead(start, sally):
    make_calendar(country="RO")
    make_agreement(response=4 * HOUR)
    lead = make_lead(created_at=start, owner_id=sally.pk)
    move(lead, "mql", start)
    return lead


def told(explanation):
    return [
        (line.cause.value, line.seconds / 3600, line.to_come)
        for holder in explanation.holders
        for line in holder.lines
    ]


def test_it_names_what_was_counted_and_what_was_not(lead, start):
    """Friday 16:00 + 4 h: a weekend and 30 November and 1 December lie between."""
    clock = clock_of(lead)
    assert clock.due_at == datetime(2026, 12, 2, 9, tzinfo=UTC)

    found = explanations.explain(clock, at=start + HOUR)

    assert told(found) == [
        ("open", 1, False),
        ("open", 1, True),
        ("off_hours", 6, True),
        ("weekend", 48, True),
        ("holiday", 24, True),
        ("holiday", 24, True),
        ("off_hours", 9, True),
        ("open", 2, True),
    ]
    assert (found.elapsed, found.target, found.late) == (3600, 4 * 3600, None)
    assert len(found.holidays) == 2
    assert found.until_at == clock.due_at


def test_names_of_holidays_are_those_of_the_calendar(lead, start):
    clock = clock_of(lead)
    holidays = clock.calendar.public_holidays

    found = explanations.explain(clock, at=start)

    assert found.holidays == [holidays["2026-11-30"], holidays["2026-12-01"]]


def test_done_it_ends_there_and_adds_up(lead, start):
    call(lead, datetime(2026, 12, 2, 8, tzinfo=UTC))
    clock = clock_of(lead)

    found = explanations.explain(clock, at=datetime(2026, 12, 5, tzinfo=UTC))

    counted = [line.seconds for h in found.holders for line in h.lines if line.counted]
    assert (found.elapsed, sum(counted)) == (3 * 3600, 3 * 3600)
    assert found.until_at == clock.done_at
    assert {line.to_come for h in found.holders for line in h.lines} == {False}


def test_late_it_ends_where_it_was_due(lead, start):
    call(lead, datetime(2026, 12, 2, 10, tzinfo=UTC))

    found = explanations.explain(clock_of(lead), at=datetime(2026, 12, 5, tzinfo=UTC))

    assert (found.elapsed, found.late) == (5 * 3600, 3600)
    assert found.until_at == found.clock.due_at


def test_past_its_time_and_not_done_it_tells_how_late_it_is_by_now(lead, start):
    now = datetime(2026, 12, 2, 11, tzinfo=UTC)
    sweep_all(now)

    found = explanations.explain(clock_of(lead), at=now)

    assert (found.elapsed, found.late) == (6 * 3600, 2 * 3600)


def test_cancelled_it_ends_then(lead, start):
    move(lead, "customer", start + HOUR)

    found = explanations.explain(clock_of(lead), at=start + 10 * HOUR)

    assert told(found) == [("open", 1, False)]
    assert (found.elapsed, found.late) == (3600, None)


def test_every_holder_is_told_with_hours_and_seconds(at, sally, hanna):
    make_calendar()
    make_agreement(response=3 * HOUR)
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    leads.change(lead, {"owner_id": hanna.pk}, by=None, at=at + HOUR)
    call(lead, at + 2.5 * HOUR)

    found = explanations.explain(clock_of(lead), at=at + 3 * HOUR)

    assert [(h.owner, h.starts_at, h.ends_at, h.seconds) for h in found.holders] == [
        (sally, at, at + HOUR, 3600),
        (hanna, at + HOUR, None, 5400),
    ]
    assert found.elapsed == 9000


def test_pauses_are_told_and_not_counted(at, sally):
    make_calendar()
    make_agreement(response=3 * HOUR)
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    reply = call(lead, at + HOUR / 2, direction="inbound")
    wish = pauses.Wish(PauseReason.LEAD_ASKED, at + 2 * HOUR, reply)
    pauses.pause(clock_of(lead), wish, by=sally, at=at + HOUR)
    call(lead, at + 3 * HOUR)

    found = explanations.explain(clock_of(lead), at=at + 3 * HOUR)

    assert told(found) == [("open", 1, False), ("pause", 1, False), ("open", 1, False)]
    assert found.elapsed == 7200


def test_the_picture_covers_the_whole_time(lead, start):
    found = explanations.spans(explanations.explain(clock_of(lead), at=start))

    assert found[0][1] == 0
    for (_, begin, width), (_, following, _) in pairwise(found):
        assert begin + width == pytest.approx(following)
    assert found[-1][1] + found[-1][2] == pytest.approx(1)


def test_a_clock_that_was_answered_at_its_start_has_nothing_to_tell(at):
    make_calendar()
    make_agreement()
    lead = make_lead()
    call(lead, at - HOUR)
    move(lead, "mql", at)

    found = explanations.explain(clock_of(lead), at=at + HOUR)
    assert (told(found), explanations.spans(found), found.elapsed) == ([], [], 0)
