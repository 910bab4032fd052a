from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission, Role
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import User
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from leads.rules import leads_visible_to
from leads.views.leads import lead_context
from sla.queries import clocks as queries
from sla.views import countdowns

MOST_SHOWN = 100
_WHICH = ("mine", "team", "unassigned")
_SHOWN_WITH = ("company", "owner", "campaign", "merged_into")
_DECIDED = "decided"


@requires(Permission.LEADS_VIEW)
@require_GET
def queue(request: UserRequest) -> HttpResponse:
    """Show who waits, the least time left first, and one of them beside the list.

    A refreshed list keeps the lead that is open, and what is typed there. After
    somebody's own act the address says so (``after``); then the list brings the next
    lead along if the one that was open was accepted, let go or waits no more.
    """
    frame, at = live(), clock.now()
    sizes = queries.queue_sizes(request.user)
    which = _which(request, sizes)
    waiting = queries.queue_for(request.user, which=which, limit=MOST_SHOWN)
    ids = [row.lead_id for row in waiting]
    asked = _number(request, "lead")
    lead = _chosen(request, ids, asked)
    context = {
        "which": which,
        "sizes": sizes,
        "items": countdowns.items(waiting, at=at),
        "chosen": lead,
        "place": ids.index(lead) if lead in ids else _number(request, "place"),
        "moved": bool(request.htmx) and lead != asked,
        **_beside(request, lead),
        **frame,
    }
    response = page(request, "sla/queue.html", context, partial="queue-list")
    if context["moved"]:
        response.headers["HX-Replace-Url"] = f"?which={which}&lead={lead}"
    return response


def _which(request: UserRequest, sizes: dict[str, int]) -> str:
    asked = request.GET.get("which", "")
    if asked in _WHICH:
        return asked
    own = sizes["mine"] or _works_own_leads(request.user)
    return "mine" if own else "team"


def _works_own_leads(user: User) -> bool:
    return user.role == Role.SALES_REP


def _chosen(request: UserRequest, ids: Sequence[int], asked: int) -> int:
    """Return the lead that is open beside the list; 0 if nobody waits."""
    after = request.GET.get("after", "")
    if request.htmx and asked and not after:
        return asked
    if asked not in ids:
        place = min(_number(request, "place"), len(ids) - 1)
        return ids[place] if ids else 0
    return _following(ids, asked) if after == _DECIDED else asked


def _following(ids: Sequence[int], lead: int) -> int:
    """Return the next in the list; after the last the one before."""
    others = [*ids[ids.index(lead) + 1 :], *reversed(ids[: ids.index(lead)])]
    return others[0] if others else lead


def _beside(request: UserRequest, lead: int) -> dict[str, Any]:
    rows = leads_visible_to(request.user).select_related(*_SHOWN_WITH)
    found = rows.filter(pk=lead).first() if lead else None
    return lead_context(request, found) if found else {}


def _number(request: UserRequest, name: str) -> int:
    sent = request.GET.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 19 else 0
