"""What is said about a version."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.documents.actions import versions as actions
from foundation.kernel import clock
from foundation.kernel.htmx import page
from leads.forms import CommentForm
from leads.queries.definitions import draft_of
from leads.queries.words.reading import Words
from leads.views.versions import comments_of, places_of, version_of


@requires(Permission.DEFINITIONS_VIEW)
@require_http_methods(["GET", "POST"])
def definition_comments(request: UserRequest, pk: int) -> HttpResponse:
    """Show what was said about a version, or say something."""
    version, at = version_of(pk), clock.now()
    places = places_of(Words(draft_of(version)[0].criteria))
    form = CommentForm(
        request.POST or None, places=list(places.items()), auto_id="comment_%s"
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            actions.comment(
                version, data["text"], by=request.user, at=at, place=data["place"]
            )
            if not request.htmx:
                return redirect("leads:definition-detail", pk=pk)
            status, form = (
                200,
                CommentForm(places=list(places.items()), auto_id="comment_%s"),
            )
    context = {
        "version": version,
        "comments": comments_of(version, places),
        "comment_form": form,
    }
    return page(request, "leads/definition_comments.html", context, status=status)
