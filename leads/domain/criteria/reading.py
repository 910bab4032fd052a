"""Read criteria from JSON; everything that is wrong is told, each with its place."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from leads.domain.criteria.faults import Fault, WrongCriteria
from leads.domain.criteria.fields import FIELDS, OPERATORS, Field, Takes, folded
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
from leads.domain.criteria.words import CHANNELS, DIRECTIONS, TEAMS, TYPES

MOST_DAYS = 3_650
MOST_VALUES = 500
MOST_POINTS = 1_000
MOST_GROUPS = 20
LONGEST_TEXT = 200
LONGEST_HALF_LIFE = 365
LARGEST_NUMBER = 2**31 - 1
TOUCH_OPERATORS = ("at_least", "at_most", "last_within_days", "last_before_days")
_GROUPS = ("all", "any", "not")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class _Wrong(Exception):
    """A value cannot be read; the fault is noted, the rest is read on."""

    def __init__(self, code: str, **params: Any) -> None:  # noqa: ANN401 -- of sentences
        super().__init__(code)
        self.code, self.params = code, params


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
        if not self.faults and rules is fit is engagement is None:
            self._note("", "nothing_required")
        if self._count > MOST_CONDITIONS:
            self._note("", "too_many_conditions", most=MOST_CONDITIONS)
        kept = source if isinstance(source, Mapping) else {}
        return Criteria(rules, fit, engagement, kept)

    # Nodes

    def _node(self, source: Any, at: str, depth: int) -> Node | None:  # noqa: ANN401
        if depth > DEEPEST:
            return self._note(at, "too_deep", most=DEEPEST)
        if not isinstance(source, Mapping):
            return self._note(at, "not_an_object")
        kinds = [kind for kind in (*_GROUPS, "field", "touches") if kind in source]
        if len(kinds) != 1:
            return self._note(at, "which_node")
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
            return self._note(f"{at}/{kind}", "not_a_list")
        if not inner:
            return self._note(f"{at}/{kind}", "empty_group")
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
            return self._note(f"{at}/field", "unknown_field", value=source["field"])
        op = source.get("op")
        takes = OPERATORS[field.type].get(op) if isinstance(op, str) else None
        if takes is None:
            allowed = ", ".join(OPERATORS[field.type])
            return self._note(f"{at}/op", "unknown_operator", allowed=allowed)
        value = self._value(source, takes, field, at)
        return FieldCondition(at, field, op, value, self._optional(source, at))

    def _value(
        self, source: Mapping[str, Any], takes: Takes, field: Field, at: str
    ) -> Any:  # noqa: ANN401
        if takes == Takes.NOTHING:
            return self._note(f"{at}/value", "no_value") if "value" in source else None
        if "value" not in source:
            return self._note(at, "value_missing")
        return self._read(lambda: _VALUES[takes](source["value"], field), f"{at}/value")

    def _touch_condition(
        self, source: Mapping[str, Any], at: str
    ) -> TouchCondition | None:
        self._count += 1
        self._object(source, at, {"touches", "op", "value", "within_days", "optional"})
        touches = self._touches(source["touches"], f"{at}/touches")
        op = source.get("op")
        if op not in TOUCH_OPERATORS:
            allowed = ", ".join(TOUCH_OPERATORS)
            return self._note(f"{at}/op", "unknown_operator", allowed=allowed)
        counts = op in {"at_least", "at_most"}
        if "value" not in source:
            return self._note(at, "value_missing")
        least = 1 if op == "at_least" else 0
        most = LARGEST_NUMBER if counts else MOST_DAYS
        value = self._read(lambda: _whole(source["value"], least, most), f"{at}/value")
        within = None
        if "within_days" in source:
            if not counts:
                return self._note(f"{at}/within_days", "no_window")
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
                value = self._read(_choices_of(found[name], words), f"{at}/{name}")
                read[put] = value or ()
        for name, words in (("direction", DIRECTIONS), ("team", TEAMS)):
            if name in found:
                read[name] = self._read(_choice_of(found[name], words), f"{at}/{name}")
        if "campaign" in found:
            value = self._read(lambda: _references(found["campaign"]), f"{at}/campaign")
            read["campaigns"] = value or ()
        if "automatic" in found:
            read["automatic"] = self._read(
                lambda: _flag(found["automatic"]), f"{at}/automatic"
            )
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
                lambda: _whole(found["half_life_days"], 1, LONGEST_HALF_LIFE),
                f"{at}/half_life_days",
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
            name = self._read(lambda g=group: _text(g.get("name")), f"{place}/name")
            cap = self._read(
                lambda g=group: _whole(g.get("cap"), 1, MOST_POINTS), f"{place}/cap"
            )
            groups.append((place, group, (name or "", cap or 0)))
        return groups

    def _points(self, source: Mapping[str, Any], at: str) -> int | None:
        found: int | None = self._read(
            lambda: _whole(source.get("points"), -MOST_POINTS, MOST_POINTS),
            f"{at}/points",
        )
        return found

    # Small things

    def _number(self, source: Mapping[str, Any], name: str, at: str) -> int | None:
        found: int | None = self._read(
            lambda: _whole(source.get(name), 0, MOST_POINTS * MOST_GROUPS),
            f"{at}/{name}",
        )
        return found

    def _days(self, source: Any, at: str) -> int | None:  # noqa: ANN401
        found: int | None = self._read(lambda: _whole(source, 0, MOST_DAYS), at)
        return found

    def _optional(self, source: Mapping[str, Any], at: str) -> bool:
        if "optional" not in source:
            return False
        return bool(self._read(lambda: _flag(source["optional"]), f"{at}/optional"))

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

    def _read(self, read: Callable[[], Any], at: str) -> Any:  # noqa: ANN401
        try:
            return read()
        except _Wrong as wrong:
            return self._note(at, wrong.code, **wrong.params)

    def _note(self, pointer: str, code: str, **params: Any) -> None:  # noqa: ANN401
        self.faults.append(Fault(pointer, code, params))


def _escaped(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _text(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str):
        raise _Wrong("not_a_text")
    text = value.strip()
    if not text:
        raise _Wrong("blank")
    if len(text) > LONGEST_TEXT:
        raise _Wrong("too_long", most=LONGEST_TEXT)
    if _CONTROL.search(text):
        raise _Wrong("control_character")
    return text


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(dict.fromkeys(folded(_text(each)) for each in _several(value)))


def _several(value: Any) -> list[Any]:  # noqa: ANN401
    if not isinstance(value, list):
        raise _Wrong("not_a_list")
    if not value:
        raise _Wrong("no_values")
    if len(value) > MOST_VALUES:
        raise _Wrong("too_many_values", most=MOST_VALUES)
    return value


def _whole(value: Any, least: int, most: int) -> int:  # noqa: ANN401
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong("not_a_number")
    if not least <= value <= most:
        raise _Wrong("out_of_range", least=least, most=most)
    return value


def _pair(value: Any) -> tuple[int, int]:  # noqa: ANN401
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 -- from and to
        raise _Wrong("not_a_pair")
    low, high = (_whole(each, 0, LARGEST_NUMBER) for each in value)
    if low > high:
        raise _Wrong("wrong_order")
    return low, high


def _day(value: Any) -> date:  # noqa: ANN401
    try:
        if isinstance(value, str) and len(value) == len("2026-01-31"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _Wrong("not_a_day")


def _flag(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, bool):
        raise _Wrong("not_a_flag")
    return value


def _country(value: Any) -> str:  # noqa: ANN401
    text = _text(value).upper()
    if not re.fullmatch("[A-Z]{2}", text):
        raise _Wrong("not_a_country")
    return text


def _references(value: Any) -> tuple[int, ...]:  # noqa: ANN401
    several = _several(value)
    return tuple(dict.fromkeys(_whole(each, 1, 2**63 - 1) for each in several))


def _choice(value: Any, words: tuple[str, ...]) -> str:  # noqa: ANN401
    if value not in words:
        raise _Wrong("unknown_choice", allowed=", ".join(words))
    return str(value)


def _choices(value: Any, words: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(dict.fromkeys(_choice(each, words) for each in _several(value)))


def _choice_of(value: Any, words: tuple[str, ...]) -> Callable[[], str]:  # noqa: ANN401
    return lambda: _choice(value, words)


def _choices_of(
    value: Any,  # noqa: ANN401
    words: tuple[str, ...],
) -> Callable[[], tuple[str, ...]]:
    return lambda: _choices(value, words)


_VALUES: dict[Takes, Callable[[Any, Field], Any]] = {
    Takes.TEXT: lambda value, _: folded(_text(value)),
    Takes.TEXTS: lambda value, _: _texts(value),
    Takes.NUMBER: lambda value, _: _whole(value, 0, LARGEST_NUMBER),
    Takes.PAIR: lambda value, _: _pair(value),
    Takes.DAY: lambda value, _: _day(value),
    Takes.DAYS: lambda value, _: _whole(value, 0, MOST_DAYS),
    Takes.FLAG: lambda value, _: _flag(value),
    Takes.COUNTRY: lambda value, _: _country(value),
    Takes.COUNTRIES: lambda value, _: tuple(
        dict.fromkeys(_country(each) for each in _several(value))
    ),
    Takes.CHOICE: lambda value, field: _choice(value, field.choices),
    Takes.CHOICES: lambda value, field: _choices(value, field.choices),
    Takes.REFERENCES: lambda value, _: _references(value),
}
