"""What the minutes of a meeting are, and whether they still are."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from foundation.accounts.models import User
from meetings.domain.minutes import digest
from meetings.models import Action, AgendaItem, Decision, Meeting

type Record = dict[str, Any]


def record_of(items: Sequence[AgendaItem]) -> Record:
    """Return what is kept of a meeting: coded values and references, no words.

    Words of people stay in their rows, which the database keeps from changing; of
    actions, which live on, it says what was agreed. ``items`` come `with_records`.
    """
    return {"items": [_item(item) for item in items]}


def seal(meeting: Meeting, items: Sequence[AgendaItem]) -> str:
    """Return the digest over everything a reader of the minutes sees.

    That is the record, the people, the moments, the scorecard and every word.
    """
    return digest(
        {
            "meeting": meeting.pk,
            "series": meeting.series_id,
            "starts_at": _moment(meeting.starts_at),
            "facilitator": meeting.facilitator_id,
            "started": [_moment(meeting.started_at), meeting.started_by_id],
            "ended": [_moment(meeting.ended_at), meeting.ended_by_id],
            "scorecard": meeting.scorecard_id,
            "record": meeting.record,
            "words": [_words(item) for item in items],
        }
    )


def is_intact(meeting: Meeting, items: Sequence[AgendaItem]) -> bool:
    """Tell whether the minutes are what they were when the meeting ended."""
    return seal(meeting, items) == meeting.digest


def people_of(meeting: Meeting) -> dict[int, User]:
    """Return whom the record names as owners of actions, by id. One statement."""
    record: Record = meeting.record or {"items": []}
    agreed = [row["owner"] for item in record["items"] for row in item["actions"]]
    listed = [
        row["owner"]
        for item in record["items"]
        for row in item["facts"].get("actions", [])
    ]
    return User.objects.in_bulk({*agreed, *listed})


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _item(item: AgendaItem) -> Record:
    return {
        "id": item.pk,
        "kind": item.kind,
        "source": item.source,
        "state": item.state,
        "params": item.params,
        "facts": item.facts,
        "box_minutes": item.box_minutes,
        "spent_seconds": item.spent_seconds,
        "carried_from": item.carried_from_id,
        "added_by": item.added_by_id,
        "notes": [note.pk for note in item.notes.all()],
        "decisions": [_decision(row) for row in item.decisions.all()],
        "actions": [_action(row) for row in item.actions.all()],
    }


def _decision(row: Decision) -> Record:
    return {
        "id": row.pk,
        "help_by": row.help_by.isoformat() if row.help_by else None,
        "help_kpi": row.help_kpi,
    }


def _action(row: Action) -> Record:
    return {
        "id": row.pk,
        "owner": row.owner_id,
        "due_on": row.due_on.isoformat(),
        "state": row.state,
    }


def _words(item: AgendaItem) -> list[Any]:
    return [
        item.text,
        [[n.text, n.written_by_id, _moment(n.written_at)] for n in item.notes.all()],
        [[d.text, d.taken_by_id, _moment(d.taken_at)] for d in item.decisions.all()],
        [[a.text, a.agreed_by_id, _moment(a.agreed_at)] for a in item.actions.all()],
    ]
