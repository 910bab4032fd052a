"""The clocks behind a number of a promise."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel.htmx import page
from sla.queries import attainment
from sla.views.promises import period_of

PAGE_SIZE = 50


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def clock_list(request: UserRequest) -> HttpResponse:
    """Show the clocks behind a number of a promise."""
    period, part = period_of(request), request.GET.get("part", "n")
    clause = request.GET.get("clause") or None
    by = "clause" if clause else None
    try:
        rows = attainment.records(period, part, by=by, split=clause)
    except (KeyError, ValueError) as error:
        raise Http404 from error
    rows = rows.select_related("lead__company", "owner", "clause").order_by(
        "-ended_at", "-pk"
    )
    found = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": found, "part": part, "period": period}
    return page(request, "sla/clock_list.html", context)
