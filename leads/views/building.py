"""Build a definition by clicking: each edit posts the whole form and saves the draft.

What cannot run yet is shown with its fault and kept as it stands, so that nothing is
lost; it is tried out and proposed once it can. Somebody else's change is never written
over unasked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.documents.actions.versions import ChangedMeanwhile
from foundation.documents.enums import State
from foundation.documents.forms import ProposeForm
from foundation.documents.models import Version
from foundation.documents.queries import versions
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from foundation.kernel.periods import start_of
from leads.actions import definitions
from leads.actions.definitions import Draft
from leads.domain.building import SIDES, Building, Part
from leads.domain.criteria.faults import Fault, WrongCriteria
from leads.domain.criteria.reading import parse
from leads.domain.unfinished import finished_part
from leads.forms import DefinitionForm
from leads.queries.words.reading import reading
from leads.views.builder import shown
from leads.views.posted import building_of
from leads.views.versions import heading, version_context, version_of

SAVED = "definition-saved"
"""The event that tells the page's regions that another text is kept now."""
_TEMPLATE = "leads/definition_edit.html"


@dataclass
class _Edit:
    """One look at the builder: what is built, and what became of saving it."""

    building: Building
    form: DefinitionForm
    revision: int
    faults: list[Fault] = field(default_factory=list)
    refusal: DomainError | None = None
    focus: str = ""
    saved_at: datetime | None = None

    @property
    def status(self) -> int:
        """An unfinished draft is no refusal; a change by somebody else is."""
        return self.refusal.status if self.refusal else 200


@requires(Permission.DEFINITIONS_EDIT)
@require_http_methods(["GET", "POST"])
def definition_edit(request: UserRequest, pk: int) -> HttpResponse:
    version = version_of(pk)
    if request.method == "POST":
        edit = _posted(request, version)
    elif version.state != State.DRAFT:
        return redirect("leads:definition-detail", pk=pk)
    else:
        built = _built(version)
        edit = _Edit(built, _form_of(version), version.revision)
        edit.faults = _faults(built.source()[0])
    context = _context(request.user, version_of(pk), edit)
    response = page(
        request, _TEMPLATE, context, partial="definition-builder", status=edit.status
    )
    if edit.saved_at is not None:
        trigger_client_event(response, SAVED)
    return response


def _built(version: Version) -> Building:
    return Building.of(version.content.get("criteria", {}))


def _form_of(version: Version) -> DefinitionForm:
    text, zone = definitions.written(version), workspace.zone()
    day = text.effective_at.astimezone(zone).date() if text.effective_at else None
    share = (text.second_chance * 100).normalize()
    kept = {
        "title": text.title,
        "prose": text.prose,
        "second_chance": f"{share:f}",
        "effective_on": day,
        "review_on": text.review_on,
    }
    # Bound, a name that is still to be written is marked at its place.
    return DefinitionForm(initial=kept) if text.title else DefinitionForm(kept)


# Doing


def _posted(request: HttpRequest, version: Version) -> _Edit:
    building = building_of(request.POST)
    act, _space, at = request.POST.get("act", "").partition(" ")
    form = DefinitionForm(request.POST)
    over = request.POST.get("over", "")
    edit = _Edit(building, form, _number(over or request.POST.get("revision", "")))
    edit.focus = _act(building, act, at)
    _save(edit, version, by=request.user, at=clock.now())  # type: ignore[arg-type]
    return edit


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _act(building: Building, act: str, at: str) -> str:
    """Do what a button says; return the path of the part to go on with."""
    do = _ACTS.get(act)
    return do(building, at) if do else ""


def _blank() -> Part:
    return Part("condition", {"field": ""})


def _group_in(building: Building, at: str) -> Part:
    around = building.part(at)
    kind = "any" if around is not None and around.kind == "all" else "all"
    return Part(kind, {}, [_blank()])


def _line(at: str) -> Part:
    if at.startswith("fit"):
        return Part("line", {"points": 10}, [_blank()])
    return Part("line", {"points": 5, "touches": {}})


def _points(at: str) -> Part:
    name = _("Company") if at.startswith("fit") else _("Behaviour")
    return Part("points", {"name": name, "cap": 50}, [_line(at)])


def _side(name: str) -> Part:
    own = {} if name == "fit" else {"half_life_days": 14}
    return Part(name, {"threshold": 20, **own}, [_points(name)])


def _begin(building: Building, name: str) -> str:
    if name not in SIDES or building.part(name) is not None:
        return ""
    setattr(building, name, _side(name))
    return name


def _beside(after: int) -> Callable[[Building, str], str]:
    def put(building: Building, told: str) -> str:
        path, _space, beside = told.partition(" ")
        return building.put(path, beside, after)

    return put


_ACTS: dict[str, Callable[[Building, str], str]] = {
    "condition": lambda building, at: building.add(at, _blank()),
    "group": lambda building, at: building.add(at, _group_in(building, at)),
    "line": lambda building, at: building.add(at, _line(at)),
    "points": lambda building, at: building.add(at, _points(at)),
    "side": _begin,
    "remove": Building.remove,
    "copy": Building.copy,
    "up": lambda building, at: building.move(at, -1),
    "down": lambda building, at: building.move(at, 1),
    "into": Building.into,
    "out": Building.out,
    "above": _beside(0),
    "below": _beside(1),
}


def _save(edit: _Edit, version: Version, *, by: User, at: datetime) -> None:
    """Keep all that is written, finished or not, but for inputs that hold no value."""
    source, _places = edit.building.source()
    edit.faults = _faults(source)
    edit.form.is_valid()
    new = _draft(edit.form, source, version)
    try:
        row = definitions.revise(
            version, new, revision=edit.revision, by=by, at=at, unfinished=True
        )
    except DomainError as refusal:
        edit.refusal = refusal
    else:
        edit.revision, edit.saved_at = row.revision, at


def _faults(source: dict[str, Any]) -> list[Fault]:
    try:
        parse(source)
    except WrongCriteria as wrong:
        return list(wrong.faults)
    return []


def _draft(form: DefinitionForm, source: dict[str, Any], version: Version) -> Draft:
    """Return what is written; what an input cannot hold stays as it was kept.

    A name that was cleared is a blank one: proposing asks for it.
    """
    data, kept = form.cleaned_data, definitions.written(version)
    share = data.get("second_chance", kept.second_chance * 100) or Decimal(0)
    prose = data.get("prose", kept.prose)
    return Draft(
        data.get("title", ""),
        prose.replace("\r\n", "\n"),
        source,
        share / 100,
        _moment(data["effective_on"], version)
        if "effective_on" in data
        else kept.effective_at,
        data.get("review_on", kept.review_on),
    )


def _moment(day: date | None, version: Version) -> datetime | None:
    """Return when a day begins; a moment of that day that is kept already stays."""
    zone, known = workspace.zone(), version.effective_at
    if day is None:
        return None
    if known is not None and known.astimezone(zone).date() == day:
        return known
    return start_of(day, zone)


# Showing


def _context(user: User, version: Version, edit: _Edit) -> dict[str, Any]:
    source, places = edit.building.source()
    roots, elsewhere = shown(
        edit.building, faults=edit.faults, places=places, focus=edit.focus
    )
    changed = isinstance(edit.refusal, ChangedMeanwhile)
    open_places = len({fault.pointer for fault in edit.faults}) + len(edit.form.errors)
    page_of = version_context(user, version)
    return {
        **heading(version, clock.now()),
        **roots,
        "form": edit.form,
        "revision": edit.revision,
        "reading": reading(finished_part(source)[0]),
        "faults": elsewhere,
        "unfinished": open_places,
        "unkept": bool(edit.form.errors.keys() - {"title"}),
        "refusal": edit.refusal,
        "changed": changed,
        "saved_at": edit.saved_at,
        "propose_form": ProposeForm(
            initial={**page_of["propose_form"].initial, "revision": edit.revision},
            auto_id="propose_%s",
        ),
        "comments": page_of["comments"],
        "comment_form": page_of["comment_form"],
        "compare_with": page_of["holding"] or _before(version),
    }


def _before(version: Version) -> Version | None:
    rows = versions.of_kind(version.kind).filter(number__lt=version.number)
    return rows.first()
