from datetime import timedelta

import pytest

from sla.domain.business_time import Calendar, WrongInput
from sla.domain.hand_over import (
    Segment,
    breach_at_segments,
    due_segments,
    elapsed_segments,
)
from tests.sla.domain.calendars import KATHMANDU, PL_SPLIT, RO_OFFICE, hours, utc

BUCHAREST, WARSAW, NEPAL = map(Calendar.from_dict, (RO_OFFICE, PL_SPLIT, KATHMANDU))

# Wednesday 2025-09-10: an hour in Bucharest (10:00 to 11:00, UTC+3), handed to Warsaw
# (open 08:30 to 12:30 and 13:15 to 17:30, UTC+2) until 17:00, then on to Kathmandu
# (10:00 to 17:00, UTC+5:45), where it is 20:45.
FIRST = Segment(BUCHAREST, utc("2025-09-10 07:00"), utc("2025-09-10 08:00"))
SECOND = Segment(WARSAW, utc("2025-09-10 08:00"), utc("2025-09-10 15:00"))
THIRD = Segment(NEPAL, utc("2025-09-10 15:00"))
WAY = [FIRST, SECOND, THIRD]


def test_each_owners_time_counts_in_the_owners_calendar():
    # 1 h + 2.5 h + 3.75 h, and of 11 September in Kathmandu 2 h.
    ended = Segment(NEPAL, THIRD.start, utc("2025-09-11 06:15"))

    assert elapsed_segments([FIRST, SECOND, ended]) == hours(1 + 2.5 + 3.75 + 2)
    assert elapsed_segments([]) == 0


@pytest.mark.parametrize(
    ("target", "due_at", "breached_after"),
    [
        (hours(0.5), "2025-09-10 07:30", "2025-09-10 07:30"),
        # Used up at the hand-over itself, the second owner being open.
        (hours(1), "2025-09-10 08:00", "2025-09-10 08:00"),
        (hours(1) + 1, "2025-09-10 08:00:01", "2025-09-10 08:00:01"),
        # Ends at Warsaw's lunch.
        (hours(3.5), "2025-09-10 10:30", "2025-09-10 11:15"),
        # Used up at the second hand-over: Kathmandu opens next morning.
        (hours(7.25), "2025-09-10 15:00", "2025-09-11 04:15"),
        (hours(8.25), "2025-09-11 05:15", "2025-09-11 05:15"),
        (0, "2025-09-10 07:00", "2025-09-10 07:00"),
    ],
)
def test_due_and_breach_fall_in_the_owners_time(target, due_at, breached_after):
    assert due_segments(WAY, target) == utc(due_at)
    assert breach_at_segments(WAY, target) == utc(breached_after)


def test_pauses_belong_to_their_segment():
    paused = Segment(
        BUCHAREST,
        FIRST.start,
        FIRST.end,
        [(utc("2025-09-10 07:15"), utc("2025-09-10 07:45"))],
    )

    assert elapsed_segments([paused]) == hours(0.5)
    assert due_segments([paused, THIRD], hours(1)) == utc("2025-09-11 04:45")


def test_a_pause_that_lasts_keeps_the_last_owner_from_being_due():
    waiting = Segment(NEPAL, THIRD.start, None, [(THIRD.start, None)])

    assert due_segments([FIRST, waiting], hours(2)) is None
    assert breach_at_segments([FIRST, waiting], hours(2)) is None
    assert breach_at_segments([FIRST, waiting], hours(0.5)) == utc("2025-09-10 07:30")


def test_segments_that_end_before_the_target_have_no_due_time():
    assert due_segments([FIRST, SECOND], hours(8)) is None
    assert breach_at_segments([FIRST, SECOND], hours(7.25)) is None
    assert due_segments([FIRST, SECOND], hours(7.25)) == utc("2025-09-10 15:00")


def test_an_open_end_cannot_be_added_up():
    with pytest.raises(WrongInput, match="segment: has no end"):
        elapsed_segments([THIRD])


def test_handing_over_within_one_calendar_changes_nothing():
    whole = Segment(BUCHAREST, FIRST.start)
    middle = FIRST.start + timedelta(hours=3, seconds=7)
    parts = [Segment(BUCHAREST, FIRST.start, middle), Segment(BUCHAREST, middle)]

    for target in (0, hours(3), hours(3) + 7, hours(3) + 8, hours(8), hours(50)):
        assert due_segments(parts, target) == due_segments([whole], target)
        assert breach_at_segments(parts, target) == breach_at_segments([whole], target)
