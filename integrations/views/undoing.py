from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, passive, requires
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import fragment, page
from integrations.actions import undo
from integrations.models import Load
from integrations.views.drafts import changeable
from integrations.views.shown import UNDOABLE, undoing_of, with_words

TEMPLATE = "integrations/import_undo.html"
TOLD_AT_ONCE = 2_000
"""Of a load with more rows, what undoing does is worked out after the page is shown."""


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
    context = {**with_words(load), **_told(load, at_once=load.rows <= TOLD_AT_ONCE)}
    return page(request, TEMPLATE, context)


@passive
@requires(Permission.IMPORTS_RUN)
@require_GET
def undoing_region(request: UserRequest, pk: int) -> HttpResponse:
    """Answer with what undoing would do; takes seconds for a hundred thousand rows."""
    load = changeable(request, pk)
    context = {**with_words(load), **_told(load, at_once=True)}
    return fragment(request, TEMPLATE, "undoing-told", context)


def _told(load: Load, *, at_once: bool) -> dict[str, object]:
    return {"undoing": undoing_of(undo.preview(load)) if at_once else None}


def _undone(request: UserRequest, load: Load) -> HttpResponse:
    try:
        undo.begin(load, by=request.user, at=clock.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("integrations:import-detail", pk=load.pk)
