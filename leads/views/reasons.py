"""The lists of reasons: what people can choose when they refuse, lose or correct."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from leads.actions import reasons as actions
from leads.enums import ReasonKind
from leads.forms import NewReasonForm, ReasonForm
from leads.models import Reason


@requires(Permission.REASONS_EDIT)
@require_GET
def reason_list(request: UserRequest) -> HttpResponse:
    rows = list(Reason.objects.all())
    lists = [
        {"kind": kind, "reasons": [row for row in rows if row.kind == kind]}
        for kind in ReasonKind
    ]
    return page(request, "leads/reason_list.html", {"lists": lists})


@requires(Permission.REASONS_EDIT)
@require_http_methods(["GET", "POST"])
def reason_create(request: UserRequest) -> HttpResponse:
    form = NewReasonForm(request.POST or None, initial={"kind": request.GET.get("of")})
    return _edit(request, form)


@requires(Permission.REASONS_EDIT)
@require_http_methods(["GET", "POST"])
def reason_change(request: UserRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Reason, pk=pk)
    return _edit(request, ReasonForm(request.POST or None, instance=row))


def _edit(request: UserRequest, form: ReasonForm | NewReasonForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            _save(form, request, at=clock.now())
        except DomainError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("leads:reason-list")
    response = page(request, "leads/reason_form.html", {"form": form})
    response.status_code = 422 if form.errors else 200
    return response


def _save(
    form: ReasonForm | NewReasonForm, request: UserRequest, *, at: datetime
) -> None:
    save = actions.create if isinstance(form, NewReasonForm) else actions.change
    save(form.instance, by=request.user, at=at)
