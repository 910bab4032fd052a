"""The lead-goal calculator: from a revenue goal to marketing's volume clause.

The volume clause counts qualified leads, so the last rate is that of qualified leads.
"""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.accounts.rules import has_permission
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from foundation.kernel.periods import DAY, Period, Step, around
from kpis.domain.lead_goals import work_back
from kpis.domain.questions import Measure, Question
from kpis.forms import LeadGoalForm
from kpis.queries import targets
from kpis.queries.reading import reading
from kpis.queries.values import answer
from kpis.views import figures
from sla.actions import volumes

_TEMPLATE = "kpis/lead_goal.html"
_YEAR = 365
_MEASURED = {
    "average": "average_deal",
    "to_customer": "opportunity_to_customer",
    "to_opportunity": "mql_to_opportunity",
}
_DEFAULT_SHARE = 60
_BASIS = gettext_lazy("measured over the last 365 days")


@requires(Permission.NUMBERS_VIEW)
@require_GET
def lead_goal(request: UserRequest) -> HttpResponse:
    """Work a revenue goal back, by measured rates or by such as are typed."""
    measured = _measured()
    data = request.GET if "revenue" in request.GET else None
    form = LeadGoalForm(data, initial=_initial(measured))
    return page(request, _TEMPLATE, _context(request, form, measured))


@requires(Permission.AGREEMENT_EDIT)
@require_POST
def lead_goal_agree(request: UserRequest) -> HttpResponse:
    """Make the goal the volume clause of the draft, beginning one if there is none."""
    form = LeadGoalForm(request.POST)
    if not form.is_valid():
        context = _context(request, form, _measured())
        return page(request, _TEMPLATE, context, status=422)
    goal, period = work_back(form.plan), form.cleaned_data["period"]
    try:
        row = volumes.set_volume(goal.leads, period, by=request.user, at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        context = _context(request, form, _measured())
        return page(request, _TEMPLATE, context, status=refusal.status)
    messages.success(request, _("The goal is the volume clause of the draft now."))
    return redirect("sla:agreement-edit", pk=row.pk)


def _measured() -> dict[str, Measure]:
    """Return what the last 365 days say, all from one snapshot."""
    at = clock.now()
    today = workspace.current().today(at)
    year = Period(today - _YEAR * DAY, today, "year")
    with reading(at=at) as seen:
        return {
            name: answer(Question(key, year), seen).values[0].measure
            for name, key in _MEASURED.items()
        }


def _initial(measured: dict[str, Measure]) -> dict[str, Any]:
    quarter = around(workspace.current().today(clock.now()), Step.QUARTER)
    wanted = targets.of(["revenue_new"], quarter)
    found: dict[str, Any] = {"share": _DEFAULT_SHARE, "period": "quarter"}
    if "revenue_new" in wanted:
        found["revenue"] = wanted["revenue_new"].quantize(Decimal("0.01"))
    for name, measure in measured.items():
        if measure.value:
            scale = 1 if name == "average" else 100
            value = (measure.value * scale).quantize(Decimal("0.01"))
            found[name] = f"{value.normalize():f}"
    return found


def _context(
    request: UserRequest, form: LeadGoalForm, measured: dict[str, Measure]
) -> dict[str, Any]:
    for name, measure in measured.items():
        form.fields[name].help_text = _help(name, measure)
    return {
        "form": form,
        "goal": work_back(form.plan) if form.is_bound and form.is_valid() else None,
        "currency": workspace.current().base_currency,
        "may_agree": has_permission(request.user, Permission.AGREEMENT_EDIT),
    }


def _help(name: str, measure: Measure) -> str:
    """Say what was measured, from how many, and how sure that is."""
    if measure.value is None:
        return _("not measured yet")
    if name == "average":
        shown = figures.money(measure.value, workspace.current().base_currency)
    else:
        shown = figures.percent(measure.value)
    if measure.low is not None and measure.high is not None:
        low, high = figures.percent(measure.low), figures.percent(measure.high)
        shown = f"{shown} ({low} – {high})"  # noqa: RUF001 -- a range
    return f"{shown}, n = {figures.grouped(measure.n)}, {_BASIS}"
