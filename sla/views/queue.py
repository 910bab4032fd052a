from django.http import HttpResponse
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from leads.rules import leads_visible_to
from leads.views.leads import lead_context
from sla.models import Clock
from sla.queries import clocks as queries
from sla.views import countdowns

MOST_SHOWN = 100
_WHICH = ("mine", "team", "unassigned")
_SHOWN_WITH = ("company", "owner", "campaign", "merged_into")


@requires(Permission.LEADS_VIEW)
@require_GET
def queue(request: UserRequest) -> HttpResponse:
    frame, at = live(), clock.now()
    which = _which(request)
    waiting = queries.queue_for(request.user, which=which, limit=MOST_SHOWN)
    lead = _chosen(request, waiting)
    rows = leads_visible_to(request.user).select_related(*_SHOWN_WITH)
    context = {
        "which": which,
        "sizes": queries.queue_sizes(request.user),
        "items": countdowns.items(waiting, at=at),
        "chosen": lead,
        **(lead_context(request, rows.get(pk=lead)) if lead else {}),
        **frame,
    }
    return page(request, "sla/queue.html", context, partial="queue-list")


def _which(request: UserRequest) -> str:
    asked = request.GET.get("which", "")
    if asked in _WHICH:
        return asked
    return "mine" if request.user.function == "sales" else "team"


def _chosen(request: UserRequest, waiting: list[Clock]) -> int:
    """Return the lead that is open beside the list: the asked one, else the first."""
    ids = [row.lead_id for row in waiting]
    asked = request.GET.get("lead", "")
    if asked.isdecimal() and int(asked) in ids:
        return int(asked)
    return ids[0] if ids else 0
