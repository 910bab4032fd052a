"""Regions of pages that belong to others, fetched by address."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.htmx import page
from sla.enums import Side
from sla.queries import agreement, attainment
from sla.queries import clocks as queries
from sla.views import countdowns
from sla.views.promises import kept, period_of

NEXT_SHOWN = 4


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def promises(request: UserRequest) -> HttpResponse:
    """Show how far each side's promises are kept in a period, the same to everybody."""
    at, period = clock.now(), period_of(request)
    found = agreement.in_force(at=at)
    clauses = list(found.clauses.all()) if found else []
    tallies = attainment.tally([period], by="clause")
    context = {
        "sales": kept(clauses, Side.SALES, period, tallies),
        "marketing": kept(clauses, Side.MARKETING, period, tallies),
    }
    return page(request, "sla/promises.html", context)


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def upcoming(request: UserRequest) -> HttpResponse:
    """Show somebody's own next leads, the least time left first."""
    at = clock.now()
    sizes = queries.queue_sizes(request.user)
    which = "mine" if sizes["mine"] else "team"
    waiting = queries.queue_for(request.user, which=which, limit=NEXT_SHOWN)
    context = {
        "items": countdowns.items(waiting, at=at),
        "open": sizes[which],
        "which": which,
        "unassigned": sizes["unassigned"],
    }
    return page(request, "sla/next.html", context)
