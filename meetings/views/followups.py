"""Actions after their meeting: ticked off, moved, dropped, opened again."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.rules import has_permission
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import fragment, page
from foundation.ledger.queries import live
from meetings.actions import followups
from meetings.forms import DropForm, MoveForm
from meetings.models import Action
from meetings.queries import followups as queries

TEMPLATE = "meetings/action_detail.html"


@requires(Permission.MEETINGS_VIEW)
@require_GET
def action_detail(request: UserRequest, pk: int) -> HttpResponse:
    return page(request, TEMPLATE, _context(request, pk), partial="action-body")


@requires(Permission.MEETINGS_HOLD)
@require_POST
def action_finish(request: UserRequest, pk: int) -> HttpResponse:
    def act(action: Action, at: datetime) -> None:
        followups.finish(action, by=request.user, at=at)

    response = _do(request, pk, act)
    if request.htmx and response.status_code == HTTPStatus.OK:
        here = {"next": request.htmx.current_url_abs_path or "/"}
        undo = reverse("meetings:action-reopen", args=[pk], query=here)
        told = {"text": _("Done."), "level": "success", "undo": undo}
        trigger_client_event(response, "ui:message", told)
    return response


@requires(Permission.MEETINGS_HOLD)
@require_POST
def action_reopen(request: UserRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda a, at: followups.reopen(a, by=request.user, at=at))


@requires(Permission.MEETINGS_HOLD)
@require_POST
def action_drop(request: UserRequest, pk: int) -> HttpResponse:
    form = DropForm(request.POST, auto_id="drop_%s")

    def act(action: Action, at: datetime) -> None:
        followups.drop(action, **form.cleaned_data, by=request.user, at=at)

    return _do(request, pk, act, drop_form=form)


@requires(Permission.MEETINGS_HOLD)
@require_POST
def action_move(request: UserRequest, pk: int) -> HttpResponse:
    form = MoveForm(request.POST, auto_id="move_%s")

    def act(action: Action, at: datetime) -> None:
        followups.move(action, **form.cleaned_data, by=request.user, at=at)

    return _do(request, pk, act, move_form=form)


def _context(request: UserRequest, pk: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    frame = live()
    action = get_object_or_404(queries.readable(request.user), pk=pk)
    given = {"owner": action.owner_id, "due_on": action.due_on}
    return {
        "action": action,
        "meeting": action.item.meeting,
        "changes": queries.changes_of(action),
        "may_hold": has_permission(request.user, Permission.MEETINGS_HOLD),
        "move_form": MoveForm(initial=given, auto_id="move_%s"),
        "drop_form": DropForm(auto_id="drop_%s"),
        **frame,
        **more,
    }


def _do(
    request: UserRequest,
    pk: int,
    act: Callable[[Action, datetime], object],
    **sent: forms.Form,
) -> HttpResponse:
    action = get_object_or_404(queries.readable(request.user), pk=pk)
    refusal: DomainError | None = None
    if all(form.is_valid() for form in sent.values()):
        try:
            act(action, clock.now())
        except DomainError as error:
            refusal = error
    wrong = {name: form for name, form in sent.items() if refusal or form.errors}
    if not request.htmx:
        return _back(request, pk, refusal, wrong)
    context = _context(request, pk, refusal=refusal, **wrong)
    status = refusal.status if refusal else 422 if wrong else 200
    return fragment(
        request,
        TEMPLATE,
        "action-body",
        context,
        event="meetings-changed",
        status=status,
    )


def _back(
    request: UserRequest, pk: int, refusal: DomainError | None, wrong: dict[str, Any]
) -> HttpResponse:
    if refusal:
        messages.error(request, str(refusal))
    elif wrong:
        messages.error(request, _("Something is missing: fill it in again."))
    address = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return redirect(address)
    return redirect("meetings:action-detail", pk=pk)
