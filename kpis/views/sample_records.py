"""The records behind the figures of both samples; there are as many as they say."""

from typing import Any

from django.db.models import FETCH_RAISE, Model, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Function, Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from kpis.forms import SampleChancesForm, SampleReviewsForm
from kpis.queries import second_chances
from kpis.queries.reading import reading
from kpis.queries.second_chances import ACCEPTED, SAMPLE
from kpis.views import addresses, columns, figures, tables
from kpis.views.columns import Column, Sort
from kpis.views.records import page_of
from leads.models import BlindReview, StageChange
from leads.queries import blind_reviews

_TEMPLATE = "kpis/sample_records.html"
_GROUPS = {
    ACCEPTED: gettext_lazy("Leads that sales accepted"),
    SAMPLE: gettext_lazy("Refused leads that were worked all the same"),
}
_PARTS = {
    "sql": gettext_lazy("those that became SQL"),
    "customer": gettext_lazy("those that became customers"),
}


def _said(function: Function) -> Column:
    words = {True: gettext_lazy("qualified"), False: gettext_lazy("not qualified")}

    def verdict(row: BlindReview) -> str:
        said = next(v for v in row.verdicts.all() if v.function == function)
        return str(words[said.qualified])

    return Column(function.label, verdict)


_REVIEWS = Sort(
    (
        Column(gettext_lazy("Lead"), lambda r: r.lead.name),
        Column(gettext_lazy("Week of"), lambda r: r.week),
        *map(_said, Function),
    ),
    ("lead",),
    lambda r: r.lead_id,
)


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def reviews(request: UserRequest) -> HttpResponse:
    """List the drawn leads that both teams judged, or those judged alike."""
    frame, form = live(), SampleReviewsForm(request.GET)
    if not form.is_valid():
        raise Http404
    asked = form.cleaned_data
    with reading(at=clock.now()) as seen:
        weeks = blind_reviews.last_weeks(blind_reviews.week_of(seen.at, seen.zone))
        found = blind_reviews.judged_by_both(
            weeks=weeks[: asked["weeks"]], alike=True if asked["only"] else None
        )
        ready = found.prefetch_related("verdicts")
        answer = _listed(request, ready, _REVIEWS, asked, name="blind-reviews")
    if isinstance(answer, HttpResponseBase):
        return answer  # type: ignore[return-value]
    heading = _("Judged alike") if asked["only"] else _("Judged by both teams")
    span = _("this week") if asked["weeks"] == 1 else _since(weeks[-1])
    words = [_("Blind review"), span]
    return page(
        request, _TEMPLATE, {**answer, "heading": heading, "words": words, **frame}
    )


def _since(week: Any) -> str:  # noqa: ANN401 -- a day
    return _("weeks since %(day)s") % {"day": figures.day(week)}


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def chances(request: UserRequest) -> HttpResponse:
    """List the rounds behind a figure of the second chance."""
    frame, form = live(), SampleChancesForm(request.GET)
    if not form.is_valid():
        raise Http404
    asked = form.cleaned_data
    group, part = asked["group"], asked["part"] or "all"
    with reading(at=clock.now()) as seen:
        span = second_chances.last_year(seen)
        found = second_chances.records(seen, span, group, part)
        sort = columns.sort_of(StageChange)
        answer = _listed(request, found, sort, asked, name=f"second-chance-{group}")
    if isinstance(answer, HttpResponseBase):
        return answer  # type: ignore[return-value]
    words = [_("of the last twelve months")]
    words += [str(_PARTS[part])] if part in _PARTS else []
    heading = _GROUPS[group]
    return page(
        request, _TEMPLATE, {**answer, "heading": heading, "words": words, **frame}
    )


def _listed[M: Model](
    request: UserRequest,
    found: QuerySet[M],
    sort: Sort,
    asked: dict[str, Any],
    *,
    name: str,
) -> dict[str, Any] | HttpResponseBase:
    """Return a page of records, or all of them as a file."""
    rows = sort.ready(found)
    if request.GET.get("as") == "csv":
        ordered = rows.order_by("-pk")
        return tables.download(ordered.iterator(2_000), sort, name)
    shown, older, newer = page_of(
        rows.fetch_mode(FETCH_RAISE), asked["before"], asked["after"]
    )
    marks = {"before": None, "after": None}
    given = {k: str(v) for k, v in asked.items() if v and k not in marks}
    return {
        "columns": [{"label": c.label, "num": c.num} for c in sort.columns],
        "rows": [columns.row(sort, row) for row in shown],
        "count": found.order_by().count(),
        "csv_url": addresses.changed(given, **{"as": "csv"}),
        "older_url": addresses.changed(given, before=older) if older else "",
        "newer_url": addresses.changed(given, after=newer) if newer else "",
    }
