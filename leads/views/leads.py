from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.rules import has_permission
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from leads import rules
from leads.actions import leads
from leads.actions.leads import NewLead
from leads.forms import (
    FilterForm,
    NewLeadForm,
    OwnerForm,
    QualifyForm,
    RefusalForm,
    TouchForm,
    reps,
)
from leads.models import Lead
from leads.queries import leads as queries
from leads.queries import paths

_PAGES = ("before", "after")


@requires(Permission.LEADS_VIEW)
@require_GET
def lead_list(request: UserRequest) -> HttpResponse:
    frame = live()
    form = FilterForm(request.GET)
    marks = {name: _number(request, name) for name in _PAGES}
    found = queries.listed(form.asked(), reader=request.user, **marks)
    context = {
        "form": form,
        "page": found,
        "older_url": _address(request, before=found.older),
        "newer_url": _address(request, after=found.newer),
        "filters": _chips(request, form),
        "people": reps(),
        "may_assign": has_permission(request.user, Permission.LEADS_ASSIGN),
        "may_edit": has_permission(request.user, Permission.LEADS_EDIT),
        **frame,
    }
    return page(request, "leads/lead_list.html", context, partial="lead-rows")


@requires(Permission.LEADS_VIEW)
@require_GET
def lead_detail(request: UserRequest, pk: int) -> HttpResponse:
    frame = live()
    context = {**lead_context(request, _lead(request, pk)), **frame}
    return page(request, "leads/lead_detail.html", context, partial="lead-body")


@requires(Permission.LEADS_EDIT)
@require_http_methods(["GET", "POST"])
def lead_create(request: UserRequest) -> HttpResponse:
    form = NewLeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            lead = leads.create(NewLead(form.cleaned_data, at), by=request.user, at=at)
        except DomainError as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal))
        else:
            return redirect("leads:lead-detail", pk=lead.pk)
    status = 422 if form.errors else 200
    response = page(request, "leads/lead_create.html", {"form": form})
    response.status_code = status
    return response


def lead_context(request: UserRequest, lead: Lead, **forms: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what the lead page shows; ``forms`` replace those that were sent."""
    user = request.user
    return {
        "lead": lead,
        "events": paths.path_of(lead),
        "may_work": rules.may_work(user, lead),
        "may_assign": has_permission(user, Permission.LEADS_ASSIGN),
        "may_log": has_permission(user, Permission.TOUCHES_EDIT),
        "may_qualify": rules.may_edit(user, lead),
        "touch_form": TouchForm(auto_id="touch_%s"),
        "refusal_form": RefusalForm(auto_id="refusal_%s"),
        "qualify_form": QualifyForm(auto_id="qualify_%s"),
        "owner_form": OwnerForm(initial={"owner": lead.owner_id}, auto_id="owner_%s"),
        **forms,
    }


def _lead(request: UserRequest, pk: int) -> Lead:
    rows = rules.leads_visible_to(request.user)
    return get_object_or_404(
        rows.select_related("company", "owner", "campaign", "merged_into"), pk=pk
    )


def _number(request: HttpRequest, name: str) -> int | None:
    sent = request.GET.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 19 else None


def _address(request: HttpRequest, **mark: int | None) -> str:
    if not any(mark.values()):
        return ""
    query = request.GET.copy()
    for name in _PAGES:
        query.pop(name, None)
    query.update({name: str(value) for name, value in mark.items()})
    return "?" + query.urlencode()


def _chips(request: HttpRequest, form: FilterForm) -> list[dict[str, str]]:
    """Return the filters in force, each with the address without it."""
    chips = []
    for name, value in form.cleaned_data.items():
        if value:
            query = request.GET.copy()
            for gone in (name, *_PAGES):
                query.pop(gone, None)
            chips.append(
                {"label": _word(form, name, value), "url": "?" + query.urlencode()}
            )
    return chips


def _word(form: FilterForm, name: str, value: object) -> str:
    choices = getattr(form.fields[name], "choices", [])
    return str(dict(choices).get(value, value))
