from datetime import UTC, date, datetime, time, timedelta

import pytest

from foundation.accounts.enums import Role
from foundation.ledger.models import Event
from foundation.ledger.queries import position
from meetings.actions import meetings, preparing, series
from meetings.enums import MeetingState
from meetings.models import Meeting, Series
from meetings.queries.meetings import upcoming
from tests.factories.accounts import make_user
from tests.factories.meetings import (
    hold,
    make_meeting,
    make_plan,
    make_series,
    make_topic,
    next_of,
)

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 3, 3, 8, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def test_a_new_series_has_its_first_meeting(mark, at):
    row = series.create(make_plan(), by=mark, at=at)

    meeting = Meeting.objects.get()
    assert (meeting.series, meeting.starts_at, meeting.minutes, meeting.state) == (
        row,
        TUESDAY,
        45,
        MeetingState.PLANNED,
    )
    events = Event.objects.order_by("pk")
    assert list(events.values_list("kind", "entry__actor", "payload")) == [
        ("meetings.series.created", mark.pk, {}),
        (
            "meetings.meeting.planned",
            mark.pk,
            {"series": row.pk, "starts_at": "2026-03-03T08:00:00+00:00"},
        ),
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"time_zone": "../etc"}, "time_zone"),
        ({"name": "Weekly meeting"}, "name"),
    ],
)
def test_a_wrong_plan_is_refused_and_nothing_is_written(at, fields, field):
    make_series(at=at)
    before = position()

    with pytest.raises(series.WrongSeries) as refusal:
        series.create(make_plan(**({"name": "Another"} | fields)), by=None, at=at)

    assert (refusal.value.field, position(), Series.objects.count()) == (
        field,
        before,
        1,
    )


def test_a_facilitator_belongs_to_the_side(sally, mark, at):
    with pytest.raises(series.WrongSeries) as refusal:
        series.create(make_plan(sales_facilitator=mark), by=mark, at=at)

    assert refusal.value.field == "sales_facilitator"


def test_the_teams_take_turns(sally, mark, at):
    row = make_series(at=at, sales_facilitator=sally, marketing_facilitator=mark)
    led = []
    for _ in range(4):
        meeting = next_of(row)
        led.append((meeting.side, meeting.facilitator))
        hold(meeting, by=sally)

    assert led == [
        ("sales", sally),
        ("marketing", mark),
        ("sales", sally),
        ("marketing", mark),
    ]


def test_who_was_to_lead_a_skipped_meeting_leads_the_next(sally, mark, at):
    row = make_series(
        at=at,
        first_side="marketing",
        sales_facilitator=sally,
        marketing_facilitator=mark,
    )
    hold(next_of(row), by=sally)
    meetings.skip(next_of(row), by=sally, at=at + WEEK)

    assert [
        (m.starts_at, m.side, m.state) for m in Meeting.objects.order_by("starts_at")
    ] == [
        (TUESDAY, "marketing", MeetingState.HELD),
        (TUESDAY + WEEK, "sales", MeetingState.SKIPPED),
        (TUESDAY + 2 * WEEK, "sales", MeetingState.PLANNED),
    ]


def test_a_side_without_a_named_person_is_led_by_its_first_head(at):
    make_user(Role.HEAD_OF_MARKETING)
    head = make_user(Role.HEAD_OF_SALES)
    make_user(Role.HEAD_OF_SALES)

    assert make_meeting(at=at).facilitator == head


def test_a_side_without_anybody_has_no_facilitator_yet_a_turn(at):
    meeting = make_meeting(at=at, first_side="marketing")

    assert (meeting.side, meeting.facilitator) == ("marketing", None)


def test_a_person_who_left_does_not_lead(sally, at):
    row = make_series(at=at, marketing_facilitator=None, sales_facilitator=sally)
    sally.is_active = False
    sally.save(update_fields=["is_active"])
    row.refresh_from_db()
    hold(next_of(row), by=sally)
    hold(next_of(row), by=sally)

    assert (next_of(row).side, next_of(row).facilitator) == ("sales", None)


def test_the_planned_meeting_follows_a_change_and_others_stay(sally, at):
    row = make_series(at=at)
    hold(next_of(row), by=sally)
    plan = make_plan(weekday=3, local_time=time(14), minutes=60)

    series.change(row, plan, by=sally, at=TUESDAY + timedelta(hours=2))

    assert [
        (m.starts_at, m.minutes) for m in Meeting.objects.order_by("starts_at")
    ] == [(TUESDAY, 45), (datetime(2026, 3, 5, 12, tzinfo=UTC), 60)]
    moved = Event.objects.filter(kind="meetings.meeting.moved").get()
    changed = Event.objects.filter(kind="meetings.series.changed").get()
    assert moved.payload == {"starts_at": "2026-03-05T12:00:00+00:00"}
    assert changed.payload == {"fields": "local_time,minutes,weekday"}


def test_changing_nothing_writes_nothing(sally, at):
    row = make_series(at=at)
    before = position()

    series.change(row, make_plan(), by=sally, at=at)

    assert position() == before


def test_a_stopped_series_plans_nothing_until_it_goes_on(sally, at):
    row = make_series(at=at)
    make_topic(next_of(row), by=sally)

    series.stop(row, by=sally, at=at)
    preparing.prepare(at=at + WEEK)
    assert (upcoming(row), Meeting.objects.get().state) == (
        None,
        MeetingState.SKIPPED,
    )

    series.resume(row, by=sally, at=at + WEEK)
    assert next_of(row).starts_at == TUESDAY + WEEK


@pytest.mark.parametrize("switch", ["stop", "resume"])
def test_stopping_and_going_on_again_change_nothing(sally, at, switch):
    row = make_series(at=at)
    if switch == "stop":
        series.stop(row, by=sally, at=at)
    before = position()

    getattr(series, switch)(row, by=sally, at=at)

    assert position() == before


def test_a_two_weekly_series_keeps_its_turn_after_a_skip(sally, at):
    row = make_series(at=at, weeks=2, first_on=date(2026, 3, 3))
    meetings.skip(next_of(row), by=sally, at=at)

    assert next_of(row).starts_at == TUESDAY + 2 * WEEK
