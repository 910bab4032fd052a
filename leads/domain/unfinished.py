"""Criteria that cannot run yet: what can be read of them already, and what is amiss."""

from collections.abc import Mapping
from typing import Any

from leads.domain.building import SIDES, Building, Part
from leads.domain.criteria.faults import Fault, WrongCriteria
from leads.domain.criteria.reading import parse
from leads.domain.criteria.tree import Criteria

_ROUNDS = 3


def finished_part(source: Mapping[str, Any]) -> tuple[Criteria, list[Fault]]:
    """Return criteria without what cannot be read, and every fault of the whole.

    Criteria that can run are returned as they are, without faults. Where nothing can be
    read the criteria ask for nothing.
    """
    faults: list[Fault] = []
    for _round in range(_ROUNDS):
        try:
            return parse(source), faults
        except WrongCriteria as wrong:
            faults = faults or list(wrong.faults)
            building = Building.of(source)
            _source, places = building.source()
            gone = {_path(fault.pointer, places) for fault in wrong.faults}
            source, _places = _without(building, gone).source()
    return Criteria(), faults


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
