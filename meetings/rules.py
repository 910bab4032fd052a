"""Who may do what in a meeting. Reading and holding are open to every member."""

from django.db.models import QuerySet

from foundation.accounts.enums import Permission
from foundation.accounts.models import User
from foundation.accounts.rules import has_permission
from meetings.enums import UPCOMING, ItemSource
from meetings.models import Action, AgendaItem, Decision, Meeting, Note


def meetings_visible_to(user: User) -> QuerySet[Meeting]:
    """Return the meetings somebody may read: all of them, for members."""
    if not has_permission(user, Permission.MEETINGS_VIEW):
        return Meeting.objects.none()
    return Meeting.objects.all()


def may_withdraw(user: User, item: AgendaItem) -> bool:
    """Tell whether somebody may take an item off the agenda again.

    Only whoever added it, until the meeting begins; what an earlier meeting carried
    on stays.
    """
    return (
        item.source == ItemSource.PERSON
        and item.carried_from_id is None
        and item.added_by_id == user.pk
        and item.meeting.state in UPCOMING
    )


def may_take_back(
    user: User, record: Note | Decision | Action, meeting: Meeting
) -> bool:
    """Tell whether somebody may take back what was written in a running meeting.

    Whoever wrote it, and whoever leads the meeting.
    """
    return leads(user, meeting) or user.pk == author_of(record)


def leads(user: User, meeting: Meeting) -> bool:
    """Tell whether somebody leads a meeting: its facilitator, and who began it."""
    return user.pk in {meeting.facilitator_id, meeting.started_by_id}


def author_of(record: Note | Decision | Action) -> int:
    """Return who wrote something down."""
    if isinstance(record, Note):
        return record.written_by_id
    if isinstance(record, Decision):
        return record.taken_by_id
    return record.agreed_by_id
