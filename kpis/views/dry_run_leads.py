"""The leads behind a figure of a dry run."""

from dataclasses import replace
from typing import Any

from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from kpis.domain.dry_runs import window
from kpis.forms import DryRunLeadsForm
from kpis.queries import dry_runs as queries
from kpis.queries.reading import reading
from kpis.views import addresses, columns, figures, tables
from kpis.views.columns import Column
from kpis.views.dry_run_figures import PART_WORDS
from kpis.views.records import page_of
from leads.domain.keys import as_words
from leads.enums import Outcome
from leads.models import Lead
from leads.queries import dry_runs as runs

_LEADS = columns.sort_of(Lead)
_SORT = replace(
    _LEADS, columns=(*_LEADS.columns, Column(_("Judged"), lambda r: r.judged_at))
)


_KEPT = ("group", "part", "source")


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def lead_list(request: UserRequest, pk: int) -> HttpResponse:
    """List the leads of a group, or of a part of it, or give them as a file.

    Pages go on from the lead that the address names, so that any depth costs the same.
    """
    frame = live()
    run = get_object_or_404(runs.listed(), pk=pk)
    form = DryRunLeadsForm(request.GET)
    if not run.results or not form.is_valid():
        raise Http404
    asked = form.cleaned_data
    source = request.GET.get("source")
    part = asked["part"] or "all"
    with reading(at=clock.now()) as seen:
        found = queries.leads_of(run, seen, asked["group"], part=part, source=source)
        if request.GET.get("as") == "csv":
            name = f"dry-run-{run.pk}-{asked['group']}"
            rows = _SORT.ready(found).order_by("-pk")
            return tables.download(rows.iterator(2_000), _SORT, name)  # type: ignore[return-value]
        context = _listed(found, asked)
    words = [figures.period_name(window(run.first_on, run.end_on))]
    words += [str(PART_WORDS[part])] if part != "all" else []
    words += [as_words(source) or str(_("not stated"))] if source is not None else []
    context |= {"run": run, "group": Outcome(asked["group"]).label, "words": words}
    given = {k: str(v) for k, v in request.GET.items() if k in _KEPT}
    context |= _links(given, context)
    return page(request, "kpis/dry_run_leads.html", {**context, **frame})


def _listed(found: models.QuerySet[Lead], asked: dict[str, Any]) -> dict[str, Any]:
    ready = _SORT.ready(found).fetch_mode(models.FETCH_RAISE)
    shown, older, newer = page_of(ready, asked["before"], asked["after"])
    return {
        "columns": [{"label": c.label, "num": c.num} for c in _SORT.columns],
        "rows": [columns.row(_SORT, lead) for lead in shown],
        "count": found.order_by().count(),
        "older": older,
        "newer": newer,
    }


def _links(given: dict[str, str], context: dict[str, Any]) -> dict[str, str]:
    older, newer = context["older"], context["newer"]
    return {
        "csv_url": addresses.changed(given, **{"as": "csv"}),
        "older_url": addresses.changed(given, before=older) if older else "",
        "newer_url": addresses.changed(given, after=newer) if newer else "",
    }
