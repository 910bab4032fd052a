from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from integrations.actions import undo
from integrations.models import Load
from integrations.views.drafts import changeable
from integrations.views.shown import UNDOABLE, undoing_of, with_words


@requires(Permission.IMPORTS_RUN)
@require_http_methods(["GET", "POST"])
def import_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Say what undoing would take back and what it would leave; do it when told to."""
    load = changeable(request, pk)
    if load.state not in UNDOABLE:
        messages.warning(request, _("There is nothing here that could be undone."))
        return redirect("integrations:import-detail", pk=pk)
    if request.method == "POST":
        return _undone(request, load)
    context: dict[str, Any] = {
        **with_words(load),
        "undoing": undoing_of(undo.preview(load)),
    }
    return page(request, "integrations/import_undo.html", context)


def _undone(request: UserRequest, load: Load) -> HttpResponse:
    try:
        undo.begin(load, by=request.user, at=clock.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("integrations:import-detail", pk=load.pk)
