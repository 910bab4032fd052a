"""What people do in a meeting: each act is one post, answered with the whole room."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import fragment
from meetings.actions import agenda, meetings, records
from meetings.enums import ItemState
from meetings.forms import AboutForm, ActionForm, DecisionForm, NoteForm, TopicForm
from meetings.models import Action, AgendaItem, Decision, Meeting, Note
from meetings.queries import meetings as queries
from meetings.views import bodies

type Act = Callable[[Meeting, datetime], object]


@requires(Permission.MEETINGS_HOLD)
@require_POST
def meeting_start(request: UserRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda m, at: meetings.start(m, by=request.user, at=at))


@requires(Permission.MEETINGS_HOLD)
@require_POST
def meeting_end(request: UserRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda m, at: meetings.end(m, by=request.user, at=at))


@requires(Permission.MEETINGS_HOLD)
@require_POST
def meeting_skip(request: UserRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda m, at: meetings.skip(m, by=request.user, at=at))


@requires(Permission.MEETINGS_HOLD)
@require_POST
def topic_add(request: UserRequest, pk: int) -> HttpResponse:
    form = TopicForm(request.POST, auto_id="topic_%s")

    def act(meeting: Meeting, at: datetime) -> None:
        agenda.add_topic(meeting, **form.cleaned_data, by=request.user, at=at)

    return _do(request, pk, act, topic_form=form)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def item_take_up(request: UserRequest, pk: int, item: int) -> HttpResponse:
    def act(meeting: Meeting, at: datetime) -> None:
        agenda.take_up(_item(meeting, item), by=request.user, at=at)

    return _do(request, pk, act)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def item_discuss(request: UserRequest, pk: int, item: int) -> HttpResponse:
    return _settle(request, pk, item, ItemState.DISCUSSED)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def item_park(request: UserRequest, pk: int, item: int) -> HttpResponse:
    return _settle(request, pk, item, ItemState.PARKED)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def item_withdraw(request: UserRequest, pk: int, item: int) -> HttpResponse:
    def act(meeting: Meeting, at: datetime) -> None:
        agenda.withdraw(_item(meeting, item), by=request.user, at=at)

    return _do(request, pk, act)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def note_write(request: UserRequest, pk: int) -> HttpResponse:
    return _write(request, pk, NoteForm, "note", records.write_note)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def decision_take(request: UserRequest, pk: int) -> HttpResponse:
    return _write(request, pk, DecisionForm, "decision", records.decide)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def action_agree(request: UserRequest, pk: int) -> HttpResponse:
    return _write(request, pk, ActionForm, "action", records.agree)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def note_take_back(request: UserRequest, pk: int, record: int) -> HttpResponse:
    return _take_back(request, pk, Note, record)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def decision_take_back(request: UserRequest, pk: int, record: int) -> HttpResponse:
    return _take_back(request, pk, Decision, record)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def action_take_back(request: UserRequest, pk: int, record: int) -> HttpResponse:
    return _take_back(request, pk, Action, record)


def _settle(request: UserRequest, pk: int, item: int, state: ItemState) -> HttpResponse:
    def act(meeting: Meeting, at: datetime) -> None:
        agenda.settle(_item(meeting, item), state, by=request.user, at=at)

    return _do(request, pk, act)


def _write(
    request: UserRequest,
    pk: int,
    kind: type[AboutForm],
    name: str,
    write: Callable[..., object],
) -> HttpResponse:
    """Write something down about the item that the form names."""
    meeting = _meeting(request, pk)
    form = kind(request.POST, items=bodies.choices(meeting), auto_id=f"{name}_%s")

    def act(meeting: Meeting, at: datetime) -> None:
        values = dict(form.cleaned_data)
        item = _item(meeting, values.pop("item"))
        write(item, values.pop("text"), **values, by=request.user, at=at)

    return _do(request, pk, act, **{f"{name}_form": form})


def _take_back[M: (Note, Decision, Action)](
    request: UserRequest, pk: int, model: type[M], record: int
) -> HttpResponse:
    def act(meeting: Meeting, at: datetime) -> None:
        rows = model._default_manager.filter(item__meeting=meeting)
        row: M = get_object_or_404(rows.select_related("item"), pk=record)
        records.take_back(row, by=request.user, at=at)

    return _do(request, pk, act)


def _meeting(request: UserRequest, pk: int) -> Meeting:
    return get_object_or_404(queries.readable(request.user), pk=pk)


def _item(meeting: Meeting, pk: int) -> AgendaItem:
    return get_object_or_404(meeting.items, pk=pk)


def _do(request: UserRequest, pk: int, act: Act, **sent: forms.Form) -> HttpResponse:
    """Do one act and answer with the room, or with what stood against it."""
    meeting = _meeting(request, pk)
    refusal: DomainError | None = None
    if all(form.is_valid() for form in sent.values()):
        try:
            act(meeting, clock.now())
        except DomainError as error:
            refusal = error
    return _answer(request, pk, refusal, sent)


def _answer(
    request: UserRequest,
    pk: int,
    refusal: DomainError | None,
    sent: dict[str, Any],
) -> HttpResponse:
    invalid = any(form.errors for form in sent.values())
    if not request.htmx:
        if refusal:
            messages.error(request, str(refusal))
        if invalid:
            messages.error(request, _("Something is missing: fill it in again."))
        return redirect(reverse("meetings:meeting-detail", args=[pk]))
    kept = {**sent, "unkept": _words(sent)} if refusal or invalid else _renewed(sent)
    context = bodies.body(request, _meeting(request, pk), refusal=refusal, **kept)
    if sent_form := context.get("sent_form"):
        context[f"{sent_form}_form"].fields["text"].widget.attrs["autofocus"] = True
    status = refusal.status if refusal else 422 if invalid else 200
    return fragment(request, bodies.TEMPLATE, "meeting-body", context, status=status)


def _renewed(sent: dict[str, Any]) -> dict[str, str]:
    """Name the form that was kept, so that it comes back empty."""
    for key in sent:
        name = key.removesuffix("_form")
        return {"sent_form": name, "sent_template": f"meetings/{name}_form.html"}
    return {}


def _words(sent: dict[str, Any]) -> str:
    """Return what somebody typed, for where there is no form to keep it any more."""
    return "\n".join(form.data.get("text", "") for form in sent.values())
