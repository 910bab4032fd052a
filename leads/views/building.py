"""Build a definition by clicking: each edit posts the whole form and saves the draft.

What cannot run yet is shown with its fault and not saved; the page holds it until it
can. Somebody else's change is never written over unasked.
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
from foundation.documents.actions.versions import ChangedMeanwhile, WrongDocument
from foundation.documents.enums import State
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
from leads.forms import DefinitionForm, ProposeForm
from leads.queries.words.reading import Reading, reading
from leads.views.builder import shown
from leads.views.posted import building_of
from leads.views.versions import heading, version_context, version_of

SAVED = "definition-saved"
"""The event that tells the page's regions that another text is kept now."""
_TEMPLATE = "leads/definition_edit.html"
_FIELDS = {"effective_at": "effective_on"}


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
        edit = _Edit(_built(version), _form_of(version), version.revision)
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
    return DefinitionForm(
        initial={
            "title": text.title,
            "prose": text.prose,
            "second_chance": f"{share:f}",
            "effective_on": day,
            "review_on": text.review_on,
        }
    )


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
    source, _places = edit.building.source()
    edit.faults = _faults(source)
    if not edit.form.is_valid() or edit.faults:
        return
    new = _draft(edit.form.cleaned_data, source, version)
    try:
        row = definitions.revise(version, new, revision=edit.revision, by=by, at=at)
    except WrongDocument as wrong:
        edit.form.add_error(_FIELDS.get(wrong.field, wrong.field), str(wrong))
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


def _draft(data: dict[str, Any], source: dict[str, Any], version: Version) -> Draft:
    share = (data["second_chance"] or Decimal(0)) / 100
    return Draft(
        data["title"],
        data["prose"].replace("\r\n", "\n"),
        source,
        share,
        _moment(data["effective_on"], version),
        data["review_on"],
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
    _source, places = edit.building.source()
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
        "reading": _readable(edit.building),
        "faults": elsewhere,
        "unfinished": open_places,
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


def _readable(building: Building) -> Reading | None:
    """Say what is finished in words, leaving out what cannot be read yet."""
    source, places = building.source()
    for _round in range(3):
        try:
            return reading(parse(source))
        except WrongCriteria as wrong:
            paths = {_path(fault.pointer, places) for fault in wrong.faults}
            building = _without(building, paths)
            source, places = building.source()
    return None


def _path(pointer: str, places: dict[str, str]) -> str:
    while pointer and pointer not in places:
        pointer = pointer.rpartition("/")[0]
    return places.get(pointer, "")


def _without(building: Building, gone: set[str]) -> Building:
    """Return a copy without some parts, and without what is left with nothing."""
    fit, engagement = (
        _pruned(side, name, gone) if side is not None else None
        for name, side in zip(SIDES, (building.fit, building.engagement), strict=True)
    )
    rules = _pruned(building.rules, "rules", gone)
    return Building(rules or Part("all"), fit, engagement)


def _pruned(part: Part, path: str, gone: set[str]) -> Part | None:
    if path in gone:
        return None
    inner = [
        kept
        for n, each in enumerate(part.parts)
        if (kept := _pruned(each, f"{path}.{n}", gone)) is not None
    ]
    if part.parts and not inner:
        return None
    return Part(part.kind, part.values, inner)
