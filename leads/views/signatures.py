"""Signing a version: the text with its hash."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import User
from foundation.documents.actions import versions as actions
from foundation.documents.models import Version
from foundation.documents.rules import capacities
from foundation.documents.views import pages
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from leads.queries.definitions import draft_of
from leads.views.versions import document, heading, version_of


@requires(Permission.DEFINITIONS_VIEW)
@require_http_methods(["GET", "POST"])
def definition_sign(request: UserRequest, pk: int) -> HttpResponse:
    """Show the text that is signed with its hash; sign the hash that was read."""
    version, at = version_of(pk), clock.now()
    if not capacities(request.user):
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        try:
            digest = request.POST.get("digest", "")
            version = actions.sign(version, digest=digest, by=request.user, at=at)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, pages.told_of(version))
            return redirect("leads:definition-detail", pk=pk)
    context = {**_signing(request.user, version, at), "refusal": refusal}
    status = refusal.status if refusal else 200
    return page(request, "leads/definition_sign.html", context, status=status)


def _signing(user: User, version: Version, at: datetime) -> dict[str, Any]:
    return {
        **heading(version, at),
        **document(draft_of(version)[0]),
        **pages.signing(user, version, at),
    }
