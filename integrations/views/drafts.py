"""A file that was uploaded and waits for its columns."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import fragment, page
from integrations import rules
from integrations.actions import checking, checks, rehearsing, uploads
from integrations.actions.loads import Wanted
from integrations.actions.reading import mapping_of
from integrations.actions.rejects import rejection_of
from integrations.domain.checked import Checked
from integrations.domain.problems import BadMapping, NotATable
from integrations.enums import LoadState
from integrations.forms.mapping import MappingForm
from integrations.forms.words import sentence, sentences
from integrations.models import Load
from integrations.queries import loads as queries
from integrations.queries.heads import Head, head_of
from integrations.queries.previews import preview_of
from integrations.queries.uploads import same_file
from integrations.views.shown import previewed, with_words

TEMPLATE = "integrations/import_draft.html"
_SHOWN_ERRORS = 8
"""As many as rows of the preview: the choices below are to be in reach."""


def draft(request: UserRequest, load: Load, **further: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what the page of an uploaded file shows; ``further`` replaces parts."""
    head = head_of(load)
    form = further.pop("form", None) or MappingForm(load, head)
    return {
        **with_words(load),
        **_sizes(load, head),
        "form": form,
        "same": same_file(load),
        **_preview(load, head),
        **_checked(load),
        **further,
    }


@requires(Permission.IMPORTS_RUN)
@require_POST
def import_preview(request: UserRequest, pk: int) -> HttpResponse:
    """Keep the choices and answer with the first rows as they would be read now."""
    load = changeable(request, pk)
    head = head_of(load)
    form = MappingForm(load, head, request.POST)
    refused = _settled(load, form)
    context = {
        **with_words(load),
        **_sizes(load, head),
        **(refused or _preview(load, head)),
        "otherwise": bool(refused) or load.state != LoadState.CHECKED,
    }
    return fragment(request, TEMPLATE, "import-preview", context)


@requires(Permission.IMPORTS_RUN)
@require_POST
def import_check(request: UserRequest, pk: int) -> HttpResponse:
    """Tell what would become of all rows: of few at once, of many by a worker."""
    load = changeable(request, pk)
    head = head_of(load)
    form = MappingForm(load, head, request.POST)
    refused = _settled(load, form)
    reasons = refused["problems"] if refused else _check(request, load, head)
    if load.state == LoadState.CHECKING:
        address = reverse("integrations:import-detail", kwargs={"pk": pk})
        return (
            HttpResponseClientRedirect(address) if request.htmx else redirect(address)
        )
    context = {"checked": None, "unchecked": reasons} if reasons else _checked(load)
    if request.htmx:
        context |= with_words(load)
        return fragment(request, TEMPLATE, "import-check", context)
    return page(request, TEMPLATE, draft(request, load, form=form, **context))


@requires(Permission.IMPORTS_RUN)
@require_POST
def check_cancel(request: UserRequest, pk: int) -> HttpResponse:
    load = changeable(request, pk)
    try:
        checking.cancel(load)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The check was stopped; nothing was written."))
    return redirect("integrations:import-detail", pk=pk)


@requires(Permission.IMPORTS_RUN)
@require_POST
def import_start(request: UserRequest, pk: int) -> HttpResponse:
    load = changeable(request, pk)
    form = MappingForm(load, head_of(load), request.POST)
    if not form.is_valid():
        return page(request, TEMPLATE, draft(request, load, form=form), status=422)
    try:
        uploads.start(load, Wanted(**form.wanted()), by=request.user, at=clock.now())
    except (BadMapping, NotATable):
        return page(request, TEMPLATE, draft(request, load, form=form), status=422)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("integrations:import-detail", pk=load.pk)


@requires(Permission.IMPORTS_RUN)
@require_POST
def import_discard(request: UserRequest, pk: int) -> HttpResponse:
    load = changeable(request, pk)
    try:
        uploads.discard(load)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
        return redirect("integrations:import-detail", pk=pk)
    messages.success(request, _("The file was discarded; nothing was loaded."))
    return redirect("integrations:import-list")


def changeable(request: UserRequest, pk: int) -> Load:
    """Return a load that the person may decide about.

    Raises:
        Http404: there is none.
        PermissionDenied: it is somebody else's.
    """
    load = get_object_or_404(rules.loads_visible_to(request.user), pk=pk)
    if not rules.may_change(request.user, load):
        raise PermissionDenied
    return load


def _settled(load: Load, form: MappingForm) -> dict[str, Any] | None:
    """Keep what was chosen; return why that cannot be, if it cannot."""
    if not form.is_valid():
        wrong = [error for errors in form.errors.values() for error in errors]
        return {"preview": None, "problems": wrong}
    try:
        uploads.settle(load, Wanted(**form.wanted()))
    except DomainError as refusal:
        return {"preview": None, "problems": [str(refusal)]}
    return None


def _preview(load: Load, head: Head | None) -> dict[str, Any]:
    if head is None:
        return {"preview": None, "problems": [_gone()]}
    try:
        found = preview_of(mapping_of(load), head)
    except BadMapping as fault:
        return {"preview": None, "problems": sentences(fault)}
    return {"preview": previewed(found), "problems": []}


def _check(request: UserRequest, load: Load, head: Head | None) -> list[str]:
    """Check a small file, or have a large one checked; return why that cannot be."""
    if head is None:
        return [_gone()]
    try:
        if head.whole:
            return _checked_at_once(request, load, head)
        checking.begin(load, by=request.user, at=clock.now())
    except (BadMapping, NotATable) as fault:
        return sentences(fault)
    except DomainError as refusal:
        return [str(refusal)]
    return []


def _checked_at_once(request: UserRequest, load: Load, head: Head) -> list[str]:
    done = rehearsing.rehearse(load, head, by=request.user, at=clock.now())
    if done is None:
        return [_("The file has no rows.")]
    checks.keep(load, done.checked, done.errors)
    load.refresh_from_db()
    return []


def _checked(load: Load) -> dict[str, Any]:
    """Return what the last check found, if the file is still read as it was then."""
    found = Checked.of(load.checked)
    if found is None:
        return {"checked": None, "unchecked": []}
    if found.problem is not None:
        return {"checked": None, "unchecked": [sentence(found.problem)]}
    first = list(queries.errors(load)[:_SHOWN_ERRORS])
    return {"checked": found, "errors": shown_errors(first), "unchecked": []}


def _gone() -> str:
    return _("The file is not kept any more. Upload it again.")


def shown_errors(errors: list[Any]) -> list[dict[str, object]]:
    """Return rejections with their sentence in the reader's language."""
    return [
        {
            "row": error.row,
            "column": error.column,
            "text": sentence(rejection_of(error).problem),
        }
        for error in errors
    ]


def _sizes(load: Load, head: Head | None) -> dict[str, object]:
    return {
        "whole": head.whole if head else False,
        "about": head.about if head else 0,
        "first": len(head.rows) if head else 0,
    }
