"""What each kind of file can say, and a small one to look at."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel.htmx import page
from integrations.domain.kinds import KINDS, Kind
from integrations.domain.samples import sample_file, sample_of
from integrations.forms.words import KIND_LABELS, TARGET_LABELS


@requires(Permission.IMPORTS_RUN)
@require_GET
def kind_detail(request: UserRequest, kind: str) -> HttpResponse:
    found = _kind(kind)
    header, *rows = sample_of(kind)
    context = {
        "kind": found,
        "label": KIND_LABELS[kind],
        "about": gettext(found.help),
        "targets": _targets(found),
        "groups": _groups(found),
        "sample_header": header,
        "sample_rows": rows,
    }
    return page(request, "integrations/kind_detail.html", context)


@requires(Permission.IMPORTS_RUN)
@require_GET
def kind_sample(request: UserRequest, kind: str) -> HttpResponse:
    """Answer with a small file of the kind that can be loaded as it is."""
    content = sample_file(_kind(kind).name).encode("utf-8-sig")
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}-sample.csv"'
    return answer


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _targets(kind: Kind) -> list[dict[str, object]]:
    return [
        {
            "name": target.name,
            "label": TARGET_LABELS[target.name],
            "help": gettext(target.help),
            "required": target.required,
            "choices": ", ".join(target.choices),
        }
        for target in kind.targets
    ]


def _groups(kind: Kind) -> list[list[object]]:
    """Return the targets of which each row fills at least one."""
    return [[TARGET_LABELS[name] for name in group.targets] for group in kind.one_of]
