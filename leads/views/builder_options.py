"""What can be chosen in the builder: subjects of conditions, campaigns, people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from foundation.accounts.models import User
from leads.domain.criteria.fields import FIELDS
from leads.enums import TouchType
from leads.queries import leads as queries
from leads.queries.words import labels
from leads.views.posted import SOME, TOUCH

_MOST_CAMPAIGNS = 100


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


def chosen_of(rows: Sequence[tuple[Any, str]], chosen: set[str]) -> list[Choice]:
    """Return choices, with those marked whose value is among ``chosen``."""
    return [Choice(str(value), label, str(value) in chosen) for value, label in rows]
