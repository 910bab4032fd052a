"""Criteria as they run: a tree of conditions, and points for fit and engagement.

An ``optional`` condition is shown with its answer and never decides: it is left out of
its group, and a group with nothing left is left out too. Without any required condition
the rules are met.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from leads.domain.criteria.fields import Field, Type

DEEPEST = 8
MOST_CONDITIONS = 200


@dataclass(frozen=True)
class FieldCondition:
    """A field compared with a value of its operator's kind."""

    pointer: str
    field: Field
    op: str
    value: Any
    optional: bool = False


@dataclass(frozen=True)
class Touches:
    """Which touches are meant; an empty tuple or None means any."""

    types: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    campaigns: tuple[int, ...] = ()
    direction: str | None = None
    team: str | None = None
    automatic: bool | None = None


@dataclass(frozen=True)
class TouchCondition:
    """How many such touches there were, or how long ago the last one was.

    ``op`` is ``at_least`` or ``at_most`` a number of touches, in the last
    ``within_days`` days where given; ``last_within_days`` and ``last_before_days`` say
    how many days ago the last one was, the second also that there was one.
    """

    pointer: str
    touches: Touches
    op: str
    value: int
    within_days: int | None = None
    optional: bool = False


type Condition = FieldCondition | TouchCondition


@dataclass(frozen=True)
class Group:
    """``all`` or ``any`` of some nodes, or ``not`` the only one."""

    pointer: str
    kind: str
    nodes: tuple["Node", ...]

    @property
    def optional(self) -> bool:
        """Tell whether nothing in it decides."""
        return all(node.optional for node in self.nodes)


type Node = Group | Condition


@dataclass(frozen=True)
class FitPoints:
    """Points for whoever meets a node."""

    when: Node
    points: int


@dataclass(frozen=True)
class TouchPoints:
    """Points for each such touch, fading with its age."""

    pointer: str
    touches: Touches
    points: int


@dataclass(frozen=True)
class FitGroup:
    """Points added up, at most ``cap`` of them."""

    name: str
    cap: int
    points: tuple[FitPoints, ...]


@dataclass(frozen=True)
class EngagementGroup:
    """Points of touches added up, at most ``cap`` of them."""

    name: str
    cap: int
    points: tuple[TouchPoints, ...]


@dataclass(frozen=True)
class Fit:
    """Who it is: points that do not fade, and how many are needed."""

    threshold: int
    groups: tuple[FitGroup, ...]


@dataclass(frozen=True)
class Engagement:
    """What they did: points that halve every ``half_life_days``, where given."""

    threshold: int
    half_life_days: int | None
    groups: tuple[EngagementGroup, ...]


@dataclass(frozen=True)
class Criteria:
    """What a lead must meet: the rules, and the thresholds of both scores."""

    rules: Node | None = None
    fit: Fit | None = None
    engagement: Engagement | None = None
    source: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def conditions(self) -> Iterator[Condition]:
        """Yield the conditions of the rules, then those that give points for fit."""
        if self.rules is not None:
            yield from conditions_of(self.rules)
        for group in self.fit.groups if self.fit else ():
            for points in group.points:
                yield from conditions_of(points.when)

    @property
    def fields(self) -> set[str]:
        """The names of the fields that are compared."""
        return {
            condition.field.name
            for condition in self.conditions()
            if isinstance(condition, FieldCondition)
        }

    @property
    def speaks_of_days(self) -> bool:
        """Tell whether the time zone matters: something is as old as so many days."""
        if self.engagement is not None:
            return True
        return any(
            condition.field.type == Type.DATE
            if isinstance(condition, FieldCondition)
            else condition.within_days is not None or condition.op.startswith("last_")
            for condition in self.conditions()
        )

    def campaigns(self) -> set[int]:
        """Return the campaigns that are named."""
        named = {
            pk
            for condition in self.conditions()
            if isinstance(condition, TouchCondition)
            for pk in condition.touches.campaigns
        }
        for group in self.engagement.groups if self.engagement else ():
            for points in group.points:
                named.update(points.touches.campaigns)
        for condition in self.conditions():
            if (
                isinstance(condition, FieldCondition)
                and condition.field.name == "lead.campaign"
                and condition.value
            ):
                named.update(condition.value)
        return named


def conditions_of(node: Node) -> Iterator[Condition]:
    """Yield the conditions of a node in order."""
    if isinstance(node, Group):
        for inner in node.nodes:
            yield from conditions_of(inner)
    else:
        yield node
