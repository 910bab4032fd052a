"""A definition tried out on the past: asking for it, watching it, what it found."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, passive, requires
from foundation.accounts.queries import workspace
from foundation.accounts.rules import has_permission
from foundation.documents.models import Version
from foundation.jobs.enums import JobState
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import fragment, page
from foundation.kernel.periods import DAY
from foundation.ledger.queries import live
from kpis.domain.dry_runs import last_quarter, window
from kpis.forms import DryRunForm
from kpis.queries import dry_runs as queries
from kpis.queries.reading import reading
from kpis.views import columns, dry_run_figures, figures, tables
from leads.actions import dry_runs
from leads.models import DryRun
from leads.queries import dry_runs as runs
from leads.queries.definitions import STAGES
from leads.validators import WrongDefinition

TEMPLATE = "kpis/dry_run.html"
OF_TEMPLATE = "kpis/dry_runs_of.html"
_NEWEST = 10


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def dry_run(request: UserRequest, pk: int) -> HttpResponse:
    """Show a run: how far it is, or what it found; its figures also as a file."""
    frame = live()
    run = get_object_or_404(runs.listed(), pk=pk)
    if run.state != JobState.DONE:
        return page(request, TEMPLATE, {**_going_on(request, run), **frame})
    with reading(at=clock.now()) as seen:
        groups = queries.told(run, seen)
    if request.GET.get("as") == "csv":
        heads, rows = dry_run_figures.lines(run, groups)
        return tables.file(heads, rows, f"dry-run-{run.pk}")  # type: ignore[return-value]
    shown = dry_run_figures.shown(run, groups)
    qualified = run.results["same"] + run.results["no_longer"]
    context = {
        **_head(run),
        "shown": shown,
        "qualified": qualified,
        "judged": run.results["judged"],
        "as_of": seen.at,
    }
    return page(request, TEMPLATE, {**context, **frame})


def _head(run: DryRun) -> dict[str, Any]:
    return {
        "run": run,
        "definition": STAGES[run.version.kind].label,
        "window": figures.period_name(window(run.first_on, run.end_on)),
    }


def _going_on(request: UserRequest, run: DryRun) -> dict[str, Any]:
    may_cancel = has_permission(request.user, Permission.DEFINITIONS_EDIT)
    job = run.job
    cancel_url = reverse("kpis:dry-run-cancel", kwargs={"pk": run.pk})
    waiting = run.state == JobState.READY
    return {
        **_head(run),
        "going_on": run.going_on,
        "given_up": run.state == JobState.DEAD,
        "job": {
            "id": run.pk,
            "title": _("Leads are being judged"),
            "done": job.done_steps if job else 0,
            "total": job.all_steps if job else 0,
            "state_label": _("waiting for its turn") if waiting else "",
            "cancel_url": cancel_url if run.going_on and may_cancel else "",
        },
    }


@passive
@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def progress_region(request: UserRequest, pk: int) -> HttpResponse:
    """Answer with how far the work is; once it has ended, with the whole page."""
    run = get_object_or_404(runs.listed(), pk=pk)
    if not run.going_on:
        return HttpResponseClientRedirect(reverse("kpis:dry-run", kwargs={"pk": pk}))
    return fragment(request, TEMPLATE, "dry-run-progress", _going_on(request, run))


@requires(Permission.DEFINITIONS_EDIT)
@require_POST
def cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Stop a run."""
    run = get_object_or_404(DryRun, pk=pk)
    try:
        dry_runs.cancel(run, by=request.user, at=clock.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The dry run was stopped."))
    return redirect("kpis:dry-run", pk=pk)


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def dry_runs_of(request: UserRequest, pk: int) -> HttpResponse:
    """Show the runs of a version, and ask for another: a region of its page."""
    version = _version(pk)
    quarter = last_quarter(workspace.current().today(clock.now()))
    first = {"first_on": quarter.first, "last_on": quarter.last}
    context = _of(request, version, DryRunForm(initial=first))
    return page(request, OF_TEMPLATE, {**context, **live()}, partial="dry-runs")


@requires(Permission.DEFINITIONS_EDIT)
@require_POST
def ask(request: UserRequest, pk: int) -> HttpResponse:
    """Begin a run of a version and go where it can be watched."""
    version, form = _version(pk), DryRunForm(request.POST)
    if form.is_valid():
        first, last = form.cleaned_data["first_on"], form.cleaned_data["last_on"]
        try:
            run = dry_runs.ask(
                version, first, last + DAY, by=request.user, at=clock.now()
            )
        except DomainError as refusal:
            place = refusal.field if refusal.field in form.fields else None
            why = {"why": str(refusal)}
            told = (
                _("It cannot run yet: %(why)s") % why
                if isinstance(refusal, WrongDefinition)
                else str(refusal)
            )
            form.add_error(place, told)
        else:
            address = reverse("kpis:dry-run", kwargs={"pk": run.pk})
            return (
                HttpResponseClientRedirect(address)
                if request.htmx
                else redirect(address)
            )
    context = _of(request, version, form)
    return page(
        request, OF_TEMPLATE, {**context, **live()}, partial="dry-runs", status=422
    )


def _version(pk: int) -> Version:
    return get_object_or_404(Version, pk=pk, kind__in=STAGES)


def _of(request: UserRequest, version: Version, form: DryRunForm) -> dict[str, Any]:
    may_ask = has_permission(request.user, Permission.DEFINITIONS_EDIT)
    return {
        "version": version,
        "definition": STAGES[version.kind].label,
        "form": form if may_ask else None,
        "columns": [
            {"label": _("Window")},
            {"label": _("Both"), "num": True},
            {"label": _("No longer"), "num": True},
            {"label": _("Newly"), "num": True},
            {"label": _("Asked for")},
        ],
        "rows": [_line(run) for run in runs.of_version(version)[:_NEWEST]],
    }


def _line(run: DryRun) -> list[dict[str, Any]]:
    """Return a run as a row of the table of runs."""
    found = runs.groups(run)
    state = "" if run.state == JobState.DONE else str(run.state.label)
    heads = {"same": _("Both"), "no_longer": _("No longer"), "newly": _("Newly")}
    asked = columns.text(run.asked_at)
    return [
        {
            "text": figures.period_name(window(run.first_on, run.end_on)),
            "url": reverse("kpis:dry-run", kwargs={"pk": run.pk}),
            "sub": state,
        },
        *(
            {
                "text": figures.grouped(found[name]) if found else figures.NONE,
                "label": label,
                "num": True,
            }
            for name, label in heads.items()
        ),
        {
            "text": asked,
            "sub": run.asked_by.name if run.asked_by else "",
            "label": _("Asked for"),
        },
    ]
