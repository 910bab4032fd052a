"""A load that was begun: how far it is, what became of it, what was not taken."""

import math
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import (
    get_language,
    gettext,
    gettext_lazy,
    ngettext,
    override,
)
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, passive, requires
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import fragment, page
from integrations import rules
from integrations.actions import work
from integrations.actions.checks import WAITING
from integrations.actions.rejects import write_rejects
from integrations.domain.undoing import Undoing
from integrations.enums import LoadState
from integrations.forms.words import RECORD_WORDS, RECORDS
from integrations.models import Load
from integrations.queries import loads as queries
from integrations.views.drafts import TEMPLATE as DRAFT
from integrations.views.drafts import changeable, draft, shown_errors
from integrations.views.shown import GOING_ON, UNDOABLE, undoing_of, with_words

TEMPLATE = "integrations/import_detail.html"
_WORK: dict[str, tuple[Any, str]] = {
    LoadState.CHECKING: (
        gettext_lazy("Rows are being checked"),
        "integrations:check-cancel",
    ),
    LoadState.LOADING: (
        gettext_lazy("Rows are being taken"),
        "integrations:import-cancel",
    ),
    LoadState.UNDOING: (gettext_lazy("Rows are taken back"), ""),
}
"""What each work is called, and where it is stopped, if it can be."""

_SHOWN_ERRORS = 20
_BLOCK_BYTES = 64 * 1024


@requires(Permission.IMPORTS_RUN)
@require_GET
def import_detail(request: UserRequest, pk: int) -> HttpResponse:
    load = _load(request, pk)
    if load.state in WAITING and rules.may_change(request.user, load):
        return page(request, DRAFT, draft(request, load))
    return page(request, TEMPLATE, _context(request, load))


@passive
@requires(Permission.IMPORTS_RUN)
@require_GET
def progress_region(request: UserRequest, pk: int) -> HttpResponse:
    """Answer with how far the work is; once it has ended, with the whole page."""
    load = _load(request, pk)
    if load.state not in GOING_ON:
        address = reverse("integrations:import-detail", kwargs={"pk": pk})
        return HttpResponseClientRedirect(address)
    return fragment(request, TEMPLATE, "import-progress", _context(request, load))


@requires(Permission.IMPORTS_RUN)
@require_POST
def import_cancel(request: UserRequest, pk: int) -> HttpResponse:
    load = changeable(request, pk)
    try:
        work.cancel(load, by=request.user, at=clock.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The load was stopped."))
    return redirect("integrations:import-detail", pk=pk)


@requires(Permission.IMPORTS_RUN)
@require_GET
def import_rejects(request: UserRequest, pk: int) -> HttpResponse:
    """Answer with the rejected rows as a file to mend and load again."""
    load = _load(request, pk)
    answer = StreamingHttpResponse(_rejected(load, get_language()))
    name = f"{load.kind}-{load.pk}-rejected.csv"
    answer["Content-Type"] = "text/csv; charset=utf-8"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast("HttpResponse", answer)


def _rejected(load: Load, language: str) -> Iterator[bytes]:
    """Yield the file; it is written when the first of it is asked for."""
    with TemporaryFile() as file:
        with override(language):
            write_rejects(load, file, translate=gettext)
        file.seek(0)
        while block := file.read(_BLOCK_BYTES):
            yield block


def _load(request: UserRequest, pk: int) -> Load:
    rows = rules.loads_visible_to(request.user).select_related("by")
    return get_object_or_404(rows, pk=pk)


def _context(request: UserRequest, load: Load) -> dict[str, Any]:
    may_change = rules.may_change(request.user, load)
    going_on = load.state in GOING_ON
    address = RECORDS[load.kind]
    return {
        **with_words(load),
        "may_change": may_change,
        "may_undo": may_change and load.state in UNDOABLE,
        "going_on": going_on,
        "job": _job(load, may_change=may_change) if going_on else None,
        "undoing": undoing_of(Undoing.of(load.undoing)),
        "errors": shown_errors(list(queries.errors(load)[:_SHOWN_ERRORS])),
        "records_url": reverse(address),
        "records_action": RECORD_WORDS[address],
    }


def _job(load: Load, *, may_change: bool) -> dict[str, object]:
    """Return the work as `ui/progress.html` shows it."""
    progress = queries.progress(load)
    title, cancel = _WORK[load.state]
    return {
        "id": load.pk,
        "title": title,
        "done": progress.done,
        "total": progress.of,
        "left": _left(load, progress) if cancel and not progress.given_up else "",
        "state_label": _state_label(load, progress),
        "given_up": progress.given_up,
        "cancel_url": reverse(cancel, args=[load.pk]) if cancel and may_change else "",
    }


def _state_label(load: Load, progress: queries.Progress) -> str:
    if progress.waiting:
        return _("waiting for its turn")
    if load.state == LoadState.CHECKING and not (load.started_at or progress.given_up):
        return _("getting ready")
    return ""


def _left(load: Load, progress: queries.Progress) -> str:
    """Return how long the rest may take, in words; blank while nobody can tell."""
    if not (progress.done and load.started_at):
        return ""
    passed = (clock.now() - load.started_at).total_seconds()
    seconds = passed * max(progress.of - progress.done, 0) / progress.done
    minutes = max(math.ceil(seconds / 60), 1)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
