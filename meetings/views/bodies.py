"""What the page of one meeting shows: its agenda, the room, or its minutes."""

from typing import Any

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest
from foundation.accounts.rules import has_permission
from foundation.kernel import clock
from foundation.ledger.queries import live
from meetings.enums import OPEN, UPCOMING, MeetingState
from meetings.forms import Choices
from meetings.models import Meeting
from meetings.queries import agenda
from meetings.views import rooms, sealed, wording
from meetings.views.shown import Shown, rows_of

TEMPLATE = "meetings/meeting_detail.html"


def body(request: UserRequest, meeting: Meeting, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the context of a meeting's page; ``more`` are a refusal and sent forms."""
    frame, at = live(), clock.now()
    items = list(agenda.with_records(meeting))
    context = {
        "meeting": meeting,
        "when": wording.when(meeting.starts_at, at),
        "may_hold": has_permission(request.user, Permission.MEETINGS_HOLD),
        "is_upcoming": meeting.state in UPCOMING,
        "box_total": sum(item.box_minutes for item in items),
        **frame,
    }
    if meeting.state == MeetingState.HELD:
        return {**context, **sealed.minutes(meeting, items), **more}
    if meeting.state in OPEN:
        return {**context, **rooms.room(request, meeting, items, at=at), **more}
    rows = rows_of(items)
    return {**context, "shown": [Shown.of(item, rows) for item in items], **more}


def choices(meeting: Meeting) -> Choices:
    """Return the items of a meeting by id, as the reader calls them."""
    rows = meeting.items.select_related("decision")
    return [(str(item.pk), wording.title(item)) for item in rows]
