"""How well definitions hold: judged alike, and refused leads worked all the same."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.htmx import page
from kpis.domain.ratios import is_small, ratio, wilson
from kpis.queries import second_chances
from kpis.queries.reading import reading
from kpis.queries.second_chances import ACCEPTED, SAMPLE, Group
from kpis.views import figures
from leads.enums import Stage
from leads.queries import blind_reviews, definitions


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def samples_region(request: UserRequest) -> HttpResponse:
    """Show both samples that test the definition in force; each figure opens its own.

    The figures are those of one moment and one state of the records.
    """
    with reading(at=clock.now()) as seen:
        week = blind_reviews.week_of(seen.at, seen.zone)
        weeks = blind_reviews.last_weeks(week)
        held = definitions.in_force(Stage.MQL, at=seen.at)
        found = second_chances.results(seen, second_chances.last_year(seen))
        this_week = blind_reviews.agreement(weeks=[week])
        over_weeks = blind_reviews.agreement(weeks=weeks)
        drawn = blind_reviews.of_week(week).count()
    context = {
        "week": this_week,
        "week_url": reviews_url(weeks=1),
        "week_alike_url": reviews_url(weeks=1, only="alike"),
        "drawn": drawn,
        "alike": _share(
            over_weeks.alike, over_weeks.judged, reviews_url(weeks=len(weeks))
        ),
        "weeks": len(weeks),
        "chance": figures.percent(held.second_chance) if held else "",
        "groups": [
            _group(_("accepted"), ACCEPTED, found[ACCEPTED]),
            _group(_("second chance"), SAMPLE, found[SAMPLE]),
        ],
    }
    return page(request, "kpis/samples_region.html", context)


def reviews_url(*, weeks: int, only: str = "") -> str:
    """Return where the leads are listed that both teams judged in the last weeks."""
    asked = {"weeks": weeks, **({"only": only} if only else {})}
    return f"{reverse('kpis:sample-reviews')}?{urlencode(asked)}"


def chances_url(group: str, part: str = "all") -> str:
    """Return where the cases behind a figure of the second chance are listed."""
    asked = {"group": group, **({"part": part} if part != "all" else {})}
    return f"{reverse('kpis:sample-chances')}?{urlencode(asked)}"


def _group(label: str, name: str, group: Group) -> dict[str, Any]:
    n = group.leads
    return {
        "label": label,
        "n": n,
        "url": chances_url(name) if n else "",
        "sqls": _share(group.sqls, n, chances_url(name, "sql")),
        "customers": _share(group.customers, n, chances_url(name, "customer")),
    }


def _share(part: int, n: int, url: str) -> dict[str, Any]:
    """Return a share with its interval as `ui/value.html` and its note read them."""
    value, interval = ratio(part, n), wilson(part, n)
    return {
        "text": "" if value is None else figures.percent(value),
        "low": figures.percent(interval.low) if interval else "",
        "high": figures.percent(interval.high) if interval else "",
        "n": n,
        "small": is_small(n),
        "url": url if n else "",
    }
