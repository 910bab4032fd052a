from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from meetings.actions import series as actions
from meetings.forms import SeriesForm
from meetings.models import Series

TEMPLATE = "meetings/series_form.html"


@requires(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def series_create(request: UserRequest) -> HttpResponse:
    settings = workspace.current()
    first = {"time_zone": settings.time_zone, "first_on": settings.today(clock.now())}
    form = SeriesForm(request.POST or None, initial=first)
    return _edit(request, form, None)


@requires(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def series_change(request: UserRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Series, pk=pk)
    form = SeriesForm(request.POST or None, initial=vars(actions.plan_of(row)))
    return _edit(request, form, row)


@requires(Permission.AGREEMENT_EDIT)
@require_POST
def series_stop(request: UserRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Series, pk=pk)
    actions.stop(row, by=request.user, at=clock.now())
    messages.success(request, _("The meetings have stopped."))
    return redirect("meetings:meeting-list")


@requires(Permission.AGREEMENT_EDIT)
@require_POST
def series_resume(request: UserRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Series, pk=pk)
    actions.resume(row, by=request.user, at=clock.now())
    messages.success(request, _("The meetings go on."))
    return redirect("meetings:meeting-list")


def _edit(request: UserRequest, form: SeriesForm, row: Series | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            _save(form, row, request, at=clock.now())
        except DomainError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("meetings:meeting-list")
    response = page(request, TEMPLATE, {"form": form, "series": row})
    response.status_code = 422 if form.errors else 200
    return response


def _save(
    form: SeriesForm, row: Series | None, request: UserRequest, *, at: datetime
) -> None:
    if row is None:
        actions.create(form.plan(), by=request.user, at=at)
    else:
        actions.change(row, form.plan(), by=request.user, at=at)
