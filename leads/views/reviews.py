"""Blind review: judge this week's leads without knowing what became of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.accounts.rules import has_permission
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from foundation.kernel.places import country_name
from leads.actions import blind_reviews as actions
from leads.domain.keys import as_words
from leads.models import BlindReview, Lead, Touchpoint
from leads.queries import blind_reviews as queries

_SHOWN_TOUCHES = 40


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def review(request: UserRequest) -> HttpResponse:
    """Show the next lead to judge, and what was said of those that both judged."""
    return page(request, "leads/review.html", _context(request))


@requires(Permission.DEFINITIONS_VIEW)
@require_POST
def review_judge(request: UserRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(BlindReview, pk=pk)
    said = request.POST.get("qualified")
    if said not in {"yes", "no"}:
        return _refused(request, _("Say whether the lead is qualified."), status=422)
    try:
        actions.judge(
            row,
            qualified=said == "yes",
            why=request.POST.get("why", ""),
            by=request.user,
            at=clock.now(),
        )
    except DomainError as refusal:
        return _refused(request, str(refusal), status=refusal.status)
    return redirect("leads:review")


@requires(Permission.DEFINITIONS_EDIT)
@require_POST
def review_propose(request: UserRequest) -> HttpResponse:
    """Draft the next version from what the teams judged differently."""
    try:
        row = actions.propose(by=request.user, at=clock.now())
    except DomainError as refusal:
        return _refused(request, str(refusal), status=refusal.status)
    text = _(
        "Version %(number)s is drafted, with what was judged differently below it."
    )
    messages.success(request, text % {"number": row.number})
    return redirect("leads:review")


def _refused(request: UserRequest, text: str, *, status: int) -> HttpResponse:
    response = page(
        request, "leads/review.html", {**_context(request), "refusal": text}
    )
    response.status_code = status
    return response


def _context(request: UserRequest) -> dict[str, Any]:
    week = queries.week_of(clock.now(), workspace.zone())
    rows = list(queries.of_week(week))
    team = request.user.function
    left = [row for row in rows if team and team not in _teams(row)]
    weeks = queries.last_weeks(week)
    return {
        "week": week,
        "drawn": len(rows),
        "done": len(rows) - len(left) if team else 0,
        "judges": team is not None,
        "next": _shown(left[0]) if left else None,
        "told": [_told(row) for row in rows if len(_teams(row)) == len(_TEAMS)],
        "waiting": sum(len(_teams(row)) < len(_TEAMS) for row in rows),
        "apart": len(queries.disagreements(weeks=weeks)),
        "may_propose": has_permission(request.user, Permission.DEFINITIONS_EDIT),
    }


_TEAMS = ("sales", "marketing")


def _teams(row: BlindReview) -> set[str]:
    return {verdict.function for verdict in row.verdicts.all()}


def _told(row: BlindReview) -> dict[str, Any]:
    said = {verdict.function: verdict for verdict in row.verdicts.all()}
    return {
        "review": row,
        "sales": said["sales"],
        "marketing": said["marketing"],
        "alike": said["sales"].qualified == said["marketing"].qualified,
    }


def _shown(row: BlindReview) -> dict[str, Any]:
    """Return what a judge sees: who it is and what they did until it was drawn."""
    touches = Touchpoint.objects.filter(
        lead_id=row.lead_id,
        in_force=True,
        is_withdrawal=False,
        occurred_at__lte=row.drawn_at,
        direction="inbound",
    ).select_related("campaign")
    return {
        "review": row,
        "facts": _facts(row.lead),
        "touches": touches.order_by("-occurred_at")[:_SHOWN_TOUCHES],
    }


def _country_of(lead: Lead) -> str:
    return lead.country or (lead.company.country if lead.company else "")


def _facts(lead: Lead) -> list[tuple[str, object]]:
    company = lead.company
    facts = [
        (_("Job title"), lead.job_title),
        (_("Company"), company and company.name),
        (_("Industry"), company and company.industry),
        (_("Employees"), company and company.employees),
        (_("Country"), country_name(_country_of(lead))),
        (_("Segment"), lead.segment or (company and company.segment)),
        (_("Source"), as_words(lead.source)),
    ]
    return [(label, value) for label, value in facts if value not in {None, ""}]
