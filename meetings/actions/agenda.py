"""Agendas: written by a worker from the records, added to by people, worked through."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import Forbidden
from foundation.ledger import actions as ledger
from kpis.actions import scorecards
from meetings import rules
from meetings.actions.claims import claim, claim_item, spoken
from meetings.domain.agenda import Draft, by_key, place_of
from meetings.enums import (
    OPEN,
    UPCOMING,
    ItemKind,
    ItemSource,
    ItemState,
    MeetingState,
)
from meetings.models import AgendaItem, Meeting
from meetings.queries import agenda as queries
from meetings.queries import drafts as drafting
from meetings.queries import spans

SUBJECT = "meetings.item"


class NotYours(Forbidden):
    """Only whoever put a topic on the agenda takes it off again."""

    code = "item_not_yours"


def write(meeting: Meeting, *, by: User | None, at: datetime) -> bool:
    """Write the agenda from the records, or bring it up to date; tell if it changed.

    Items written before are changed where a reader would see a difference, and taken
    off where their matter is gone. What people added stays as it is. Parked items and
    topics nobody came to are carried on from earlier meetings, each once. Writing again
    over the same records changes nothing. Once the meeting has begun nothing happens.

    The scorecards are worked out before the meeting is locked, in snapshots of their
    own: call it outside a transaction.
    """
    drafts = drafting.drafts(
        meeting,
        quarter=scorecards.current(spans.quarter(at), at=at),
        recent=scorecards.current(spans.since_last(meeting), at=at),
        at=at,
    )
    if not _would_change(meeting, drafts):
        return False
    with ledger.entry(by=by, at=at, cause="meetings.prepare") as entry:
        row = claim(meeting, list(MeetingState))
        if row.state not in UPCOMING or not _would_change(row, drafts):
            return False
        _rewrite(row, drafts, at=at)
        _carry_on(row, at=at)
        Meeting.objects.filter(pk=row.pk).update(
            state=MeetingState.AGENDA_WRITTEN, agenda_at=at
        )
        entry.record("meetings.agenda.written", subject=("meetings.meeting", row.pk))
    meeting.refresh_from_db()
    return True


def add_topic(
    meeting: Meeting, text: str, *, box_minutes: int, by: User, at: datetime
) -> AgendaItem:
    """Put a topic on the agenda, before the meeting or while it runs.

    Raises:
        NotNow: the meeting is over.
    """
    with ledger.entry(by=by, at=at, cause="web") as entry:
        row = claim(meeting, OPEN)
        item = AgendaItem.objects.create(
            meeting=row,
            place=place_of(ItemKind.TOPIC),
            kind=ItemKind.TOPIC,
            source=ItemSource.PERSON,
            text=text,
            box_minutes=box_minutes,
            added_by=by,
            added_at=at,
        )
        entry.record("meetings.item.added", subject=(SUBJECT, item.pk))
    return item


def withdraw(item: AgendaItem, *, by: User, at: datetime) -> None:
    """Take one's own topic off the agenda again, before the meeting begins.

    Raises:
        NotYours: somebody else added it, it was carried on, or is not a topic.
        NotNow: the meeting has begun.
    """
    with ledger.entry(by=by, at=at, cause="web") as entry:
        row = claim_item(item, UPCOMING)
        if not rules.may_withdraw(by, row):
            raise NotYours(_("Only who added a topic can take it off the agenda."))
        AgendaItem.objects.filter(pk=row.pk).delete()
        entry.record("meetings.item.withdrawn", subject=(SUBJECT, item.pk))


def take_up(item: AgendaItem, *, by: User, at: datetime) -> None:
    """Talk about this item now; the time of the one before stops. Again: nothing.

    An item that was discussed or parked is open again.

    Raises:
        NotNow: the meeting does not run.
    """
    item.refresh_from_db()
    if item.begun_at is not None:
        return
    with ledger.entry(by=by, at=at, cause="web"):
        row = claim_item(item, [MeetingState.RUNNING])
        if row.begun_at is None:
            put_down(row.meeting, at=at)
            _begin(row, at=at)


def settle(item: AgendaItem, state: ItemState, *, by: User, at: datetime) -> None:
    """Mark an item discussed, or park it for the next meeting; the next one begins.

    Settling an item nobody talks about leaves the one that is talked about alone.
    Again: nothing.

    Raises:
        NotNow: the meeting does not run.
    """
    item.refresh_from_db()
    if item.state == state:
        return
    with ledger.entry(by=by, at=at, cause="web") as entry:
        row = claim_item(item, [MeetingState.RUNNING])
        if row.state == state:
            return
        was_current = row.begun_at is not None
        _stop(row, state, at=at)
        entry.record(f"meetings.item.{state}", subject=(SUBJECT, row.pk))
        if was_current:
            take_up_next(row.meeting, at=at)


def take_up_next(meeting: Meeting, *, at: datetime) -> None:
    """Begin with the first item that is still open, in the open entry."""
    item = meeting.items.filter(state=ItemState.OPEN).first()
    if item is not None:
        _begin(item, at=at)


def put_down(meeting: Meeting, *, at: datetime) -> None:
    """Stop the time of the item that is talked about, in the open entry."""
    for item in meeting.items.filter(begun_at__isnull=False):
        _stop(item, item.state, at=at)


def park_topics(meeting: Meeting) -> None:
    """Park what people put on the agenda and nobody came to, in the open entry."""
    left = meeting.items.filter(state=ItemState.OPEN)
    mine = left.filter(source=ItemSource.PERSON) | left.filter(
        carried_from__isnull=False
    )
    mine.update(state=ItemState.PARKED)


def _begin(item: AgendaItem, *, at: datetime) -> None:
    AgendaItem.objects.filter(pk=item.pk).update(state=ItemState.OPEN, begun_at=at)
    ledger.current().record("meetings.item.taken_up", subject=(SUBJECT, item.pk))


def _stop(item: AgendaItem, state: str, *, at: datetime) -> None:
    AgendaItem.objects.filter(pk=item.pk).update(
        state=state, begun_at=None, spent_seconds=spoken(item, at)
    )


def _would_change(meeting: Meeting, drafts: Sequence[Draft]) -> bool:
    written = {(i.kind, i.decision_id): i for i in queries.written(meeting)}
    wanted = by_key(drafts)
    return (
        meeting.state == MeetingState.PLANNED
        or written.keys() != wanted.keys()
        or any(
            not draft.says_the_same_as(written[key].params, written[key].facts)
            for key, draft in wanted.items()
        )
        or queries.to_carry(meeting).exists()
    )


def _rewrite(meeting: Meeting, drafts: Sequence[Draft], *, at: datetime) -> None:
    written = {(i.kind, i.decision_id): i for i in queries.written(meeting)}
    wanted = by_key(drafts)
    gone = [item.pk for key, item in written.items() if key not in wanted]
    AgendaItem.objects.filter(pk__in=gone).delete()
    rows = [_item(meeting, draft, at=at) for draft in drafts]
    fresh = [row for row in rows if (row.kind, row.decision_id) not in written]
    known = [row for row in rows if (row.kind, row.decision_id) in written]
    for row in known:
        row.pk = written[row.kind, row.decision_id].pk
    AgendaItem.objects.bulk_create(fresh)
    AgendaItem.objects.bulk_update(known, ["params", "facts", "box_minutes"])


def _item(meeting: Meeting, draft: Draft, *, at: datetime) -> AgendaItem:
    return AgendaItem(
        meeting=meeting,
        place=place_of(draft.kind),
        kind=draft.kind,
        source=ItemSource.MACHINE,
        params=dict(draft.params),
        facts=dict(draft.facts),
        box_minutes=draft.box_minutes,
        decision_id=draft.decision,
        added_at=at,
    )


def _carry_on(meeting: Meeting, *, at: datetime) -> None:
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            place=item.place,
            kind=item.kind,
            source=item.source,
            text=item.text,
            params=item.params,
            facts=item.facts,
            box_minutes=item.box_minutes,
            decision_id=item.decision_id,
            carried_from=item,
            added_by_id=item.added_by_id,
            added_at=at,
        )
        for item in queries.to_carry(meeting)
    )
