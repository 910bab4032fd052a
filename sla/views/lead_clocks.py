"""A lead's clocks on its page and in the queue: why they say so, pause and go on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from leads.models import Lead
from leads.rules import leads_visible_to, may_work
from sla.actions import pauses
from sla.actions.pauses import Wish
from sla.enums import ClauseKind, ClockState, PauseReason
from sla.forms import PauseForm
from sla.models import Clock
from sla.queries import clocks as queries
from sla.queries import explanations
from sla.queries.pauses import pausable
from sla.views import countdowns

TEMPLATE = "sla/lead_clocks.html"


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def lead_clocks(request: UserRequest, pk: int) -> HttpResponse:
    """Show a lead's clocks, each explaining itself; a region of the lead's page."""
    lead = get_object_or_404(leads_visible_to(request.user), pk=pk)
    return page(request, TEMPLATE, _context(request, lead))


@requires(Permission.LEADS_WORK)
@require_POST
def lead_pause(request: UserRequest, pk: int) -> HttpResponse:
    """Let the lead's clocks stand still for a signed reason."""
    lead = get_object_or_404(leads_visible_to(request.user), pk=pk)
    form = PauseForm(lead, request.POST, auto_id="pause_%s")

    def act(at: datetime) -> None:
        data = form.cleaned_data
        wish = Wish(PauseReason(data["reason"]), data["until_at"], data["evidence"])
        pauses.pause_all(lead, wish, by=request.user, at=at)

    return _do(request, lead, act, _("The clocks stand still."), form)


@requires(Permission.LEADS_WORK)
@require_POST
def lead_resume(request: UserRequest, pk: int) -> HttpResponse:
    """Let the lead's paused clocks go on."""
    lead = get_object_or_404(leads_visible_to(request.user), pk=pk)

    def act(at: datetime) -> None:
        pauses.resume_all(lead, by=request.user, at=at)

    return _do(request, lead, act, _("The clocks go on."), None)


def _do(
    request: UserRequest,
    lead: Lead,
    act: Callable[[datetime], object],
    done: str,
    form: PauseForm | None,
) -> HttpResponse:
    """Do it and answer with the clocks, or with the form and what stood against it."""
    refusal: DomainError | None = None
    if form is None or form.is_valid():
        try:
            act(clock.now())
        except DomainError as error:
            refusal = error
            if form is not None and error.field in form.fields:
                form.add_error(error.field, str(error))
    if not request.htmx:
        return _plainly(request, lead, refusal, done, form)
    wrong = form if form is not None and form.errors else None
    context = _context(request, lead, form=wrong, refusal=None if wrong else refusal)
    status = refusal.status if refusal else 422 if wrong else 200
    response = page(request, TEMPLATE, context, status=status)
    if status == 200:
        told = {"text": done, "level": "success"}
        trigger_client_event(response, "ui:message", told)
    return response


def _plainly(
    request: UserRequest,
    lead: Lead,
    refusal: DomainError | None,
    done: str,
    form: PauseForm | None,
) -> HttpResponse:
    if refusal:
        messages.error(request, str(refusal))
    elif form is not None and form.errors:
        messages.error(request, _("Something is missing: open the form again."))
    else:
        messages.success(request, done)
    return redirect("leads:lead-detail", pk=lead.pk)


def _context(
    request: UserRequest,
    lead: Lead,
    *,
    form: PauseForm | None = None,
    refusal: DomainError | None = None,
) -> dict[str, Any]:
    at, rows = clock.now(), queries.clocks_of(lead)
    works = may_work(request.user, lead)
    if form is None and works and pausable(rows, at=at):
        form = PauseForm(lead, auto_id="pause_%s")
    return {
        "lead": lead,
        "clocks": [_shown(row, at) for row in rows[: 2 * len(ClauseKind)]],
        "pause_form": form,
        "may_resume": works and any(row.state == ClockState.PAUSED for row in rows),
        "refusal": refusal,
    }


def _shown(row: Clock, at: datetime) -> dict[str, Any]:
    return {
        "clock": row,
        "left": countdowns.items([row], at=at)[0] if row.waiting else None,
        "told": explanations.explain(row, at=at),
    }
