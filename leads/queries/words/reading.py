"""Whole criteria in words: one sentence, the points, and line by line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Campaign
from foundation.accounts.models import User
from leads.domain.criteria.fields import Type
from leads.domain.criteria.tree import (
    Condition,
    Criteria,
    EngagementGroup,
    FieldCondition,
    FitGroup,
    FitPoints,
    Group,
    Node,
    TouchPoints,
    conditions_of,
)
from leads.queries.words import labels
from leads.queries.words.conditions import (
    Names,
    each_touch,
    field_condition,
    touch_condition,
)
from leads.queries.words.phrases import Phrase, both, either, say


class Line(NamedTuple):
    """One line of the criteria, ``depth`` levels in.

    ``kind`` is ``group`` (the head of what follows, one level deeper), ``condition``
    or ``points``; ``optional`` is set where it never decides.
    """

    depth: int
    kind: str
    phrase: Phrase
    optional: bool = False

    def __str__(self) -> str:
        note = f" ({_('optional')})" if self.optional else ""
        return f"{'    ' * self.depth}{self.phrase.capitalized}{note}"


@dataclass(frozen=True)
class Reading:
    """What criteria say.

    ``sentence`` is everything that decides; ``shown`` what is shown with its answer
    and decides nothing, blank where there is none.
    """

    sentence: Phrase
    shown: Phrase
    lines: list[Line]


def names_of(*criteria: Criteria) -> Names:
    """Look up the campaigns and people that criteria name, in two statements."""
    campaigns: set[int] = set()
    people: set[int] = set()
    for each in criteria:
        campaigns |= each.campaigns()
        for condition in each.conditions():
            people.update(_people_of(condition))
    return Names(
        dict(Campaign.objects.filter(pk__in=campaigns).values_list("pk", "name"))
        if campaigns
        else {},
        dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
        if people
        else {},
    )


def _people_of(condition: Condition) -> Iterable[int]:
    if isinstance(condition, FieldCondition) and condition.field.name == "lead.owner":
        found: Iterable[int] = condition.value or ()
        return found
    return ()


def reading(criteria: Criteria, names: Names | None = None) -> Reading:
    """Say criteria in words, looking names up where they are not given."""
    words = Words(criteria, names)
    return Reading(words.sentence(), words.shown(), list(words.lines()))


class Words:
    """The words of one set of criteria.

    Values are said as they were written, in capitals or not, where ``criteria.source``
    has them.
    """

    def __init__(self, criteria: Criteria, names: Names | None = None) -> None:
        self.criteria = criteria
        self.names = names_of(criteria) if names is None else names

    # Parts

    def node(self, node: Node) -> Phrase:
        """Say a condition, or a group with everything in it that decides."""
        return self._node(node, 0)

    def condition(self, condition: Condition) -> Phrase:
        """Say one condition."""
        if isinstance(condition, FieldCondition):
            value = self._written(condition)
            return field_condition(condition, value, self.names)
        return touch_condition(condition, self.names)

    def points(self, line: FitPoints | TouchPoints) -> Phrase:
        """Say one line of points: “country is RO: 20 points”."""
        if isinstance(line, FitPoints):
            told = self._node(line.when, 1)
        else:
            told = each_touch(line.touches, self.names)
        template = ngettext(
            "%(told)s: *%(n)s point*", "%(told)s: *%(n)s points*", abs(line.points)
        )
        return say(template, told=told, n=_signed(line.points))

    def _written(self, condition: FieldCondition) -> Any:  # noqa: ANN401
        if condition.field.type in {Type.NUMBER, Type.DATE, Type.FLAG}:
            return condition.value
        found = _at(self.criteria.source, f"{condition.pointer}/value")
        return condition.value if found is None else found

    def _node(self, node: Node, depth: int) -> Phrase:
        if not isinstance(node, Group):
            return self.condition(node)
        inner = [each for each in node.nodes if not each.optional] or list(node.nodes)
        if node.kind == "not":
            return self._not(inner[0], depth)
        if len(inner) == 1:
            return self._node(inner[0], depth)
        phrases = [self._node(each, depth + 1) for each in inner]
        if node.kind == "all":
            return _inside(both(phrases), depth)
        if depth == 1:
            return say(_("~either~ %(several)s"), several=either(phrases))
        return _inside(either(phrases), depth)

    def _not(self, node: Node, depth: int) -> Phrase:
        told = self._node(node, depth + 2)
        return say(_("~not so:~ %(what)s"), what=told)

    # The whole

    def sentence(self) -> Phrase:
        """Say everything that decides, as one sentence."""
        parts = []
        rules = self.criteria.rules
        if rules is not None and not rules.optional:
            if isinstance(rules, Group) and rules.kind == "all":
                inner = [node for node in rules.nodes if not node.optional]
                parts += [self._node(node, 1) for node in inner]
            else:
                alone = self.criteria.fit is None and self.criteria.engagement is None
                parts.append(self._node(rules, 0 if alone else 1))
        parts += self._thresholds()
        return _ended(both(parts))

    def shown(self) -> Phrase:
        """Say what is shown with its answer without deciding."""
        if self.criteria.rules is None:
            return Phrase()
        optional = [
            self.condition(each)
            for each in conditions_of(self.criteria.rules)
            if each.optional
        ]
        return _ended(both(optional))

    def _thresholds(self) -> Iterator[Phrase]:
        if fit := self.criteria.fit:
            template = ngettext(
                "*fit reaches %(n)s point*",
                "*fit reaches %(n)s points*",
                fit.threshold,
            )
            yield say(template, n=number_format(fit.threshold))
        if engagement := self.criteria.engagement:
            template = ngettext(
                "*engagement reaches %(n)s point*",
                "*engagement reaches %(n)s points*",
                engagement.threshold,
            )
            yield say(template, n=number_format(engagement.threshold))

    # Line by line

    def lines(self) -> Iterator[Line]:
        """Say the criteria line by line, as a document is read and compared."""
        if self.criteria.rules is not None:
            yield from self._lines(self.criteria.rules, 0)
        thresholds = list(self._thresholds())
        if fit := self.criteria.fit:
            yield Line(0, "group", thresholds.pop(0))
            yield from self._scores(fit.groups)
        if engagement := self.criteria.engagement:
            yield Line(0, "group", thresholds.pop(0))
            if half_life := engagement.half_life_days:
                template = ngettext(
                    "points halve every *%(n)s day*",
                    "points halve every *%(n)s days*",
                    half_life,
                )
                yield Line(1, "condition", say(template, n=number_format(half_life)))
            yield from self._scores(engagement.groups)

    def _lines(self, node: Node, depth: int) -> Iterator[Line]:
        if not isinstance(node, Group):
            yield Line(depth, "condition", self.condition(node), node.optional)
            return
        kind, nodes = node.kind, node.nodes
        if kind == "not":
            kind, nodes = negated(node)
        yield Line(depth, "group", say("%(head)s:", head=labels.GROUPS[kind]))
        for inner in nodes:
            yield from self._lines(inner, depth + 1)

    def _scores(self, groups: Iterable[FitGroup | EngagementGroup]) -> Iterator[Line]:
        for group in groups:
            template = ngettext(
                "%(name)s, at most *%(n)s point*:",
                "%(name)s, at most *%(n)s points*:",
                group.cap,
            )
            head = say(template, name=group.name, n=number_format(group.cap))
            yield Line(1, "group", head)
            for line in group.points:
                yield Line(2, "points", self.points(line))


def negated(group: Group) -> tuple[str, tuple[Node, ...]]:
    """Return how a ``not`` is shown: “none of” or “not all of” some nodes."""
    inner = group.nodes[0]
    if isinstance(inner, Group) and inner.kind == "any":
        return "none", inner.nodes
    if isinstance(inner, Group) and inner.kind == "all":
        return "not_all", inner.nodes
    return "none", (inner,)


def _inside(phrase: Phrase, depth: int) -> Phrase:
    return phrase if depth == 0 else say("(%(inner)s)", inner=phrase)


def _ended(phrase: Phrase) -> Phrase:
    return say("%(told)s.", told=phrase.capitalized) if phrase else phrase


def _signed(points: int) -> str:
    return (
        number_format(points)
        if points >= 0
        else f"\N{MINUS SIGN}{number_format(-points)}"
    )


def _at(source: Mapping[str, Any], pointer: str) -> Any:  # noqa: ANN401
    """Return what stands at a JSON pointer; None where nothing does."""
    found: Any = source
    for name in pointer.split("/")[1:]:
        if isinstance(found, Mapping):
            found = found.get(name)
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found
