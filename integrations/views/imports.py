from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, passive, requires
from foundation.kernel import clock
from foundation.kernel.htmx import fragment, page
from integrations import rules
from integrations.actions import uploads
from integrations.domain.kinds import KINDS
from integrations.domain.problems import NotATable
from integrations.forms.upload import UploadForm
from integrations.forms.words import KIND_LABELS, called, sentences
from integrations.views.receiving import Limited
from integrations.views.shown import listed

TEMPLATE = "integrations/import_list.html"
LOADS_A_PAGE = 25


@requires(Permission.IMPORTS_RUN)
@require_GET
def import_list(request: UserRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    form = UploadForm(initial={"kind": kind} if kind in KINDS else {})
    return page(request, TEMPLATE, {**_rows(request), **_choice(form)})


@passive
@requires(Permission.IMPORTS_RUN)
@require_GET
def rows_region(request: UserRequest) -> HttpResponse:
    """Answer with the loads as they are now, for a page on which one is going on."""
    return fragment(request, TEMPLATE, "import-rows", _rows(request))


@csrf_exempt  # only here: the check reads the body, so the handler comes first
@requires(Permission.IMPORTS_RUN)
@require_POST
def import_upload(request: UserRequest) -> HttpResponse:
    handler = Limited(request)
    request.upload_handlers = [handler]
    return csrf_protect(_receive)(request, handler)


def _receive(request: HttpRequest, handler: Limited) -> HttpResponse:
    asking = cast("UserRequest", request)
    form = UploadForm(request.POST, request.FILES, too_large=handler.too_large)
    if form.is_valid():
        kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
        try:
            load = uploads.receive(
                kind, file, by=asking.user, at=clock.now(), called=called()
            )
        except NotATable as fault:
            form.add_error("file", " ".join(sentences(fault)))
        else:
            return redirect("integrations:import-detail", pk=load.pk)
    context = {**_rows(asking), **_choice(form)}
    return page(asking, TEMPLATE, context, status=422)


def _rows(request: UserRequest) -> dict[str, object]:
    rows = rules.loads_visible_to(request.user).select_related("by")
    newest = rows.order_by("-created_at", "-pk")
    found = Paginator(newest, LOADS_A_PAGE).get_page(request.GET.get("page"))
    return listed(found)


def _choice(form: UploadForm) -> dict[str, object]:
    kinds = [
        {"name": kind.name, "label": KIND_LABELS[kind.name], "help": gettext(kind.help)}
        for kind in KINDS.values()
    ]
    return {"form": form, "kinds": kinds, "chosen": form["kind"].value()}
