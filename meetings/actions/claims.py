from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Meeting, Series


class NotNow(DomainError):
    """The meeting is not in the state that this needs."""

    code = "meeting_state"


_REASONS = {
    MeetingState.PLANNED: _("This meeting has not begun."),
    MeetingState.AGENDA_WRITTEN: _("This meeting has not begun."),
    MeetingState.RUNNING: _("This meeting has begun already."),
    MeetingState.HELD: _("This meeting has ended; its minutes do not change."),
    MeetingState.SKIPPED: _("This meeting did not take place."),
}


def why_not(meeting: Meeting) -> str:
    """Say in a sentence what state keeps a meeting from something."""
    return str(_REASONS[MeetingState(meeting.state)])


def claim(meeting: Meeting, states: Sequence[str]) -> Meeting:
    """Lock a meeting until the open entry closes, and read it anew.

    Whoever writes rows of a meeting claims it first, so that none slips in while it
    begins or ends.

    Raises:
        NotNow: it is in none of the states.
    """
    ledger.current()
    rows = Meeting.objects.select_for_update(no_key=True, of=["self"])
    row = rows.select_related("series").get(pk=meeting.pk)
    if row.state not in states:
        raise NotNow(why_not(row))
    return row


def claim_item(item: AgendaItem, states: Sequence[str]) -> AgendaItem:
    """Lock the meeting of an item, and read the item anew.

    Raises:
        NotNow: the meeting is in none of the states.
    """
    meeting = claim(Meeting(pk=item.meeting_id), states)
    row = AgendaItem.objects.get(pk=item.pk)
    row.meeting = meeting
    return row


def claim_series(series: Series) -> Series:
    """Lock a series until the open entry closes, and read it anew."""
    ledger.current()
    return Series.objects.select_for_update(no_key=True).get(pk=series.pk)


def spoken(item: AgendaItem, at: datetime) -> int:
    """Return the whole seconds for which an item was talked about until ``at``."""
    return int(item.spent(at).total_seconds())
