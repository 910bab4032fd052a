"""The builder as its templates show it: parts with their inputs and what is amiss."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from campaigns.enums import Channel
from campaigns.models import Campaign
from foundation.accounts.enums import Function
from foundation.accounts.models import User
from leads.domain.building import SIDES, Building, Part
from leads.domain.criteria.faults import Fault
from leads.domain.criteria.fields import FIELDS, OPERATORS, Field, Takes, Type
from leads.domain.criteria.reading import TOUCH_OPERATORS
from leads.enums import Direction, Stage, TouchType
from leads.queries import leads as queries
from leads.queries.words import labels
from leads.validators import sentence
from leads.views.posted import SOME, TOUCH, as_list, subject_of

_MOST_CAMPAIGNS = 100
_LISTS = {Takes.TEXTS, Takes.COUNTRIES}
_MANY = {Takes.CHOICES, Takes.REFERENCES}


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool = False


@dataclass
class Options:
    """What can be chosen; looked up once for all conditions of a page."""

    named: set[int] = field(default_factory=set)

    @cached_property
    def subjects(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What a condition can be about, in groups."""
        behaviour = [
            (f"{TOUCH}{kind.value}", labels.listed(labels.TOUCHED[kind]))
            for kind in TouchType
        ]
        behaviour += [
            (TOUCH, labels.listed(labels.ANY_TOUCH)),
            (SOME, _("Had one of several kinds of touch")),
        ]
        return [
            (_("Company"), _fields("company")),
            (_("Person"), _fields("lead")),
            (_("Behaviour"), behaviour),
        ]

    @property
    def behaviour(self) -> list[tuple[str, str]]:
        """What points for engagement can be about."""
        return self.subjects[2][1]

    @cached_property
    def campaigns(self) -> list[tuple[int, str]]:
        """The newest campaigns, and those that are named."""
        rows = Campaign.objects.order_by("-pk").values_list("pk", "name")
        found = dict(rows[:_MOST_CAMPAIGNS])
        if gone := self.named - set(found):
            found |= dict(rows.filter(pk__in=gone))
        return list(found.items())

    @cached_property
    def sources(self) -> list[str]:
        """The sources that leads come from, to choose from while writing."""
        return queries.sources()

    @cached_property
    def people(self) -> list[tuple[int, str]]:
        rows = User.objects.filter(is_active=True).order_by("name", "pk")
        return list(rows.values_list("pk", "name"))


def _fields(owner: str) -> list[tuple[str, str]]:
    return [
        (name, labels.listed(labels.FIELDS[name]))
        for name, each in FIELDS.items()
        if each.owner == owner
    ]


@dataclass
class Shown:
    """One part. ``place`` is its number among ``beside`` neighbours."""

    part: Part
    path: str
    place: int
    beside: int
    options: Options
    above: "Shown | None" = None
    faults: list[str] = field(default_factory=list)
    focus: bool = False

    @property
    def id(self) -> str:
        """The part's id on the page."""
        return self.path.replace(".", "-")

    @property
    def kind(self) -> str:
        return self.part.kind

    @property
    def values(self) -> dict[str, Any]:
        return self.part.values

    @property
    def number(self) -> int:
        """Its number as people count."""
        return self.place + 1

    @cached_property
    def parts(self) -> list["Shown"]:
        count = len(self.part.parts)
        return [
            Shown(part, f"{self.path}.{n}", n, count, self.options, self)
            for n, part in enumerate(self.part.parts)
        ]

    # Where it can go

    @property
    def is_first(self) -> bool:
        return self.place == 0

    @property
    def is_last(self) -> bool:
        return self.place == self.beside - 1

    @property
    def movable(self) -> bool:
        """Whether it stands in a group of conditions."""
        return self.above is not None and self.above.part.is_group

    @property
    def can_leave(self) -> bool:
        """Whether there is a group around the one it is in."""
        return self.movable and self.above is not None and self.above.movable

    @property
    def goes_into(self) -> bool:
        """Whether a group stands beside it."""
        if self.above is None:
            return False
        around = self.above.part.parts
        return any(
            0 <= n < len(around) and around[n].is_group
            for n in (self.place - 1, self.place + 1)
        )

    # A group

    @property
    def kinds(self) -> list[Choice]:
        return [
            Choice(kind, str(label), kind == self.kind)
            for kind, label in labels.GROUPS.items()
        ]

    # A condition, or a line of points for touches

    @property
    def subject(self) -> str:
        return subject_of(self.values)

    @property
    def label(self) -> str:
        """What it is about, in words."""
        groups = self.options.subjects
        found = dict(pair for _group, pairs in groups for pair in pairs)
        return found.get(self.subject, _("New condition"))

    @property
    def is_touch(self) -> bool:
        return "touches" in self.values

    @property
    def counts(self) -> bool:
        """Whether touches are counted, so that a number of days narrows them."""
        return self.values.get("op") in {"at_least", "at_most"}

    @property
    def optional(self) -> bool:
        return bool(self.values.get("optional"))

    @property
    def is_of_points(self) -> bool:
        """Whether it gives points: there it is met or not, and nothing is optional."""
        return self.path.split(".")[0] in SIDES

    @property
    def _field(self) -> Field | None:
        return FIELDS.get(str(self.values.get("field")))

    @property
    def operators(self) -> list[Choice]:
        found: tuple[str, ...]
        if self.is_touch:
            found, told = TOUCH_OPERATORS, labels.TOUCH_OPERATORS
        elif self._field is not None:
            kind = self._field.type
            found, told = tuple(OPERATORS[kind]), dict(labels.OPERATORS[kind])
        else:
            return []
        op = self.values.get("op")
        return [Choice(each, str(told[each]), each == op) for each in found]

    @property
    def takes(self) -> str:
        """What kind of input the value needs."""
        if self._field is None:
            return ""
        takes = OPERATORS[self._field.type].get(str(self.values.get("op")))
        if takes in _LISTS:
            return "list"
        if takes in _MANY:
            return "many"
        return str(takes or "")

    @property
    def text(self) -> str:
        """The value as it stands in its input."""
        value = self.values.get("value")
        if value is None:
            return ""
        return as_list(value) if isinstance(value, list) else str(value)

    @property
    def known(self) -> str:
        """The id of the list of values to choose from while writing, if any."""
        return "known-sources" if self.subject == "lead.source" else ""

    @property
    def ends(self) -> list[str]:
        """Both ends of a range as they stand in their inputs."""
        value = self.values.get("value")
        ends = value if isinstance(value, list) else []
        told = ["" if each is None else str(each) for each in ends]
        return [*told, "", ""][:2]

    @property
    def choices(self) -> list[Choice]:
        """The values there are, where the field has some."""
        found = self._field
        if found is None:
            return []
        value = self.values.get("value")
        chosen = {str(each) for each in (value if isinstance(value, list) else [value])}
        if found.type == Type.REFERENCE:
            rows: Sequence[tuple[Any, str]] = (
                self.options.campaigns
                if found.column == "campaign"
                else self.options.people
            )
        else:
            rows = [(each, str(Stage(each).label)) for each in found.choices]
        return _chosen(rows, chosen)

    @property
    def chosen(self) -> str:
        """The values that are chosen, in words."""
        return ", ".join(choice.label for choice in self.choices if choice.chosen)

    # Which touches

    @property
    def _touches(self) -> Mapping[str, Any]:
        found = self.values.get("touches")
        return found if isinstance(found, Mapping) else {}

    @property
    def several(self) -> bool:
        return self.subject == SOME

    @property
    def types(self) -> list[Choice]:
        rows = [(kind.value, str(kind.label)) for kind in TouchType]
        return _chosen(rows, set(self._touches.get("type", [])))

    @property
    def channels(self) -> list[Choice]:
        rows = [(each.value, str(each.label)) for each in Channel]
        return _chosen(rows, set(self._touches.get("channel", [])))

    @property
    def campaigns(self) -> list[Choice]:
        chosen = {str(pk) for pk in self._touches.get("campaign", [])}
        return _chosen(self.options.campaigns, chosen)

    @property
    def selects(self) -> list[tuple[str, str, list[Choice]]]:
        """The other ways to narrow touches down: name, label, choices."""
        rows = {
            "direction": (_("Who"), [(d.value, str(d.label)) for d in Direction]),
            "team": (_("Team"), [(f.value, str(f.label)) for f in Function]),
            "automatic": (
                _("How"),
                [("true", _("automatic")), ("false", _("by a person"))],
            ),
        }
        return [
            (
                name,
                label,
                _chosen(
                    [("", _("all")), *found],
                    {str(self._touches.get(name, "")).lower()},
                ),
            )
            for name, (label, found) in rows.items()
        ]

    @property
    def narrowed(self) -> str:
        """How touches are narrowed down, in words."""
        told = [
            *(each.label for each in self.types if self.several and each.chosen),
            *(each.label for each in self.channels if each.chosen),
            *(each.label for each in self.campaigns if each.chosen),
        ]
        for _name, _label, choices in self.selects:
            told += [each.label for each in choices[1:] if each.chosen]
        return ", ".join(told)


def _chosen(rows: Sequence[tuple[Any, str]], chosen: set[str]) -> list[Choice]:
    return [Choice(str(value), label, str(value) in chosen) for value, label in rows]


def shown(
    building: Building,
    *,
    faults: Sequence[Fault] = (),
    places: Mapping[str, str] | None = None,
    focus: str = "",
) -> tuple[dict[str, Shown | None], list[str]]:
    """Return the three roots of the builder, and the faults that belong to no part."""
    options = Options(_named(building))
    roots = {
        name: Shown(part, name, 0, 1, options) if part is not None else None
        for name in ("rules", *SIDES)
        for part in [getattr(building, name)]
    }
    by_path = {
        each.path: each for root in roots.values() if root for each in _all(root)
    }
    if focus in by_path:
        by_path[focus].focus = True
    elsewhere = []
    for fault in faults:
        place = _place(fault.pointer, places or {})
        if place in by_path:
            by_path[place].faults.append(told(fault))
        else:
            elsewhere.append(told(fault))
    return roots, elsewhere


def _all(root: Shown) -> list[Shown]:
    return [root, *(each for part in root.parts for each in _all(part))]


def _place(pointer: str, places: Mapping[str, str]) -> str:
    """Return the path of the innermost part that a JSON pointer lies in."""
    while pointer and pointer not in places:
        pointer = pointer.rpartition("/")[0]
    return places.get(pointer, "")


def told(fault: Fault) -> str:
    """Say what is wrong, to somebody who sees the inputs and not the JSON."""
    blank = fault.code == "unknown_field" and not fault.params.get("value")
    if blank or fault.code == "which_node":
        return _("Choose what this is about.")
    return sentence(fault)


def _named(building: Building) -> set[int]:
    """Return the campaigns that are chosen somewhere."""
    found: set[int] = set()
    for _path, part in building.walk():
        touches = part.values.get("touches")
        chosen = touches.get("campaign", []) if isinstance(touches, Mapping) else []
        if part.values.get("field") == "lead.campaign":
            chosen = part.values.get("value") or []
        found.update(pk for pk in chosen if isinstance(pk, int) and pk < 2**63)
    return found
