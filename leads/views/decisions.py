"""What people do on a lead: each act is one post, answered with the lead's page."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import User
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import fragment
from foundation.ledger import actions as ledger
from leads import rules
from leads.actions import assignments, decisions, leads, touchpoints
from leads.actions.notes import write_note
from leads.actions.touchpoints import Touch
from leads.enums import Exclusion, Stage
from leads.forms import BulkForm, OwnerForm, QualifyForm, RefusalForm, TouchForm
from leads.models import Lead
from leads.views.leads import lead_context

TEMPLATE = "leads/lead_detail.html"

CHANGED, DECIDED = "leads-changed", "lead-decided"
"""Events for the page: something about the lead is new; it was accepted or let go."""


@requires(Permission.LEADS_WORK)
@require_POST
def lead_accept(request: UserRequest, pk: int) -> HttpResponse:
    def act(lead: Lead, at: datetime) -> None:
        decisions.accept(lead, by=request.user, at=at)

    return _do(request, pk, act, done=DECIDED)


@requires(Permission.LEADS_WORK)
@require_POST
def lead_refuse(request: UserRequest, pk: int) -> HttpResponse:
    form = RefusalForm(request.POST, auto_id="refusal_%s")

    def act(lead: Lead, at: datetime) -> None:
        data = form.cleaned_data
        shared = {"reason": data["reason"], "note": data["note"]}
        if data["to"] == Stage.DISQUALIFIED:
            decisions.disqualify(lead, by=request.user, at=at, **shared)
        else:
            day = data["re_entry_on"]
            decisions.refuse(lead, by=request.user, at=at, re_entry_on=day, **shared)

    return _do(request, pk, act, done=DECIDED, refusal_form=form)


@requires(Permission.LEADS_EDIT)
@require_POST
def lead_qualify(request: UserRequest, pk: int) -> HttpResponse:
    form = QualifyForm(request.POST, auto_id="qualify_%s")

    def act(lead: Lead, at: datetime) -> None:
        data = form.cleaned_data
        decisions.qualify(
            lead,
            Stage(data["to"]),
            reason=data["reason"],
            note=data["note"],
            by=request.user,
            at=at,
        )

    return _do(request, pk, act, qualify_form=form)


@requires(Permission.TOUCHES_EDIT)
@require_POST
def lead_touch(request: UserRequest, pk: int) -> HttpResponse:
    form = TouchForm(request.POST, auto_id="touch_%s")

    def act(lead: Lead, at: datetime) -> None:
        with ledger.entry(by=request.user, at=at, cause="web"):
            _log(lead, form, by=request.user, at=at)
            if form.cleaned_data["accept"]:
                decisions.accept(lead, by=request.user, at=at)

    done = DECIDED if request.POST.get("accept") else CHANGED
    return _do(request, pk, act, done=done, touch_form=form)


def _log(lead: Lead, form: TouchForm, *, by: User, at: datetime) -> None:
    data = form.cleaned_data
    values = {
        "type": data["type"],
        "direction": data["direction"],
        "channel": form.channel(),
        "team": by.function or "",
        "actor_id": by.pk,
    }
    touch = Touch(lead.pk, data["occurred_at"] or at, values)
    row = touchpoints.log(touch, by=by, at=at)
    write_note(lead, data["note"], by=by, at=at, touch=row.pk)


@requires(Permission.LEADS_VIEW)
@require_POST
def lead_note(request: UserRequest, pk: int) -> HttpResponse:
    text = request.POST.get("text", "")[:2_000]

    def act(lead: Lead, at: datetime) -> None:
        with ledger.entry(by=request.user, at=at, cause="web") as entry:
            if note := write_note(lead, text, by=request.user, at=at):
                data = {"note": note.pk}
                entry.record(
                    "leads.note.written", subject=("leads.lead", lead.pk), data=data
                )

    return _do(request, pk, act)


@requires(Permission.LEADS_WORK)
@require_POST
def lead_assign(request: UserRequest, pk: int) -> HttpResponse:
    form = OwnerForm(request.POST, auto_id="owner_%s")

    def act(lead: Lead, at: datetime) -> None:
        owner = form.cleaned_data["owner"]
        assignments.assign([lead.pk], owner=owner, by=request.user, at=at)

    return _do(request, pk, act, owner_form=form)


@requires(Permission.LEADS_ASSIGN)
@require_POST
def lead_bulk(request: UserRequest) -> HttpResponse:
    form = BulkForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Tick the leads first."))
        return redirect(_back(request, "/leads/"))
    try:
        count = _bulk(form, by=request.user, at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("%(n)d lead changed.", "%(n)d leads changed.", count)
        messages.success(request, text % {"n": count})
    return redirect(_back(request, "/leads/"))


def _bulk(form: BulkForm, *, by: User, at: datetime) -> int:
    data = form.cleaned_data
    if data["act"] == "turn":
        return len(assignments.hand_out(data["ids"], by=by, at=at))
    if data["act"] == "exclude":
        return leads.exclude(data["ids"], Exclusion(data["exclusion"]), by=by, at=at)
    owner = User.objects.filter(pk=data["owner"]).first() if data["owner"] else None
    return assignments.assign(data["ids"], owner=owner, by=by, at=at)


def _do(
    request: UserRequest,
    pk: int,
    act: Callable[[Lead, datetime], None],
    *,
    done: str = CHANGED,
    **sent: forms.Form,
) -> HttpResponse:
    """Do one act and answer with the page, or with what stood against it."""
    lead = get_object_or_404(rules.leads_visible_to(request.user), pk=pk)
    refusal: DomainError | None = None
    if all(form.is_valid() for form in sent.values()):
        try:
            act(lead, clock.now())
        except DomainError as error:
            refusal = error
    wrong = {name: form for name, form in sent.items() if form.errors}
    return _answer(request, lead, refusal, wrong, done)


def _answer(
    request: UserRequest,
    lead: Lead,
    refusal: DomainError | None,
    wrong: dict[str, Any],
    done: str,
) -> HttpResponse:
    if not request.htmx:
        if refusal:
            messages.error(request, str(refusal))
        if wrong:
            messages.error(request, _("Something is missing: open the form again."))
        return redirect(_back(request, f"/leads/{lead.pk}/"))
    row = Lead.objects.select_related("company", "owner", "campaign", "merged_into")
    context = lead_context(request, row.get(pk=lead.pk), refusal=refusal, **wrong)
    status = refusal.status if refusal else 422 if wrong else HTTPStatus.OK
    event = done if status == HTTPStatus.OK else None
    response = fragment(
        request, TEMPLATE, "lead-body", context, event=event, status=status
    )
    if event == DECIDED:
        text = _("%(name)s: %(stage)s") % {
            "name": context["lead"].name,
            "stage": context["lead"].get_stage_display(),
        }
        trigger_client_event(response, "ui:message", {"text": text, "level": "success"})
    return response


def _back(request: UserRequest, otherwise: str) -> str:
    address = request.POST.get("next", "")
    same = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if same else otherwise
