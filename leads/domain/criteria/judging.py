"""Judge one lead by criteria, and explain it. The second reading is in SQL.

What is not known yet at the moment of judging does not count: touches that happen or
are recorded later, and dates that lie ahead.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from leads.domain.criteria.days import WHOLE, Days, weights
from leads.domain.criteria.fields import Type, folded
from leads.domain.criteria.tree import (
    Condition,
    Criteria,
    Engagement,
    FieldCondition,
    Fit,
    Group,
    Node,
    TouchCondition,
    Touches,
)
from leads.domain.mail_domains import is_free


class Touch(NamedTuple):
    """A touch as criteria see it; ``recorded_at`` is when we learned of it."""

    type: str
    channel: str
    campaign_id: int | None
    direction: str
    team: str
    automatic: bool
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class Facts:
    """What is known of a lead: values by the names of fields, and its touches.

    A value that is None or blank is missing; a field that is not named, too.
    """

    values: Mapping[str, Any]
    touches: Sequence[Touch] = ()


@dataclass(frozen=True)
class Answer:
    """How one node was judged.

    ``value`` is what the lead has: the field's value, the number of touches, or when
    the last one was; None where there is nothing. ``answers`` are those of a group's
    nodes.
    """

    node: Node
    met: bool
    value: Any = None
    answers: Sequence["Answer"] = ()


@dataclass(frozen=True)
class GroupScore:
    """Points of one group, before and after its cap.

    Points of touches are millionths; ``rows`` are those of each of its lines.
    """

    name: str
    cap: int
    earned: int
    counted: int
    rows: Sequence[int]


@dataclass(frozen=True)
class Score:
    """Points of one side, in the unit of its groups, and whether they suffice."""

    points: int
    needed: int
    groups: Sequence[GroupScore] = field(default_factory=list)

    @property
    def met(self) -> bool:
        """Tell whether the threshold is reached."""
        return self.points >= self.needed


@dataclass(frozen=True)
class Judgement:
    """Whether a lead meets criteria, and why. Engagement is in millionths of points."""

    met: bool
    rules: Answer | None
    fit: Score | None
    engagement: Score | None


def evaluate(criteria: Criteria, facts: Facts, days: Days) -> Judgement:
    """Judge a lead at ``days.at``."""
    judge = _Judge(facts, days)
    rules = judge.node(criteria.rules) if criteria.rules else None
    fit = judge.fit(criteria.fit) if criteria.fit else None
    engagement = judge.engagement(criteria.engagement) if criteria.engagement else None
    met = all(
        (
            rules is None or decides(rules),
            fit is None or fit.met,
            engagement is None or engagement.met,
        )
    )
    return Judgement(met, rules, fit, engagement)


def decides(answer: Answer) -> bool:
    """Tell whether a node lets the lead pass: it is met, or nothing in it decides."""
    return answer.node.optional or answer.met


class _Judge:
    """Looks at the facts of one lead."""

    def __init__(self, facts: Facts, days: Days) -> None:
        self.values, self.days = facts.values, days
        self.touches = [
            touch
            for touch in facts.touches
            if max(touch.occurred_at, touch.recorded_at) <= days.at
        ]

    def node(self, node: Node) -> Answer:
        """Judge a node with everything below it."""
        if isinstance(node, Group):
            return self._group(node)
        return self._condition(node)

    def _group(self, group: Group) -> Answer:
        answers = [self.node(node) for node in group.nodes]
        required = [answer.met for answer in answers if not answer.node.optional]
        match group.kind:
            case "all":
                met = all(required)
            case "any":
                met = any(required) or not required
            case _:
                met = not required or not required[0]
        return Answer(group, met, None, answers)

    def _condition(self, condition: Condition) -> Answer:
        if isinstance(condition, FieldCondition):
            value = self.values.get(condition.field.name)
            value = None if value == "" else value
            if isinstance(value, datetime) and value > self.days.at:
                value = None
            return Answer(condition, self._compare(condition, value), value)
        if condition.op in _COUNTS:
            count = self._count(condition)
            return Answer(
                condition, _COMPARE[condition.op](count, condition.value), count
            )
        last = self._last(condition)
        return Answer(condition, self._recent(condition, last), last)

    def _compare(self, condition: FieldCondition, value: Any) -> bool:  # noqa: ANN401
        op, wanted = condition.op, condition.value
        if op in {"present", "missing"}:
            return (value is not None) == (op == "present")
        if value is None:
            return False
        if condition.field.type == Type.DATE:
            return self._compare_dates(op, value, wanted)
        if isinstance(value, str):
            kind = condition.field.type
            value = value if kind in {Type.COUNTRY, Type.CHOICE} else folded(value)
        return _COMPARE[op](value, wanted)

    def _compare_dates(self, op: str, value: datetime, wanted: Any) -> bool:  # noqa: ANN401
        match op:
            case "on_or_after":
                return value >= self.days.start(wanted)
            case "before":
                return value < self.days.start(wanted)
            case "within_days":
                return value >= self.days.since(wanted)
            case _:
                return value < self.days.since(wanted)

    def _count(self, condition: TouchCondition) -> int:
        found = [t for t in self.touches if matches(condition.touches, t)]
        if condition.within_days is None:
            return len(found)
        since = self.days.since(condition.within_days)
        return sum(touch.occurred_at >= since for touch in found)

    def _last(self, condition: TouchCondition) -> datetime | None:
        found = (t.occurred_at for t in self.touches if matches(condition.touches, t))
        return max(found, default=None)

    def _recent(self, condition: TouchCondition, last: datetime | None) -> bool:
        if last is None:
            return False
        recent = last >= self.days.since(condition.value)
        return recent == (condition.op == "last_within_days")

    def fit(self, fit: Fit) -> Score:
        """Add up the points for who it is."""
        groups = []
        for group in fit.groups:
            rows = [
                line.points if self.node(line.when).met else 0 for line in group.points
            ]
            earned = sum(rows)
            counted = min(group.cap, earned)
            groups.append(GroupScore(group.name, group.cap, earned, counted, rows))
        return Score(sum(group.counted for group in groups), fit.threshold, groups)

    def engagement(self, engagement: Engagement) -> Score:
        """Add up the points for what they did, in millionths."""
        table = weights(engagement.half_life_days)
        groups = []
        for group in engagement.groups:
            rows = [
                line.points
                * sum(
                    self._weight(table, touch)
                    for touch in self.touches
                    if matches(line.touches, touch)
                )
                for line in group.points
            ]
            earned = sum(rows)
            counted = min(group.cap * WHOLE, earned)
            groups.append(GroupScore(group.name, group.cap, earned, counted, rows))
        total = sum(group.counted for group in groups)
        return Score(total, engagement.threshold * WHOLE, groups)

    def _weight(self, table: Sequence[int], touch: Touch) -> int:
        if not table:
            return WHOLE
        age = self.days.age(touch.occurred_at)
        return table[age] if age < len(table) else 0


def matches(wanted: Touches, touch: Touch) -> bool:
    """Tell whether a touch is one of those meant."""
    return (
        (not wanted.types or touch.type in wanted.types)
        and (not wanted.channels or touch.channel in wanted.channels)
        and (not wanted.campaigns or touch.campaign_id in wanted.campaigns)
        and wanted.direction in {None, touch.direction}
        and wanted.team in {None, touch.team}
        and wanted.automatic in {None, touch.automatic}
    )


_COUNTS = {"at_least", "at_most"}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: bool(value == wanted),
    "is_not": lambda value, wanted: bool(value != wanted),
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
    "contains": lambda value, wanted: any(part in value for part in wanted),
    "starts_with": lambda value, wanted: value.startswith(wanted),
    "ends_with": lambda value, wanted: value.endswith(wanted),
    "is_free_mail": lambda value, wanted: is_free(value) == wanted,
    "at_least": lambda value, wanted: value >= wanted,
    "at_most": lambda value, wanted: value <= wanted,
    "between": lambda value, wanted: wanted[0] <= value <= wanted[1],
}
