"""Items of an agenda as data: what a machine would write, and what that changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

type Key = tuple[str, int | None]

POSITION = "position"
"""Which fact says as of which ledger position the others are."""

TOPIC_PLACE = 60
_PLACES = {
    "result": 10,
    "moved": 20,
    "bottleneck": 30,
    "promises": 40,
    "helped": 50,
    "documents": 55,
    "topic": TOPIC_PLACE,
    "actions": 90,
}


def place_of(kind: str) -> int:
    """Return where items of a kind stand: the joint result first, actions last."""
    return _PLACES[kind]


@dataclass(frozen=True)
class Draft:
    """One item as it should be. ``params`` fill its title, ``facts`` stand under it.

    Both hold coded values only: words are found when somebody reads them.
    """

    kind: str
    box_minutes: int
    params: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    decision: int | None = None

    @property
    def key(self) -> Key:
        return self.kind, self.decision

    def says_the_same_as(
        self, params: Mapping[str, Any], facts: Mapping[str, Any]
    ) -> bool:
        """Tell whether a reader would see no difference.

        The ledger position alone is none: every write moves it, this one's too.
        """
        return dict(self.params) == dict(params) and _shown(self.facts) == _shown(facts)


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != POSITION}


def by_key(drafts: Iterable[Draft]) -> dict[Key, Draft]:
    """Return the drafts by kind and decision, of which there is one each."""
    return {draft.key: draft for draft in drafts}
