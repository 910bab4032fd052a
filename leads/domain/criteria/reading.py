"""Read criteria from JSON; everything that is wrong is told, each with its place."""

from collections.abc import Callable, Mapping
from typing import Any

from leads.domain.criteria.faults import Fault, WrongCriteria
from leads.domain.criteria.fields import FIELDS, OPERATORS, Field, Takes
from leads.domain.criteria.tree import (
    DEEPEST,
    MOST_CONDITIONS,
    Criteria,
    Engagement,
    EngagementGroup,
    FieldCondition,
    Fit,
    FitGroup,
    FitPoints,
    Group,
    Node,
    TouchCondition,
    Touches,
    TouchPoints,
)
from leads.domain.criteria.values import (
    LARGEST_NUMBER,
    MOST_DAYS,
    VALUES,
    Wrong,
    choice,
    choices,
    flag,
    references,
    text,
    whole,
)
from leads.domain.criteria.words import CHANNELS, DIRECTIONS, TEAMS, TYPES

MOST_POINTS = 1_000
MOST_GROUPS = 20
LONGEST_HALF_LIFE = 365
TOUCH_OPERATORS = ("at_least", "at_most", "last_within_days", "last_before_days")
_GROUPS = ("all", "any", "not")


def parse(source: Any) -> Criteria:  # noqa: ANN401 -- whatever JSON holds
    """Read criteria.

    Raises:
        WrongCriteria: with everything that is wrong.
    """
    reader = _Reader()
    criteria = reader.criteria(source)
    if reader.faults:
        raise WrongCriteria(reader.faults)
    return criteria


class _Reader:
    """Reads one document and notes its faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._count = 0

    def criteria(self, source: Any) -> Criteria:  # noqa: ANN401
        found = self._object(source, "", {"rules", "scoring"})
        rules = fit = engagement = None
        if "rules" in found:
            rules = self._node(found["rules"], "/rules", 1)
        if "scoring" in found:
            scoring = self._object(found["scoring"], "/scoring", {"fit", "engagement"})
            if "fit" in scoring:
                fit = self._fit(scoring["fit"])
            if "engagement" in scoring:
                engagement = self._engagement(scoring["engagement"])
        if not self.faults and (rules, fit, engagement) == (None, None, None):
            self._note("", "nothing_required")
        if self._count > MOST_CONDITIONS:
            self._note("", "too_many_conditions", most=MOST_CONDITIONS)
        kept = source if isinstance(source, Mapping) else {}
        return Criteria(rules, fit, engagement, kept)

    # Nodes

    def _node(self, source: Any, at: str, depth: int) -> Node | None:  # noqa: ANN401
        if depth > DEEPEST:
            self._note(at, "too_deep", most=DEEPEST)
            return None
        if not isinstance(source, Mapping):
            self._note(at, "not_an_object")
            return None
        kinds = [kind for kind in (*_GROUPS, "field", "touches") if kind in source]
        if len(kinds) != 1:
            self._note(at, "which_node")
            return None
        kind = kinds[0]
        if kind == "field":
            return self._field(source, at)
        if kind == "touches":
            return self._touch_condition(source, at)
        return self._group(source, kind, at, depth)

    def _group(
        self, source: Mapping[str, Any], kind: str, at: str, depth: int
    ) -> Group | None:
        self._object(source, at, {kind})
        inner = [source[kind]] if kind == "not" else source[kind]
        if not isinstance(inner, list):
            self._note(f"{at}/{kind}", "not_a_list")
            return None
        if not inner:
            self._note(f"{at}/{kind}", "empty_group")
            return None
        places = [
            f"{at}/{kind}" if kind == "not" else f"{at}/{kind}/{n}"
            for n in range(len(inner))
        ]
        nodes = [
            self._node(each, place, depth + 1)
            for each, place in zip(inner, places, strict=True)
        ]
        return Group(at, kind, tuple(node for node in nodes if node is not None))

    def _field(self, source: Mapping[str, Any], at: str) -> FieldCondition | None:
        self._count += 1
        self._object(source, at, {"field", "op", "value", "optional"})
        field = (
            FIELDS.get(source["field"]) if isinstance(source["field"], str) else None
        )
        if field is None:
            self._note(f"{at}/field", "unknown_field", value=source["field"])
            return None
        op = str(source.get("op"))
        takes = OPERATORS[field.type].get(op)
        if takes is None:
            allowed = ", ".join(OPERATORS[field.type])
            self._note(f"{at}/op", "unknown_operator", allowed=allowed)
            return None
        value = self._value(source, takes, field, at)
        return FieldCondition(at, field, op, value, self._optional(source, at))

    def _value(
        self, source: Mapping[str, Any], takes: Takes, field: Field, at: str
    ) -> Any:  # noqa: ANN401
        if takes == Takes.NOTHING:
            return self._note(f"{at}/value", "no_value") if "value" in source else None
        if "value" not in source:
            self._note(at, "value_missing")
            return None
        return self._read(f"{at}/value", VALUES[takes], source["value"], field)

    def _touch_condition(
        self, source: Mapping[str, Any], at: str
    ) -> TouchCondition | None:
        self._count += 1
        self._object(source, at, {"touches", "op", "value", "within_days", "optional"})
        touches = self._touches(source["touches"], f"{at}/touches")
        op = str(source.get("op"))
        if op not in TOUCH_OPERATORS:
            allowed = ", ".join(TOUCH_OPERATORS)
            self._note(f"{at}/op", "unknown_operator", allowed=allowed)
            return None
        counts = op in {"at_least", "at_most"}
        if "value" not in source:
            self._note(at, "value_missing")
            return None
        least = 1 if op == "at_least" else 0
        most = LARGEST_NUMBER if counts else MOST_DAYS
        value = self._read(f"{at}/value", whole, source["value"], least, most)
        within = None
        if "within_days" in source:
            if not counts:
                self._note(f"{at}/within_days", "no_window")
                return None
            within = self._days(source["within_days"], f"{at}/within_days")
        optional = self._optional(source, at)
        if touches is None or value is None:
            return None
        return TouchCondition(at, touches, op, value, within, optional)

    def _touches(self, source: Any, at: str) -> Touches | None:  # noqa: ANN401
        names = {"type", "channel", "campaign", "direction", "team", "automatic"}
        found = self._object(source, at, names)
        read: dict[str, Any] = {}
        for name, put, words in (
            ("type", "types", TYPES),
            ("channel", "channels", CHANNELS),
        ):
            if name in found:
                value = self._read(f"{at}/{name}", choices, found[name], words)
                read[put] = value or ()
        for name, words in (("direction", DIRECTIONS), ("team", TEAMS)):
            if name in found:
                read[name] = self._read(f"{at}/{name}", choice, found[name], words)
        if "campaign" in found:
            value = self._read(f"{at}/campaign", references, found["campaign"])
            read["campaigns"] = value or ()
        if "automatic" in found:
            read["automatic"] = self._read(f"{at}/automatic", flag, found["automatic"])
        return Touches(**read) if isinstance(source, Mapping) else None

    # Scores

    def _fit(self, source: Any) -> Fit | None:  # noqa: ANN401
        at = "/scoring/fit"
        found = self._object(source, at, {"threshold", "groups"})
        threshold = self._number(found, "threshold", at)
        groups = []
        for place, group, head in self._score_groups(found, at):
            points = []
            for n, each in enumerate(self._list(group, "points", place)):
                where = f"{place}/points/{n}"
                row = self._object(each, where, {"when", "points"})
                if "when" not in row:
                    self._note(where, "value_missing")
                    continue
                node = self._node(row["when"], f"{where}/when", 1)
                points_ = self._points(row, where)
                if node is not None and points_ is not None:
                    points.append(FitPoints(node, points_))
            groups.append(FitGroup(*head, tuple(points)))
        return Fit(threshold, tuple(groups)) if threshold is not None else None

    def _engagement(self, source: Any) -> Engagement | None:  # noqa: ANN401
        at = "/scoring/engagement"
        found = self._object(source, at, {"threshold", "half_life_days", "groups"})
        threshold = self._number(found, "threshold", at)
        half_life = None
        if found.get("half_life_days") is not None:
            half_life = self._read(
                f"{at}/half_life_days",
                whole,
                found["half_life_days"],
                1,
                LONGEST_HALF_LIFE,
            )
        groups = []
        for place, group, head in self._score_groups(found, at):
            points = []
            for n, each in enumerate(self._list(group, "points", place)):
                where = f"{place}/points/{n}"
                row = self._object(each, where, {"touches", "points"})
                self._count += 1
                touches = self._touches(row.get("touches"), f"{where}/touches")
                points_ = self._points(row, where)
                if touches is not None and points_ is not None:
                    points.append(TouchPoints(where, touches, points_))
            groups.append(EngagementGroup(*head, tuple(points)))
        if threshold is None:
            return None
        return Engagement(threshold, half_life, tuple(groups))

    def _score_groups(
        self, source: Mapping[str, Any], at: str
    ) -> list[tuple[str, Mapping[str, Any], tuple[str, int]]]:
        rows = self._list(source, "groups", at)
        if len(rows) > MOST_GROUPS:
            self._note(f"{at}/groups", "too_many_groups", most=MOST_GROUPS)
            return []
        groups = []
        for n, each in enumerate(rows):
            place = f"{at}/groups/{n}"
            group = self._object(each, place, {"name", "cap", "points"})
            name = self._read(f"{place}/name", text, group.get("name"))
            cap = self._read(f"{place}/cap", whole, group.get("cap"), 1, MOST_POINTS)
            groups.append((place, group, (name or "", cap or 0)))
        return groups

    def _points(self, source: Mapping[str, Any], at: str) -> int | None:
        found: int | None = self._read(
            f"{at}/points", whole, source.get("points"), -MOST_POINTS, MOST_POINTS
        )
        return found

    # Small things

    def _number(self, source: Mapping[str, Any], name: str, at: str) -> int | None:
        found: int | None = self._read(
            f"{at}/{name}", whole, source.get(name), 0, MOST_POINTS * MOST_GROUPS
        )
        return found

    def _days(self, source: Any, at: str) -> int | None:  # noqa: ANN401
        found: int | None = self._read(at, whole, source, 0, MOST_DAYS)
        return found

    def _optional(self, source: Mapping[str, Any], at: str) -> bool:
        if "optional" not in source:
            return False
        return bool(self._read(f"{at}/optional", flag, source["optional"]))

    def _list(self, source: Mapping[str, Any], name: str, at: str) -> list[Any]:
        rows = source.get(name)
        if not isinstance(rows, list):
            self._note(f"{at}/{name}", "not_a_list")
            return []
        if not rows:
            self._note(f"{at}/{name}", "empty_group")
        return rows

    def _object(self, source: Any, at: str, names: set[str]) -> Mapping[str, Any]:  # noqa: ANN401
        if not isinstance(source, Mapping):
            self._note(at, "not_an_object")
            return {}
        for name in source:
            if name not in names:
                self._note(f"{at}/{_escaped(name)}", "unknown_name")
        return source

    def _read(self, at: str, read: Callable[..., Any], *args: Any) -> Any:  # noqa: ANN401
        """Read a value; None where it cannot be read, which is noted."""
        try:
            return read(*args)
        except Wrong as wrong:
            self._note(at, wrong.code, **wrong.params)
            return None

    def _note(self, pointer: str, code: str, **params: Any) -> None:  # noqa: ANN401
        self.faults.append(Fault(pointer, code, params))


def _escaped(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
