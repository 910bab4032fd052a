from collections.abc import Collection
from datetime import date

from django.db import models
from django.db.models import QuerySet

from foundation.accounts.enums import Permission
from foundation.accounts.models import User
from foundation.accounts.rules import has_permission
from meetings.enums import ActionState, ItemKind, ItemState, MeetingState
from meetings.models import Action, ActionChange, AgendaItem, Decision, Series


def open_ones(series: Series | None = None) -> QuerySet[Action]:
    """Return the actions nobody has finished or dropped, the first due first.

    Those of one series, or of all. Loads what lists show and blocks further fetches.
    """
    rows = Action.objects.filter(state=ActionState.OPEN)
    if series is not None:
        rows = rows.filter(item__meeting__series=series)
    return (
        rows.select_related("owner", "item__meeting")
        .order_by("due_on", "pk")
        .fetch_mode(models.FETCH_RAISE)
    )


def by_ids(ids: Collection[int]) -> list[Action]:
    """Return these actions as they are now, the first due first. One statement."""
    rows = Action.objects.filter(pk__in=ids).select_related("owner")
    return list(rows.order_by("due_on", "pk"))


def open_of(user: User) -> QuerySet[Action]:
    """Return somebody's own open actions, the first due first."""
    return open_ones().filter(owner=user)


def to_check(series: Series, *, on: date) -> QuerySet[Decision]:
    """Return the decisions of which it is time to see whether they helped.

    Those whose date has come by ``on`` and that no meeting has looked at since; one
    that was parked comes back as a parked item does.
    """
    seen = AgendaItem.objects.filter(
        kind=ItemKind.HELPED,
        decision=models.OuterRef("pk"),
        meeting__state=MeetingState.HELD,
        state__in=[ItemState.DISCUSSED, ItemState.PARKED],
    )
    rows = Decision.objects.filter(
        ~models.Exists(seen),
        item__meeting__series=series,
        item__meeting__state=MeetingState.HELD,
        help_by__lte=on,
    )
    return rows.select_related("item__meeting").order_by("help_by", "pk")


def readable(user: User) -> QuerySet[Action]:
    """Return the actions somebody may read, with what their page names."""
    if not has_permission(user, Permission.MEETINGS_VIEW):
        return Action.objects.none()
    return Action.objects.select_related("owner", "agreed_by", "item__meeting__series")


def changes_of(action: Action) -> QuerySet[ActionChange]:
    """Return what became of an action, the last change first."""
    people = ["owner_before", "owner_after", "changed_by"]
    return action.changes.select_related(*people).order_by("-pk")
