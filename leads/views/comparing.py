"""What two versions of a definition differ in, as two columns of words."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.documents.domain import Line, differences
from foundation.kernel import clock
from foundation.kernel.htmx import page
from leads.queries.definitions import NAMES, STAGES, Definition, draft_of
from leads.queries.words.conditions import Names
from leads.queries.words.reading import Words, names_of
from leads.views.versions import heading, version_of

_NOTHING = gettext_lazy("nothing written")


@dataclass(frozen=True)
class Compared:
    """One part of the document, line by line."""

    title: str | Promise
    lines: list[Line]

    @property
    def is_same(self) -> bool:
        return all(line.kind == "same" for line in self.lines)


def compared(before: Definition, after: Definition, names: Names) -> list[Compared]:
    """Compare two versions part by part."""
    return [
        Compared(title, differences(one, other))
        for (title, one), (_title, other) in zip(
            _parts(before, names), _parts(after, names), strict=True
        )
    ]


def _parts(
    definition: Definition, names: Names
) -> list[tuple[str | Promise, list[str]]]:
    version = definition.version
    prose = version.prose.splitlines()
    rules = [str(line) for line in Words(definition.criteria, names).lines()]
    return [
        (_("Name"), [version.title]),
        (_("In our own words"), prose or [str(_NOTHING)]),
        (_("Rules"), rules),
        (_("Second chance"), [share_of(definition)]),
        (_("Days"), _days(definition)),
    ]


def share_of(definition: Definition) -> str:
    """Say how many of the refused leads are worked all the same."""
    if not definition.second_chance:
        return _("No refused lead is worked all the same.")
    percent = number_format((definition.second_chance * 100).normalize())
    return _("%(n)s %% of the refused leads are worked all the same.") % {"n": percent}


def _days(definition: Definition) -> list[str]:
    version = definition.version
    moment = version.in_force_at or version.effective_at
    if moment is None:
        holds = _("Holds once both have signed.")
    else:
        day = date_format(localtime(moment), "DATE_FORMAT")
        holds = _("Holds from %(day)s.") % {"day": day}
    if version.review_on is None:
        return [holds]
    day = date_format(version.review_on, "DATE_FORMAT")
    return [holds, _("To be reviewed by %(day)s.") % {"day": day}]


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def definition_compare(request: UserRequest, pk: int, other: int) -> HttpResponse:
    """Show what two versions of a definition differ in, side by side."""
    after, before = version_of(pk), version_of(other)
    if before.kind == after.kind and before.number > after.number:
        return redirect("leads:definition-compare", pk=other, other=pk)
    rows = [draft_of(each)[0] for each in (before, after)]
    names = names_of(*(row.criteria for row in rows))
    context = {
        **heading(after, clock.now()),
        "before": before,
        "before_name": NAMES[STAGES[before.kind]],
        "parts": compared(rows[0], rows[1], names),
    }
    return page(request, "leads/definition_compare.html", context)
