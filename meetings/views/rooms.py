"""The agenda while people can work on it, and the room while the meeting runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from foundation.accounts.guards import UserRequest
from meetings import rules
from meetings.enums import ItemState
from meetings.forms import ActionForm, DecisionForm, NoteForm, TopicForm
from meetings.models import AgendaItem, Meeting
from meetings.views import timers
from meetings.views.shown import Shown, rows_of


def room(
    request: UserRequest,
    meeting: Meeting,
    items: Sequence[AgendaItem],
    *,
    at: datetime,
) -> dict[str, Any]:
    """Return what a meeting that is planned or runs shows, and its forms."""
    rows = rows_of(items)
    shown = [
        Shown.of(
            item,
            rows,
            timer=timers.of_item(item, at),
            may_withdraw=rules.may_withdraw(request.user, item),
        )
        for item in items
    ]
    focus = _focus(request, shown)
    return {
        "shown": shown,
        "focus": focus,
        "here": _here(request, focus),
        "timer": timers.of_meeting(meeting, at),
        "may_take_back": rules.leads(request.user, meeting),
        **_forms(shown, focus),
    }


def _forms(shown: Sequence[Shown], focus: Shown | None) -> dict[str, Any]:
    """Return the forms of the room, about the item that the reader looks at."""
    items = [(str(one.item.pk), one.title) for one in shown]
    about = {"item": focus.item.pk if focus else None}
    return {
        "note_form": NoteForm(items=items, initial=about, auto_id="note_%s"),
        "decision_form": DecisionForm(
            items=items, initial=about, auto_id="decision_%s"
        ),
        "action_form": ActionForm(items=items, initial=about, auto_id="action_%s"),
        "topic_form": TopicForm(auto_id="topic_%s"),
    }


def _focus(request: UserRequest, shown: Sequence[Shown]) -> Shown | None:
    """Return the item somebody looks at: the chosen one, else the current one."""
    wanted = request.GET.get("item", "")
    chosen = [one for one in shown if str(one.item.pk) == wanted]
    current = [one for one in shown if one.is_current]
    left = [one for one in shown if one.item.state == ItemState.OPEN]
    return next(iter([*chosen, *current, *left, *shown]), None)


def _here(request: UserRequest, focus: Shown | None) -> str:
    """Return the query that keeps the reader's own choice; none follows the room."""
    if focus is None or str(focus.item.pk) != request.GET.get("item"):
        return ""
    return f"?item={focus.item.pk}"
