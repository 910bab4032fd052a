"""The way in for somebody invited. The link's secret stays out of the address bar."""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.accounts.actions import invitations
from foundation.accounts.forms import InvitationForm, sent
from foundation.accounts.guards import public
from foundation.accounts.models import Invitation
from foundation.accounts.queries.invitations import by_link
from foundation.kernel import clock

TEMPLATE = "accounts/invitation.html"
GONE = "accounts/invitation_gone.html"
KEY = "invitation"
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@require_GET
def follow(request: HttpRequest, link: str) -> HttpResponse:
    if by_link(link, at=clock.now()) is None:
        return render(request, GONE, status=404)
    request.session[KEY] = link
    return redirect("accounts:join")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    link = request.session.get(KEY, "")
    invitation = by_link(link, at=clock.now())
    if invitation is None:
        return render(request, GONE, status=404)
    form = InvitationForm(
        sent(request),
        email=invitation.email,
        initial={"name": invitation.name},
    )
    if request.method == "POST" and form.is_valid():
        return _accept(request, link, form.cleaned_data)
    status = 422 if form.is_bound else 200
    return render(request, TEMPLATE, _context(invitation, form), status=status)


def _context(invitation: Invitation, form: InvitationForm) -> dict[str, object]:
    return {"invitation": invitation, "form": form}


def _accept(request: HttpRequest, link: str, sent: dict[str, Any]) -> HttpResponse:
    try:
        person = invitations.accept(link, at=clock.now(), **sent)
    except invitations.LinkGone:
        return render(request, GONE, status=404)
    request.session.flush()
    login(request, person, backend=_BACKEND)
    return redirect("/")
