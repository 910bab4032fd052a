from django.db import models
from django.db.models import Prefetch, Q, QuerySet

from meetings.enums import ItemSource, ItemState, MeetingState
from meetings.models import Action, AgendaItem, Decision, Meeting, Note


def written(meeting: Meeting) -> QuerySet[AgendaItem]:
    """Return the items that were written from the records for this meeting."""
    return meeting.items.filter(source=ItemSource.MACHINE, carried_from__isnull=True)


def to_carry(meeting: Meeting) -> QuerySet[AgendaItem]:
    """Return the items of earlier meetings that are to go on in this one.

    Parked ones of meetings that were held; of meetings that did not take place what
    people added, and what these had been to carry on. Each has one successor at most.
    """
    parked = Q(meeting__state=MeetingState.HELD, state=ItemState.PARKED)
    missed = Q(meeting__state=MeetingState.SKIPPED) & (
        Q(source=ItemSource.PERSON) | Q(carried_from__isnull=False)
    )
    return (
        AgendaItem.objects.filter(parked | missed, meeting__series=meeting.series_id)
        .filter(carried_to__isnull=True)
        .order_by("meeting__starts_at", "place", "pk")
    )


def with_records(meeting: Meeting) -> QuerySet[AgendaItem]:
    """Return the items of a meeting in order, with all that was written under them.

    Loads what the room and the minutes show, and blocks any further fetch. Four
    statements at any number of items.
    """
    return (
        meeting.items.select_related("added_by", "decision", "carried_from__meeting")
        .prefetch_related(
            Prefetch("notes", Note.objects.select_related("written_by")),
            Prefetch("decisions", Decision.objects.select_related("taken_by")),
            Prefetch("actions", Action.objects.select_related("owner", "agreed_by")),
        )
        .fetch_mode(models.FETCH_RAISE)
    )
