"""What is said about a version."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.documents.actions import versions as actions
from foundation.documents.views import pages
from foundation.kernel import clock
from foundation.kernel.htmx import page
from leads.queries.definitions import draft_of
from leads.queries.words.reading import Words
from leads.views.versions import PREFIX, places_of, version_of


@requires(Permission.DEFINITIONS_VIEW)
@require_http_methods(["GET", "POST"])
def definition_comments(request: UserRequest, pk: int) -> HttpResponse:
    """Show what was said about a version, or say something."""
    version, at = version_of(pk), clock.now()
    places = places_of(Words(draft_of(version)[0].criteria))
    form, status = pages.comment_form(places, request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            actions.comment(
                version, data["text"], by=request.user, at=at, place=data["place"]
            )
            if not request.htmx:
                return redirect("leads:definition-detail", pk=pk)
            status, form = 200, pages.comment_form(places)
    context = {
        "version": version,
        "address": pages.addresses(PREFIX, version),
        "comments": pages.comments(version, places),
        "comment_form": form,
    }
    return page(request, "documents/comments.html", context, status=status)
