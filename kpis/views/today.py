from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.kernel.htmx import page
from foundation.kernel.periods import DAY, Period, Step, around
from kpis.domain.registry import REGISTRY
from kpis.views import addresses, figures, path
from kpis.views.asked import answered, read
from kpis.views.desk import Desk, desk


@requires(Permission.NUMBERS_VIEW)
@require_GET
@answered
def today_region(request: UserRequest) -> HttpResponse:
    """Show the joint result of a period, then the path to it and what holds it back."""
    settings = workspace.current()
    asked = read(request, settings)
    with desk(request, settings) as open_desk:
        period = asked["period"] or around(open_desk.today, Step.QUARTER)
        context = {**_result(open_desk, period), **_path(open_desk)}
    return page(request, "kpis/today_region.html", context)


def _result(open_desk: Desk, period: Period) -> dict[str, Any]:
    found = {}
    for key in ("revenue_new", "nrr", "grr", "retention"):
        if key in REGISTRY:
            question, series = open_desk.ask(key, period)
            found[key] = open_desk.shown(question, series.values[0])
    return {"result": found, "period_name": figures.period_name(period)}


def newest_mature(open_desk: Desk, within: int) -> Period:
    """Return the newest calendar quarter whose leads have all had the window."""
    last = open_desk.today - timedelta(within)
    quarter = around(last, Step.QUARTER)
    return quarter if quarter.end <= last else around(quarter.first - DAY, Step.QUARTER)


def _path(open_desk: Desk) -> dict[str, Any]:
    within = open_desk.settings.path_window_days
    cohort = newest_mature(open_desk, within)
    reached = path.cohort(open_desk, cohort, within)
    words = gettext(
        "Leads that entered in %(period)s, followed for %(days)s days: the newest "
        "cohort that is complete"
    )
    return {
        "steps": path.drawn(reached),
        "has_path": bool(reached[0].n),
        "cohort_words": words % {"period": figures.period_name(cohort), "days": within},
        "why_url": addresses.detail(
            open_desk.question("lead_to_customer", cohort, within=within)
        ),
    }
