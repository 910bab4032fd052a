from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, passive, requires
from foundation.ledger.queries import EVERYTHING, topics_since

_LONGEST = 18


@passive
@requires(Permission.OWN_ACCOUNT)
@require_GET
def live(request: UserRequest) -> HttpResponse:
    """Tell an open page whether anything it shows has moved since ``at``.

    204 while the ledger has not moved; else the newest position and which of the
    page's ``topics`` moved, perhaps none. Two statements, session and person included.
    """
    at, shown = _position(request), _topics(request)
    if at is None:
        return JsonResponse({"detail": "at is a position"}, status=400)
    newest, moved = topics_since(at)
    if newest <= at:
        return HttpResponse(status=204)
    topics = shown if EVERYTHING in moved else sorted(set(moved) & set(shown))
    return JsonResponse({"position": newest, "topics": topics})


def _position(request: UserRequest) -> int | None:
    text = request.GET.get("at", "0")
    good = text.isascii() and text.isdigit() and len(text) <= _LONGEST
    return int(text) if good else None


def _topics(request: UserRequest) -> list[str]:
    names = request.GET.get("topics", "").split(",")
    return sorted({name for name in names if name})
