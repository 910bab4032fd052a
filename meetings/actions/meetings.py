from datetime import datetime

from django.db.models import Max

from foundation.accounts.enums import Function
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from kpis.actions import scorecards
from kpis.models import Scorecard
from meetings import signals
from meetings.actions import agenda
from meetings.actions.claims import NotNow, claim, claim_series, why_not
from meetings.enums import UPCOMING, MeetingState
from meetings.models import Meeting, Series
from meetings.queries import chairs, minutes, spans
from meetings.queries import meetings as queries
from meetings.queries.agenda import with_records

SUBJECT = "meetings.meeting"


def plan_next(series: Series, *, by: User | None, at: datetime) -> Meeting | None:
    """Plan the next meeting of a series, unless one is planned or the series stopped.

    It is the first after ``at`` and after every other meeting of the series. The chair
    passes to the other team with each meeting that is not skipped.
    """
    if not series.is_active or queries.upcoming(series) is not None:
        return None
    with ledger.entry(by=by, at=at, cause="meetings") as entry:
        series = claim_series(series)
        if not series.is_active or queries.upcoming(series) is not None:
            return None
        latest = series.meetings.aggregate(latest=Max("starts_at"))["latest"]
        side = chairs.next_side(series)
        meeting = Meeting.objects.create(
            series=series,
            starts_at=series.rhythm.next_after(max(at, latest or at)),
            minutes=series.minutes,
            side=side,
            facilitator=chairs.facilitator(series, side),
        )
        entry.record(
            "meetings.meeting.planned",
            subject=(SUBJECT, meeting.pk),
            data={"series": series.pk, "starts_at": meeting.starts_at.isoformat()},
        )
    return meeting


def move_upcoming(series: Series, *, by: User, at: datetime) -> None:
    """Move the meeting that is planned to the series' present rhythm and people."""
    meeting = queries.upcoming(series)
    if meeting is None:
        plan_next(series, by=by, at=at)
        return
    with ledger.entry(by=by, at=at, cause="meetings") as entry:
        row = claim(meeting, UPCOMING)
        others = series.meetings.exclude(pk=row.pk)
        latest = others.aggregate(latest=Max("starts_at"))["latest"]
        Meeting.objects.filter(pk=row.pk).update(
            starts_at=series.rhythm.next_after(max(at, latest or at)),
            minutes=series.minutes,
            facilitator=chairs.facilitator(series, Function(row.side)),
        )
        row.refresh_from_db()
        entry.record(
            "meetings.meeting.moved",
            subject=(SUBJECT, row.pk),
            data={"starts_at": row.starts_at.isoformat()},
        )


def skip_upcoming(series: Series, *, by: User, at: datetime) -> None:
    """Skip the meeting that is planned, if there is one."""
    meeting = queries.upcoming(series)
    if meeting is not None:
        skip(meeting, by=by, at=at)


def skip(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """Record that a meeting does not take place, and plan the next one.

    What people put on its agenda goes on to the next. Again changes nothing.

    Raises:
        NotNow: it has begun, or was held.
    """
    if _now(meeting).state == MeetingState.SKIPPED:
        return
    with ledger.entry(by=by, at=at, cause="meetings") as entry:
        row = claim(meeting, UPCOMING)
        Meeting.objects.filter(pk=row.pk).update(state=MeetingState.SKIPPED)
        entry.record("meetings.meeting.skipped", subject=(SUBJECT, row.pk))
        plan_next(row.series, by=by, at=at)
    meeting.refresh_from_db()


def start(meeting: Meeting, *, by: User, at: datetime) -> Meeting:
    """Begin a meeting with its first item. It may begin before its time, or late.

    Where no worker has written the agenda yet, it is written first. Of several who
    begin it at once one does, and the others find it begun.

    Raises:
        NotNow: it was held or did not take place.
    """
    if _now(meeting).state == MeetingState.RUNNING:
        return meeting
    if meeting.state == MeetingState.PLANNED:
        agenda.write(meeting, by=by, at=at)
    with ledger.entry(by=by, at=at, cause="meetings") as entry:
        row = claim(meeting, [*UPCOMING, MeetingState.RUNNING])
        if row.state == MeetingState.RUNNING:
            return row
        Meeting.objects.filter(pk=row.pk).update(
            state=MeetingState.RUNNING, started_at=at, started_by=by
        )
        row.refresh_from_db()
        entry.record("meetings.meeting.started", subject=(SUBJECT, row.pk))
        agenda.take_up_next(row, at=at)
        signals.meeting_started.send(Meeting, meeting=row, by=by, at=at)
    return row


def end(meeting: Meeting, *, by: User, at: datetime) -> Meeting:
    """End a meeting: pin the scorecard, seal the minutes and plan the next meeting.

    Topics of people that nobody came to are parked, so that they come back. Of two who
    end it at once one does, and the other gets the same minutes.

    Raises:
        NotNow: it has not begun.
    """
    if (meeting := _now(meeting)).state == MeetingState.HELD:
        return meeting
    if meeting.state != MeetingState.RUNNING:
        raise NotNow(why_not(meeting))
    card = scorecards.current(spans.quarter(at), at=at)
    with ledger.entry(by=by, at=at, cause="meetings") as entry:
        row = claim(meeting, [MeetingState.RUNNING, MeetingState.HELD])
        if row.state == MeetingState.HELD:
            return row
        agenda.put_down(row, at=at)
        agenda.park_topics(row)
        scorecards.pin(card, by=by, at=at)
        _seal(row, card, by=by, at=at)
        entry.record(
            "meetings.meeting.ended",
            subject=(SUBJECT, row.pk),
            data={"scorecard": row.scorecard_id, "seal": row.digest},
        )
        signals.meeting_ended.send(Meeting, meeting=row, by=by, at=at)
        plan_next(row.series, by=by, at=at)
    return row


def _seal(row: Meeting, card: Scorecard, *, by: User, at: datetime) -> None:
    """Freeze the minutes; from here on the database refuses every change of them."""
    items = list(with_records(row))
    row.state, row.ended_at, row.ended_by = MeetingState.HELD, at, by
    row.scorecard = card
    row.record = minutes.record_of(items) | {"position": card.position}
    row.digest = minutes.seal(row, items)
    row.save(
        update_fields=[
            "state",
            "ended_at",
            "ended_by",
            "scorecard",
            "record",
            "digest",
        ]
    )


def _now(meeting: Meeting) -> Meeting:
    meeting.refresh_from_db()
    return meeting
