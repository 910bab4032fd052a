"""Read what the builder's form holds: one input for each value, named by its part.

`rules.0.op` is the operator of the first part of the rules. What is not finished yet
is kept as far as it goes; `leads.domain.criteria.reading` says what is missing.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import QueryDict

from leads.domain.building import GROUPS, SIDES, Building, Part
from leads.domain.criteria.fields import FIELDS, OPERATORS, Field, Takes, Type
from leads.domain.criteria.reading import TOUCH_OPERATORS
from leads.enums import TouchType

TOUCH, SOME = "touch:", "touch:*"
"""Prefix of subjects about behaviour; the one for several types at once."""
DEEPEST = 24
_FIRST = {
    Type.TEXT: "in",
    Type.NUMBER: "at_least",
    Type.DATE: "within_days",
    Type.FLAG: "is",
    Type.DOMAIN: "in",
    Type.COUNTRY: "in",
    Type.CHOICE: "in",
    Type.REFERENCE: "in",
}
"""The comparison to begin with."""
_OWN_VALUES = {Type.CHOICE, Type.REFERENCE}
_DAYS = 30
_COUNTING = ("at_least", "at_most")


def building_of(data: QueryDict) -> Building:
    """Return what is being built, as the form has it."""
    data = _storable(data)
    rules = _part(data, "rules", 0)
    sides = [_part(data, side, 0) for side in SIDES]
    if rules is None or not rules.is_group:
        rules = Part("all")
    fit, engagement = (
        side if side is not None and side.kind == name else None
        for side, name in zip(sides, SIDES, strict=True)
    )
    return Building(rules, fit, engagement)


def _storable(data: QueryDict) -> QueryDict:
    """Return what was sent without the one character that cannot be kept."""
    found = data.copy()
    for name, values in data.lists():
        found.setlist(name, [value.replace("\0", "") for value in values])
    return found


def _part(data: QueryDict, path: str, depth: int) -> Part | None:
    kind = data.get(f"{path}.kind")
    if kind is None or depth > DEEPEST:
        return None
    values: dict[str, Any] = {}
    if kind == "condition":
        values = condition_of(data, path)
    elif kind in _VALUES:
        values = _VALUES[kind](data, path)
    elif kind not in GROUPS:
        return None
    return Part(kind, values, list(_parts(data, path, depth)))


def _parts(data: QueryDict, path: str, depth: int) -> Iterator[Part]:
    n = 0
    while (part := _part(data, f"{path}.{n}", depth + 1)) is not None:
        yield part
        n += 1


def _fit(data: QueryDict, path: str) -> dict[str, Any]:
    return _whole(data, path, "threshold")


def _engagement(data: QueryDict, path: str) -> dict[str, Any]:
    return {
        **_whole(data, path, "threshold"),
        **_whole(data, path, "half_life_days"),
    }


def _points(data: QueryDict, path: str) -> dict[str, Any]:
    return {
        "name": data.get(f"{path}.name", "").strip(),
        **_whole(data, path, "cap"),
    }


def _line(data: QueryDict, path: str) -> dict[str, Any]:
    found = _whole(data, path, "points")
    if f"{path}.what" in data:
        found["touches"] = touches_of(data, path)
    return found


_VALUES: dict[str, Callable[[QueryDict, str], dict[str, Any]]] = {
    "fit": _fit,
    "engagement": _engagement,
    "points": _points,
    "line": _line,
}


def _whole(data: QueryDict, path: str, name: str) -> dict[str, Any]:
    """Return a whole number by its name; nothing where the input is blank."""
    found = _number(data.get(f"{path}.{name}", ""))
    return {} if found is None else {name: found}


def _number(text: str) -> int | str | None:
    """Return a number, whatever else was written, or None where nothing was."""
    text = text.strip()
    if not text:
        return None
    try:
        return int(text) if len(text) < len(str(2**63)) else text
    except ValueError:
        return text


# Conditions


def condition_of(data: QueryDict, path: str) -> dict[str, Any]:
    """Return the condition that stands at a path."""
    what = data.get(f"{path}.what", "")
    fresh = data.get(f"{path}.was", "") != what
    if what.startswith(TOUCH):
        found = _touch_condition(data, path, fresh=fresh)
    elif what in FIELDS:
        found = _field_condition(data, path, FIELDS[what], fresh=fresh)
    else:
        found = {"field": what}
    if data.get(f"{path}.optional") == "optional":
        found["optional"] = True
    return found


def _field_condition(
    data: QueryDict, path: str, field: Field, *, fresh: bool
) -> dict[str, Any]:
    operators = OPERATORS[field.type]
    op = data.get(f"{path}.op", "")
    was = FIELDS.get(data.get(f"{path}.was", ""))
    if was is not None and was.type == field.type and field.type not in _OWN_VALUES:
        fresh = False  # the same comparison makes sense for both
    if fresh or op not in operators:
        op = _FIRST[field.type]
    found: dict[str, Any] = {"field": field.name, "op": op}
    value = None if fresh else _value(data, path, operators[op])
    if value is None:
        begin = _BEGINNING.get(operators[op])
        value = begin(field) if begin else None
    if value is not None and operators[op] != Takes.NOTHING:
        found["value"] = value
    return found


_BEGINNING: dict[Takes, Callable[[Field], Any]] = {
    Takes.FLAG: lambda _: True,
    Takes.DAYS: lambda _: _DAYS,
    Takes.CHOICE: lambda field: field.choices[0],
}


def _value(data: QueryDict, path: str, takes: Takes) -> Any:  # noqa: ANN401
    name = f"{path}.value"
    if read := _READ.get(takes):
        return read(data, name)
    return data.get(name, "").strip() or None


def _texts(data: QueryDict, name: str) -> list[str] | None:
    return listed(data.get(name, "")) or None


def _countries(data: QueryDict, name: str) -> list[str] | None:
    return [each.upper() for each in listed(data.get(name, ""))] or None


def _pair(data: QueryDict, name: str) -> list[int | str | None] | None:
    ends = [_number(data.get(each, "")) for each in (name, f"{name}2")]
    return None if ends == [None, None] else ends


_READ: dict[Takes, Callable[[QueryDict, str], Any]] = {
    Takes.TEXTS: _texts,
    Takes.COUNTRIES: _countries,
    Takes.COUNTRY: lambda data, name: data.get(name, "").strip().upper() or None,
    Takes.NUMBER: lambda data, name: _number(data.get(name, "")),
    Takes.DAYS: lambda data, name: _number(data.get(name, "")),
    Takes.PAIR: _pair,
    Takes.FLAG: lambda data, name: {"true": True, "false": False}.get(
        data.get(name, "")
    ),
    Takes.CHOICES: lambda data, name: data.getlist(name) or None,
    Takes.REFERENCES: lambda data, name: (
        [_number(each) for each in data.getlist(name)] or None
    ),
}


def listed(text: str) -> list[str]:
    """Return the values of a line, separated by commas; quotes keep a comma."""
    rows = csv.reader([text.replace("\0", "")], skipinitialspace=True)
    return [each.strip() for each in next(rows, []) if each.strip()]


def as_list(values: list[Any]) -> str:
    """Write values as one line that `listed` reads."""
    return ", ".join(
        '"{}"'.format(text.replace('"', '""')) if '"' in text or "," in text else text
        for text in map(str, values)
    )


def _touch_condition(data: QueryDict, path: str, *, fresh: bool) -> dict[str, Any]:
    touches = touches_of(data, path)
    was_touch = data.get(f"{path}.was", "").startswith(TOUCH)
    if fresh and not was_touch:
        how = {"op": "at_least", "value": 1, "within_days": _DAYS}
        return {"touches": touches, **how}
    op = data.get(f"{path}.op", "")
    found: dict[str, Any] = {
        "touches": touches,
        "op": op if op in TOUCH_OPERATORS else "at_least",
        **_whole(data, path, "value"),
    }
    if found["op"] in _COUNTING:
        found |= _whole(data, path, "within_days")
    return found


def touches_of(data: QueryDict, path: str) -> dict[str, Any]:
    """Return which touches are meant at a path."""
    found: dict[str, Any] = {}
    what = data.get(f"{path}.what", "")
    types = data.getlist(f"{path}.type")
    if what == SOME:
        was = data.get(f"{path}.was", "").removeprefix(TOUCH)
        types = types or [was if was in TouchType.values else TouchType.WEBINAR]
    else:
        types = [what.removeprefix(TOUCH)]
    if any(types):
        found["type"] = types
    if channels := data.getlist(f"{path}.channel"):
        found["channel"] = channels
    if campaigns := data.getlist(f"{path}.campaign"):
        found["campaign"] = [_number(each) for each in campaigns]
    for name in ("direction", "team"):
        if chosen := data.get(f"{path}.{name}"):
            found[name] = chosen
    automatic = {"true": True, "false": False}.get(data.get(f"{path}.automatic", ""))
    if automatic is not None:
        found["automatic"] = automatic
    return found


def subject_of(values: Mapping[str, Any]) -> str:
    """Return what a condition, or a line of points, is about, as the form names it."""
    touches = values.get("touches")
    if isinstance(touches, Mapping):
        types = touches.get("type") or [""]
        return f"{TOUCH}{types[0]}" if len(types) == 1 else SOME
    return str(values.get("field", ""))
