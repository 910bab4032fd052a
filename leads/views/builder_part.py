"""One part of the rules as the builder shows it, with its inputs and faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from campaigns.enums import Channel
from foundation.accounts.enums import Function
from leads.domain.building import SIDES, Part
from leads.domain.criteria.fields import FIELDS, OPERATORS, Field, Takes, Type
from leads.domain.criteria.reading import TOUCH_OPERATORS
from leads.enums import Direction, Stage, TouchType
from leads.queries.words import labels
from leads.views.builder_options import Choice, Options, chosen_of
from leads.views.posted import SOME, as_list, subject_of

_LISTS = {Takes.TEXTS, Takes.COUNTRIES}
_MANY = {Takes.CHOICES, Takes.REFERENCES}


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
        return chosen_of(rows, chosen)

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
        return chosen_of(rows, set(self._touches.get("type", [])))

    @property
    def channels(self) -> list[Choice]:
        rows = [(each.value, str(each.label)) for each in Channel]
        return chosen_of(rows, set(self._touches.get("channel", [])))

    @property
    def campaigns(self) -> list[Choice]:
        chosen = {str(pk) for pk in self._touches.get("campaign", [])}
        return chosen_of(self.options.campaigns, chosen)

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
                chosen_of(
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
