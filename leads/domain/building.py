"""Criteria while they are built: a tree that may be unfinished, and what is done to it.

The tree is that of the JSON form, with two comforts: ``not`` is a group of its own
(``none`` and ``not_all``), and rules are always a group. A part is named by its path:
``rules.0.1`` is the second part of the first part of the rules.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

GROUPS = ("all", "any", "none", "not_all")
SIDES = ("fit", "engagement")


@dataclass
class Part:
    """A group, a condition, or of points a side, a group or a line.

    ``kind`` is one of GROUPS, ``condition``, ``fit``, ``engagement``, ``points`` or
    ``line``; ``values`` is its own part of the JSON form.
    """

    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Tell whether conditions can be put into it."""
        return self.kind in GROUPS


@dataclass
class Building:
    """Everything that is built: rules, and points for fit and engagement."""

    rules: Part = field(default_factory=lambda: Part("all"))
    fit: Part | None = None
    engagement: Part | None = None

    # To and from JSON

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> "Building":
        """Return criteria as they are built."""
        rules = _node(source["rules"]) if source.get("rules") else Part("all")
        scoring = source.get("scoring", {})
        return cls(
            rules if rules.is_group else Part("all", {}, [rules]),
            *(
                _side(side, scoring[side]) if side in scoring else None
                for side in SIDES
            ),
        )

    def source(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the JSON form, and the path of the part at each JSON pointer."""
        places: dict[str, str] = {}
        source: dict[str, Any] = {}
        if self.rules.parts:
            source["rules"] = _json(self.rules, "/rules", "rules", places)
        for name in SIDES:
            side = getattr(self, name)
            if side is not None:
                at = f"/scoring/{name}"
                told = source.setdefault("scoring", {})
                told[name] = _side_json(side, at, name, places)
        return source, places

    # Finding

    def part(self, path: str) -> Part | None:
        """Return the part at a path; None where there is none."""
        root, *places = path.split(".")
        found = getattr(self, root, None) if root in {"rules", *SIDES} else None
        for place in places:
            if found is None or not place.isdecimal() or int(place) >= len(found.parts):
                return None
            found = found.parts[int(place)]
        return found

    def _parent(self, path: str) -> tuple[Part, int] | None:
        """Return the part that holds another, and its place there."""
        above, _, place = path.rpartition(".")
        parent = self.part(above) if above else None
        if parent is None or self.part(path) is None:
            return None
        return parent, int(place)

    # Doing. Each returns the path of what was done something to, or its neighbour.

    def add(self, path: str, new: Part) -> str:
        """Put a new part at the end of another."""
        parent = self.part(path)
        if parent is None:
            return path
        parent.parts.append(new)
        return f"{path}.{len(parent.parts) - 1}"

    def remove(self, path: str) -> str:
        """Take a part away, or all points of a side."""
        if path in SIDES:
            setattr(self, path, None)
            return "rules"
        held = self._parent(path)
        if held is None:
            return path
        parent, place = held
        del parent.parts[place]
        above = path.rpartition(".")[0]
        left = min(place, len(parent.parts) - 1)
        return f"{above}.{left}" if left >= 0 else above

    def copy(self, path: str) -> str:
        """Put the same once more below."""
        held = self._parent(path)
        if held is None:
            return path
        parent, place = held
        parent.parts.insert(place + 1, deepcopy(parent.parts[place]))
        return _beside(path, place + 1)

    def move(self, path: str, by: int) -> str:
        """Change places with the part above (-1) or below (1)."""
        held = self._parent(path)
        if held is None or not 0 <= held[1] + by < len(held[0].parts):
            return path
        parts, place = held[0].parts, held[1]
        parts[place], parts[place + by] = parts[place + by], parts[place]
        return _beside(path, place + by)

    def into(self, path: str) -> str:
        """Go into the group above it, at its end, else into the one below.

        Without either it gets a group of its own.
        """
        held = self._parent(path)
        if held is None or not held[0].is_group:
            return path
        parent, place = held
        part = parent.parts[place]
        if place and parent.parts[place - 1].is_group:
            above = parent.parts[place - 1]
            above.parts.append(part)
            del parent.parts[place]
            return f"{_beside(path, place - 1)}.{len(above.parts) - 1}"
        if place + 1 < len(parent.parts) and parent.parts[place + 1].is_group:
            parent.parts[place + 1].parts.insert(0, part)
            del parent.parts[place]
            return f"{path}.0"
        kind = "any" if parent.kind == "all" else "all"
        parent.parts[place] = Part(kind, {}, [part])
        return f"{path}.0"

    def out(self, path: str) -> str:
        """Go out of its group, below it; a group with nothing left goes away."""
        held = self._parent(path)
        above = path.rpartition(".")[0]
        holder = self._parent(above)
        if held is None or holder is None or not holder[0].is_group:
            return path
        (group, place), (parent, at) = held, holder
        part = group.parts.pop(place)
        if not group.parts:
            parent.parts[at] = part
            return above
        parent.parts.insert(at + 1, part)
        return _beside(above, at + 1)

    def put(self, path: str, beside: str, after: int) -> str:
        """Put a part above (0) or below (1) another that is not inside it."""
        held, other = self._parent(path), self._parent(beside)
        if held is None or other is None or f"{beside}.".startswith(f"{path}."):
            return path
        parent, place = held
        target, at = other
        part, goal = parent.parts[place], target.parts[at]
        if not _belongs(part, target):
            return path
        del parent.parts[place]
        at = next(n for n, each in enumerate(target.parts) if each is goal) + after
        target.parts.insert(at, part)
        return next(found for found, each in self.walk() if each is part)

    def walk(self) -> Iterator[tuple[str, Part]]:
        """Yield every part with its path."""
        for name in ("rules", *SIDES):
            part = getattr(self, name)
            if part is not None:
                yield from _walk(part, name)


def _walk(part: Part, path: str) -> Iterator[tuple[str, Part]]:
    yield path, part
    for n, inner in enumerate(part.parts):
        yield from _walk(inner, f"{path}.{n}")


def _beside(path: str, place: int) -> str:
    return f"{path.rpartition('.')[0]}.{place}"


def _belongs(part: Part, target: Part) -> bool:
    return target.is_group and (part.is_group or part.kind == "condition")


def _node(source: Any) -> Part:  # noqa: ANN401
    if not isinstance(source, Mapping):
        return Part("condition")
    for kind in ("all", "any"):
        if isinstance(source.get(kind), list):
            return Part(kind, {}, [_node(each) for each in source[kind]])
    if "not" in source:
        inner = _node(source["not"])
        kinds = {"any": "none", "all": "not_all"}
        if inner.kind in kinds:
            return Part(kinds[inner.kind], {}, inner.parts)
        return Part("none", {}, [inner])
    return Part("condition", dict(source))


def _side(name: str, source: Mapping[str, Any]) -> Part:
    groups = [_points(name, group) for group in source.get("groups", [])]
    return Part(name, _without(source, "groups"), groups)


def _points(side: str, group: Mapping[str, Any]) -> Part:
    lines = []
    for line in group.get("points", []):
        if side == "fit":
            own = _without(line, "when")
            when = [_node(line["when"])] if "when" in line else []
            lines.append(Part("line", own, when))
        else:
            lines.append(Part("line", dict(line)))
    return Part("points", _without(group, "points"), lines)


def _without(source: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in source.items() if key != name}


def _json(part: Part, at: str, path: str, places: dict[str, str]) -> dict[str, Any]:
    """Write a node and note where it and its parts are."""
    places[at] = path
    if not part.is_group:
        return part.values
    inner = part.parts
    if part.kind == "none" and len(inner) == 1:
        return {"not": _json(inner[0], f"{at}/not", f"{path}.0", places)}
    kind = {"none": "any", "not_all": "all"}.get(part.kind, part.kind)
    below = at if kind == part.kind else f"{at}/not"
    nodes = [
        _json(each, f"{below}/{kind}/{n}", f"{path}.{n}", places)
        for n, each in enumerate(inner)
    ]
    told: dict[str, Any] = {kind: nodes}
    return told if kind == part.kind else {"not": told}


def _side_json(
    side: Part, at: str, path: str, places: dict[str, str]
) -> dict[str, Any]:
    places[at] = path
    groups = []
    for n, group in enumerate(side.parts):
        place, own = f"{at}/groups/{n}", f"{path}.{n}"
        places[place] = own
        lines = []
        for m, line in enumerate(group.parts):
            where, mine = f"{place}/points/{m}", f"{own}.{m}"
            places[where] = mine
            told = dict(line.values)
            if line.parts:
                told["when"] = _json(
                    line.parts[0], f"{where}/when", f"{mine}.0", places
                )
            lines.append(told)
        groups.append({**group.values, "points": lines})
    return {**side.values, "groups": groups}
