from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.rules import has_permission
from foundation.kernel import clock
from foundation.kernel.htmx import fragment, page
from foundation.ledger.queries import live
from meetings.queries import followups
from meetings.queries import meetings as queries
from meetings.views import bodies, cards

MINUTES_A_PAGE = 12


@requires(Permission.MEETINGS_VIEW)
@require_GET
def meeting_list(request: UserRequest) -> HttpResponse:
    frame, at = live(), clock.now()
    past = Paginator(queries.past(request.user), MINUTES_A_PAGE)
    context = {
        "cards": cards.coming(request.user, at),
        "actions": cards.actions(request.user, followups.open_ones(), at),
        "past": past.get_page(request.GET.get("page")),
        "series": queries.all_series(),
        "may_hold": has_permission(request.user, Permission.MEETINGS_HOLD),
        "may_plan": has_permission(request.user, Permission.AGREEMENT_EDIT),
        **frame,
    }
    return page(request, "meetings/meeting_list.html", context, partial="meeting-board")


@requires(Permission.MEETINGS_VIEW)
@require_GET
def meeting_detail(request: UserRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(queries.readable(request.user), pk=pk)
    context = bodies.body(request, meeting)
    return page(request, bodies.TEMPLATE, context, partial="meeting-body")


@requires(Permission.MEETINGS_VIEW)
@require_GET
def next_region(request: UserRequest) -> HttpResponse:
    """Answer with the card that says what the next meeting will talk about."""
    coming = cards.coming(request.user, clock.now())
    context = {"card": coming[0] if coming else None}
    return fragment(request, "meetings/next.html", "meeting-next", context)
