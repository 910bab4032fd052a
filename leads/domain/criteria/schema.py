"""The JSON Schema of criteria, made of the same tables that read them."""

from typing import Any

from leads.domain.criteria.fields import FIELDS, OPERATORS, Field, Takes, Type
from leads.domain.criteria.reading import (
    LONGEST_HALF_LIFE,
    MOST_GROUPS,
    MOST_POINTS,
    TOUCH_OPERATORS,
)
from leads.domain.criteria.tree import DEEPEST, MOST_CONDITIONS
from leads.domain.criteria.values import (
    CONTROL,
    COUNTRY,
    DAY,
    LARGEST_ID,
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MOST_DAYS,
    MOST_VALUES,
    WRITTEN,
)
from leads.domain.criteria.words import CHANNELS, DIRECTIONS, TEAMS, TYPES

type Schema = dict[str, Any]


def schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of criteria.

    It accepts exactly what can be read, but for what is in its descriptions because no
    schema can say it: how deep a tree is, how many conditions there are in all, which
    of two numbers is smaller, and which months have a 31st day.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Criteria",
        "description": (
            f"A tree has at most {DEEPEST} levels, that of its conditions included, "
            f"and there are at most {MOST_CONDITIONS} conditions in all."
        ),
        **_object({"rules": _ref("node"), "scoring": _scoring()}),
        "anyOf": [
            {"required": ["rules"]},
            {
                "required": ["scoring"],
                "properties": {"scoring": {"minProperties": 1}},
            },
        ],
        "$defs": {
            "node": {
                "oneOf": [
                    _ref("all"),
                    _ref("any"),
                    _ref("not"),
                    _ref("field_condition"),
                    _ref("touch_condition"),
                ]
            },
            **{
                kind: _object({kind: _list(_ref("node"))}, kind)
                for kind in ("all", "any")
            },
            "not": _object({"not": _ref("node")}, "not"),
            "field_condition": {"oneOf": list(_field_conditions())},
            "touch_condition": {"oneOf": _touch_conditions()},
            "touches": _touches(),
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _list(items: Schema, most: int | None = None) -> Schema:
    limit = {} if most is None else {"maxItems": most}
    return {"type": "array", "items": items, "minItems": 1, **limit}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


_TEXT: Schema = {
    "type": "string",
    "maxLength": LONGEST_TEXT,
    "pattern": WRITTEN,
    "not": {"pattern": CONTROL},
}
_COUNTRY: Schema = {"type": "string", "maxLength": 2, "pattern": COUNTRY}
_DAY: Schema = {"type": "string", "format": "date", "maxLength": 10, "pattern": DAY}


def _field_conditions() -> list[Schema]:
    found = []
    for kind, operators in OPERATORS.items():
        fields = [field for field in FIELDS.values() if field.type == kind]
        together = [fields] if kind != Type.CHOICE else [[field] for field in fields]
        found += [
            _field_condition(some, op, takes)
            for some in together
            for op, takes in operators.items()
        ]
    return found


def _field_condition(fields: list[Field], op: str, takes: Takes) -> Schema:
    properties: Schema = {
        "field": {"enum": [field.name for field in fields]},
        "op": {"const": op},
        "optional": {"type": "boolean"},
    }
    if takes == Takes.NOTHING:
        return _object(properties, "field", "op")
    properties["value"] = _value(takes, fields[0].choices)
    return _object(properties, "field", "op", "value")


def _value(takes: Takes, choices: tuple[str, ...]) -> Schema:
    number = _whole(0, LARGEST_NUMBER)
    return {
        Takes.TEXT: _TEXT,
        Takes.TEXTS: _list(_TEXT, MOST_VALUES),
        Takes.NUMBER: number,
        Takes.PAIR: {
            "type": "array",
            "items": number,
            "minItems": 2,
            "maxItems": 2,
            "description": "The smaller number first.",
        },
        Takes.DAY: _DAY,
        Takes.DAYS: _whole(0, MOST_DAYS),
        Takes.FLAG: {"type": "boolean"},
        Takes.COUNTRY: _COUNTRY,
        Takes.COUNTRIES: _list(_COUNTRY, MOST_VALUES),
        Takes.CHOICE: {"enum": list(choices)},
        Takes.CHOICES: _list({"enum": list(choices)}, MOST_VALUES),
        Takes.REFERENCES: _list(_whole(1, LARGEST_ID), MOST_VALUES),
    }[takes]


def _touches() -> Schema:
    return _object(
        {
            "type": _list({"enum": list(TYPES)}, MOST_VALUES),
            "channel": _list({"enum": list(CHANNELS)}, MOST_VALUES),
            "campaign": _list(_whole(1, LARGEST_ID), MOST_VALUES),
            "direction": {"enum": list(DIRECTIONS)},
            "team": {"enum": list(TEAMS)},
            "automatic": {"type": "boolean"},
        }
    )


def _touch_conditions() -> list[Schema]:
    found = []
    for op in TOUCH_OPERATORS:
        counts = op in {"at_least", "at_most"}
        least = 1 if op == "at_least" else 0
        properties: Schema = {
            "touches": _ref("touches"),
            "op": {"const": op},
            "value": _whole(least, LARGEST_NUMBER if counts else MOST_DAYS),
            "optional": {"type": "boolean"},
        }
        if counts:
            properties["within_days"] = _whole(0, MOST_DAYS)
        found.append(_object(properties, "touches", "op", "value"))
    return found


def _scoring() -> Schema:
    threshold = _whole(0, MOST_POINTS * MOST_GROUPS)
    points = _whole(-MOST_POINTS, MOST_POINTS)
    half_life = {
        "type": ["integer", "null"],
        "minimum": 1,
        "maximum": LONGEST_HALF_LIFE,
    }
    fit = _object({"when": _ref("node"), "points": points}, "when", "points")
    touch = _object({"touches": _ref("touches"), "points": points}, "touches", "points")
    return _object(
        {
            "fit": _object(
                {"threshold": threshold, "groups": _groups(fit)}, "threshold", "groups"
            ),
            "engagement": _object(
                {
                    "threshold": threshold,
                    "half_life_days": half_life,
                    "groups": _groups(touch),
                },
                "threshold",
                "groups",
            ),
        }
    )


def _groups(line: Schema) -> Schema:
    group = _object(
        {"name": _TEXT, "cap": _whole(1, MOST_POINTS), "points": _list(line)},
        "name",
        "cap",
        "points",
    )
    return _list(group, MOST_GROUPS)
