"""The builder as its templates show it: parts with their inputs and what is amiss."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from leads.domain.building import SIDES, Building
from leads.domain.criteria.faults import Fault
from leads.validators import sentence
from leads.views.builder_options import Options
from leads.views.builder_part import Shown


def shown(
    building: Building,
    *,
    faults: Sequence[Fault] = (),
    places: Mapping[str, str] | None = None,
    focus: str = "",
) -> tuple[dict[str, Shown | None], list[str]]:
    """Return the three roots of the builder, and the faults that belong to no part."""
    options = Options(_named(building))
    roots = {
        name: Shown(part, name, 0, 1, options) if part is not None else None
        for name in ("rules", *SIDES)
        for part in [getattr(building, name)]
    }
    by_path = {
        each.path: each for root in roots.values() if root for each in _all(root)
    }
    if focus in by_path:
        by_path[focus].focus = True
    elsewhere = []
    for fault in faults:
        place = _place(fault.pointer, places or {})
        if place in by_path:
            by_path[place].faults.append(told(fault))
        else:
            elsewhere.append(told(fault))
    return roots, elsewhere


def _all(root: Shown) -> list[Shown]:
    return [root, *(each for part in root.parts for each in _all(part))]


def _place(pointer: str, places: Mapping[str, str]) -> str:
    """Return the path of the innermost part that a JSON pointer lies in."""
    while pointer and pointer not in places:
        pointer = pointer.rpartition("/")[0]
    return places.get(pointer, "")


def told(fault: Fault) -> str:
    """Say what is wrong, to somebody who sees the inputs and not the JSON."""
    blank = fault.code == "unknown_field" and not fault.params.get("value")
    if blank or fault.code == "which_node":
        return _("Choose what this is about.")
    return sentence(fault)


def _named(building: Building) -> set[int]:
    """Return the campaigns that are chosen somewhere."""
    found: set[int] = set()
    for _path, part in building.walk():
        touches = part.values.get("touches")
        chosen = touches.get("campaign", []) if isinstance(touches, Mapping) else []
        if part.values.get("field") == "lead.campaign":
            chosen = part.values.get("value") or []
        found.update(pk for pk in chosen if isinstance(pk, int) and pk < 2**63)
    return found
