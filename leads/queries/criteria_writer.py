"""Criteria as SQL expressions, whenever leads are judged.

The statement reads leads as ``l``, their companies as ``c`` and, in one pass over the
touches, what the conditions on behaviour and the engagement need as ``seen``.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from leads.domain.criteria.days import WHOLE, weights
from leads.domain.criteria.fields import FOLDED, Field, Type
from leads.domain.criteria.tree import (
    Criteria,
    EngagementGroup,
    FieldCondition,
    Group,
    Node,
    TouchCondition,
    Touches,
)
from leads.domain.mail_domains import FREE

LEADS = """leads_lead l LEFT JOIN leads_company c ON c.id = l.company_id"""
_EMAIL_DOMAIN = (
    "CASE WHEN strpos(l.email_folded, '@') > 0 "
    "THEN substring(l.email_folded FROM '[^@]*$') ELSE '' END"
)
TOUCHES = "leads_touchpoint t"


@dataclass
class Writer(ABC):
    """Writes expressions and remembers what they need.

    What differs with the moment of judging is left open: how it is named (``at``), its
    days, the age of a touch, and where the value of a field is found. Only touches that
    fit one of ``mattering`` matter (a blank one are all), each up to an age in days.
    """

    params: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    mattering: dict[str, int | None] = field(default_factory=dict)
    at = "%(at)s"

    def parts(self, criteria: Criteria) -> tuple[str, str, str]:
        """Return the expressions of ``met``, ``fit`` and ``engagement``."""
        fit = self._fit(criteria) if criteria.fit else "0"
        engagement = self._engagement(criteria) if criteria.engagement else "0"
        met = []
        if criteria.rules is not None and not criteria.rules.optional:
            met.append(self._node(criteria.rules))
        if criteria.fit:
            met.append(f"{fit} >= {criteria.fit.threshold}")
        if criteria.engagement:
            met.append(f"{engagement} >= {criteria.engagement.threshold * WHOLE}")
        return " AND ".join(met) or "true", fit, engagement

    @property
    def columns(self) -> list[str]:
        """Return what is worked out of a lead's touches, each with its name."""
        return [f"{what} AS {name}" for what, name in self.seen.items()]

    @abstractmethod
    def since(self, days: int) -> str:
        """Return the first moment that is at most so many days old."""

    @abstractmethod
    def start(self, day: dt.date) -> str:
        """Return the first moment of a day."""

    @abstractmethod
    def place(self) -> str:
        """Return the age of touch ``t`` in days, counted from 1, or beyond ``weights``.

        It is called once there are ``weights`` among the parameters.
        """

    @abstractmethod
    def value(self, wanted: Field) -> str:
        """Return where the value of a field is found; a lead's text is never null."""

    def param(self, value: Any) -> str:  # noqa: ANN401 -- whatever a condition holds
        """Keep a value and return its placeholder."""
        name = f"v{len(self.params)}"
        self.params[name] = list(value) if isinstance(value, tuple) else value
        return f"%({name})s"

    # Rules

    def _node(self, node: Node) -> str:
        if isinstance(node, Group):
            return self._group(node)
        if isinstance(node, FieldCondition):
            return f"({_FIELD[node.field.type](self, node)})"
        return f"({self._touch_condition(node)})"

    def _group(self, group: Group) -> str:
        parts = [self._node(node) for node in group.nodes if not node.optional]
        if not parts:
            return "(true)"
        if group.kind == "not":
            return f"(NOT {parts[0]})"
        return f"({(' AND ' if group.kind == 'all' else ' OR ').join(parts)})"

    def text(self, condition: FieldCondition) -> str:
        """Compare a text; a missing one is blank."""
        column = self._text_of(condition.field)
        if (there := _there(condition, f"{column} <> ''")) is not None:
            return there
        raw = condition.field.type in {Type.COUNTRY, Type.CHOICE}
        value = column if raw else self._folded(column)
        return _TEXT[condition.op](self, column, value, condition.value)

    def _text_of(self, wanted: Field) -> str:
        """Return a text that is never null."""
        value = self.value(wanted)
        return value if wanted.owner == "lead" else f"coalesce({value}, '')"

    def _folded(self, column: str) -> str:
        upper, lower = (self._named(name) for name in ("upper", "lower"))
        return f"translate({column}, {upper}, {lower})"

    def _named(self, name: str) -> str:
        self.params[name] = FOLDED[0 if name == "upper" else 1]
        return f"%({name})s"

    def number(self, condition: FieldCondition) -> str:
        """Compare a number; one that is missing is null."""
        column = self.value(condition.field)
        if (there := _there(condition, f"{column} IS NOT NULL")) is not None:
            return there
        if condition.op == "between":
            low, high = (self.param(number) for number in condition.value)
            return f"coalesce({column} BETWEEN {low} AND {high}, false)"
        sign = {"is": "=", "at_least": ">=", "at_most": "<="}[condition.op]
        return f"coalesce({column} {sign} {self.param(condition.value)}, false)"

    def date(self, condition: FieldCondition) -> str:
        """Compare a moment with the beginning of a day; one ahead is missing."""
        column = self.value(condition.field)
        known = f"coalesce({column} <= {self.at}, false)"
        if (there := _there(condition, known)) is not None:
            return there
        starts = condition.op in {"on_or_after", "before"}
        value = condition.value
        moment = self.start(value) if starts else self.since(value)
        sign = ">=" if condition.op in {"on_or_after", "within_days"} else "<"
        return f"{known} AND {column} {sign} {moment}"

    def flag(self, condition: FieldCondition) -> str:
        """Compare a yes or no."""
        column = self.value(condition.field)
        return f"({column})" if condition.value else f"NOT ({column})"

    def reference(self, condition: FieldCondition) -> str:
        """Compare an id with some."""
        column = self.value(condition.field)
        if (there := _there(condition, f"{column} IS NOT NULL")) is not None:
            return there
        sign = "= ANY" if condition.op == "in" else "<> ALL"
        values = self.param(condition.value)
        return f"coalesce({column} {sign} ({values}::bigint[]), false)"

    # Behaviour

    def _touch_condition(self, condition: TouchCondition) -> str:
        which = self._which(condition.touches)
        if condition.op in {"at_least", "at_most"}:
            days = condition.within_days
            if days is not None:
                since = self.since(days)
                which = _both(which, f"t.occurred_at >= {since}")
            count = self._see(self._filtered("count(*)", which, days))
            sign = ">=" if condition.op == "at_least" else "<="
            return f"coalesce({count}, 0) {sign} {condition.value}"
        last = self._see(self._filtered("max(t.occurred_at)", which))
        since = self.since(condition.value)
        sign = ">=" if condition.op == "last_within_days" else "<"
        return f"coalesce({last} {sign} {since}, false)"

    def _filtered(self, what: str, which: str, days: int | None = None) -> str:
        self._matters(which, days)
        return f"{what} FILTER (WHERE {which})" if which else what

    def _matters(self, which: str, days: int | None) -> None:
        known = self.mattering.get(which, 0)
        ever = known is None or days is None
        self.mattering[which] = None if ever else max(known or 0, days or 0)

    def _which(self, touches: Touches) -> str:
        parts = [
            f"t.{name} = ANY ({self.param(values)}::{kind}[])"
            for name, values, kind in (
                ("type", touches.types, "text"),
                ("channel", touches.channels, "text"),
                ("campaign_id", touches.campaigns, "bigint"),
            )
            if values
        ]
        parts += [
            f"t.{name} = {self.param(value)}"
            for name in ("direction", "team")
            if (value := getattr(touches, name)) is not None
        ]
        if touches.automatic is not None:
            parts.append("t.automatic" if touches.automatic else "NOT t.automatic")
        return " AND ".join(parts)

    def _see(self, what: str) -> str:
        name = self.seen.setdefault(what, f"s{len(self.seen)}")
        return f"seen.{name}"

    # Scores

    def _fit(self, criteria: Criteria) -> str:
        assert criteria.fit is not None  # noqa: S101 -- asked before
        groups = [
            f"least({group.cap}, "
            + " + ".join(
                f"CASE WHEN {self._node(line.when)} THEN {line.points} ELSE 0 END"
                for line in group.points
            )
            + ")"
            for group in criteria.fit.groups
        ]
        return f"({' + '.join(groups)})"

    def _engagement(self, criteria: Criteria) -> str:
        assert criteria.engagement is not None  # noqa: S101 -- asked before
        table = weights(criteria.engagement.half_life_days)
        weight = self._weight(table) if table else str(WHOLE)
        groups = [
            f"least({group.cap * WHOLE}, coalesce({self._see(sum_)}, 0))"
            for group in criteria.engagement.groups
            for sum_ in self._sums(group, weight, fades=bool(table))
        ]
        return f"({' + '.join(groups)})"

    def _sums(
        self, group: EngagementGroup, weight: str, *, fades: bool
    ) -> Iterator[str]:
        lines, every = [], []
        for line in group.points:
            which = self._which(line.touches) or "true"
            every.append(which)
            lines.append(f"CASE WHEN {which} THEN {line.points} ELSE 0 END")
        which = "" if "true" in every else " OR ".join(every)
        self._matters(which, len(self.params["weights"]) if fades else None)
        yield f"sum(({' + '.join(lines)})::bigint * {weight})"

    def _weight(self, table: tuple[int, ...]) -> str:
        """Return the weight of a touch by its age: how many days began after it."""
        self.params["weights"] = list(table)
        return f"coalesce((%(weights)s::bigint[])[{self.place()}], 0)"


def today(wanted: Field) -> str:
    """Return where a field's value stands today."""
    if wanted.name == "lead.email_domain":
        return _EMAIL_DOMAIN
    table = "l" if wanted.owner == "lead" else "c"
    ending = "_id" if wanted.type == Type.REFERENCE else ""
    return f"{table}.{wanted.column}{ending}"


def _both(one: str, other: str) -> str:
    return f"{one} AND {other}" if one else other


def _there(condition: FieldCondition, there: str) -> str | None:
    if condition.op == "present":
        return there
    return f"NOT ({there})" if condition.op == "missing" else None


def _any_part(writer: Writer, call: str, values: tuple[str, ...]) -> str:
    parts = [call.format(writer.param(value)) for value in values]
    return f"({' OR '.join(parts)})"


type _Text = Callable[[Writer, str, str, Any], str]

_TEXT: dict[str, _Text] = {
    "is": lambda w, _, value, wanted: f"{value} = {w.param(wanted)}",
    "is_not": lambda w, column, value, wanted: (
        f"{column} <> '' AND {value} <> {w.param(wanted)}"
    ),
    "in": lambda w, _, value, wanted: f"{value} = ANY ({w.param(wanted)}::text[])",
    "not_in": lambda w, column, value, wanted: (
        f"{column} <> '' AND {value} <> ALL ({w.param(wanted)}::text[])"
    ),
    "contains": lambda w, _, value, wanted: _any_part(
        w, f"strpos({value}, {{}}) > 0", wanted
    ),
    "starts_with": lambda w, _, value, wanted: _any_part(
        w, f"starts_with({value}, {{}})", wanted
    ),
    "ends_with": lambda w, _, value, wanted: _any_part(
        w, f"starts_with(reverse({value}), reverse({{}}))", wanted
    ),
    "is_free_mail": lambda w, column, value, wanted: (
        f"{column} <> '' AND {'' if wanted else 'NOT '}"
        f"{value} = ANY ({w.param(tuple(sorted(FREE)))}::text[])"
    ),
}

_FIELD: dict[Type, Callable[[Writer, FieldCondition], str]] = {
    Type.TEXT: Writer.text,
    Type.DOMAIN: Writer.text,
    Type.COUNTRY: Writer.text,
    Type.CHOICE: Writer.text,
    Type.NUMBER: Writer.number,
    Type.DATE: Writer.date,
    Type.FLAG: Writer.flag,
    Type.REFERENCE: Writer.reference,
}
