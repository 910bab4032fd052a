"""Somebody's own notices. Nobody sees those of others."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from foundation.notifications.actions import reading
from foundation.notifications.queries import notices as queries
from foundation.notifications.queries.preferences import kinds_of

TEMPLATE = "notifications/inbox.html"
_LONGEST = 18
_ALL, _UNREAD = "all", "unread"
_PARTS = {_ALL: _("All"), _UNREAD: _("Unread")}


@requires(Permission.OWN_ACCOUNT)
@require_GET
def inbox(request: UserRequest) -> HttpResponse:
    """Show what somebody was told, the latest first, or only the unread."""
    frame = live()
    return page(
        request, TEMPLATE, {**_context(request), **frame}, partial="inbox-notices"
    )


def _context(request: UserRequest) -> dict[str, object]:
    part = _UNREAD if request.GET.get("show") == _UNREAD else _ALL
    before = _id(request.GET.get("before", ""))
    found = queries.page_of(request.user, before=before, unread=part == _UNREAD)
    address = reverse("notifications:inbox")
    return {
        "said": found.said,
        "parts": [
            {"label": label, "url": f"{address}?show={each}", "current": each == part}
            for each, label in _PARTS.items()
        ],
        "unread_only": part == _UNREAD,
        "unread": queries.unread_count(request.user),
        "newest": found.said[0].notice.pk if found.said else None,
        "older_url": f"{address}?show={part}&before={found.more}" if found.more else "",
        "kinds": kinds_of(request.user),
    }


def _id(sent: str) -> int | None:
    good = sent.isascii() and sent.isdecimal() and len(sent) <= _LONGEST
    return int(sent) if good else None


@requires(Permission.OWN_ACCOUNT)
@require_GET
def bell(request: UserRequest) -> HttpResponse:
    """Show how many notices somebody has not read."""
    return page(request, "ui/bell.html", {})


@requires(Permission.OWN_ACCOUNT)
@require_GET
def follow(request: UserRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about; without anywhere to go, back to the inbox.

    Mails link here, so that following one is reading it.
    """
    notice = get_object_or_404(queries.inbox_of(request.user), pk=pk)
    said = queries.in_words([notice])
    reading.read(notice, by=request.user, at=clock.now())
    address = said[0].words.url if said else ""
    return HttpResponseRedirect(address or reverse("notifications:inbox"))


@requires(Permission.OWN_ACCOUNT)
@require_POST
def read(request: UserRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(queries.inbox_of(request.user), pk=pk)
    reading.read(notice, by=request.user, at=clock.now())
    return _shown(request)


@requires(Permission.OWN_ACCOUNT)
@require_POST
def read_all(request: UserRequest) -> HttpResponse:
    """Note as read what the page showed and everything older; not what came since."""
    newest = _id(request.POST.get("until", ""))
    until = queries.inbox_of(request.user).filter(pk=newest or 0).first()
    if until is not None:
        reading.read_all(by=request.user, until=until, at=clock.now())
    return _shown(request)


def _shown(request: UserRequest) -> HttpResponse:
    """Answer htmx with the list as it is now, and have the bell count anew."""
    if not request.htmx:
        return redirect("notifications:inbox")
    response = page(request, TEMPLATE, _context(request), partial="inbox-notices")
    response["HX-Trigger"] = "notices:read"
    return response
