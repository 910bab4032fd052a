"""How well definitions hold: judged alike, and refused leads worked all the same."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.htmx import page
from kpis.domain.ratios import is_small, ratio, wilson
from kpis.views import figures
from leads.enums import Stage
from leads.queries import blind_reviews, definitions
from leads.queries.second_chances import Group, results

YEAR = timedelta(days=365)


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def samples_region(request: UserRequest) -> HttpResponse:
    """Show both samples that test the definition in force."""
    at = clock.now()
    week = blind_reviews.week_of(at, workspace.zone())
    weeks = blind_reviews.last_weeks(week)
    held = definitions.in_force(Stage.MQL, at=at)
    found = results(since=at - YEAR, until=at)
    this_week = blind_reviews.agreement(weeks=[week])
    context = {
        "week": this_week,
        "drawn": blind_reviews.of_week(week).count(),
        "alike": _share(*_counts(blind_reviews.agreement(weeks=weeks))),
        "weeks": len(weeks),
        "chance": figures.percent(held.second_chance) if held else "",
        "groups": [
            _group(_("accepted"), found["accepted"]),
            _group(_("second chance"), found["sample"]),
        ],
    }
    return page(request, "kpis/samples_region.html", context)


def _counts(found: blind_reviews.Agreement) -> tuple[int, int]:
    return found.alike, found.judged


def _group(label: str, group: Group) -> dict[str, Any]:
    return {
        "label": label,
        "n": group.leads,
        "sqls": _share(group.sqls, group.leads),
        "customers": _share(group.customers, group.leads),
    }


def _share(part: int, n: int) -> dict[str, Any]:
    """Return a share with its interval as `ui/value.html` and its note read them."""
    value, interval = ratio(part, n), wilson(part, n)
    return {
        "text": "" if value is None else figures.percent(value),
        "low": figures.percent(interval.low) if interval else "",
        "high": figures.percent(interval.high) if interval else "",
        "n": n,
        "small": is_small(n),
    }
