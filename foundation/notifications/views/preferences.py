from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.notifications.actions import preferences as actions
from foundation.notifications.enums import How
from foundation.notifications.queries.preferences import choices_of

TEMPLATE = "notifications/preferences.html"


@requires(Permission.OWN_ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: UserRequest) -> HttpResponse:
    """Let somebody choose which notices come by e-mail, and how; the inbox has all."""
    if request.method == "POST":
        actions.choose(_sent(request), by=request.user, at=clock.now())
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    context = {"choices": choices_of(request.user), "ways": How.choices}
    return page(request, TEMPLATE, context, partial="notice-choices")


def _sent(request: UserRequest) -> dict[str, How]:
    return {
        kind.name: How(sent)
        for kind, _how in choices_of(request.user)
        if (sent := request.POST.get(kind.name)) in How.values
    }
