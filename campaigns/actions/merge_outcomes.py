"""What a file tells, and what became of it: the common words of all merges.

A merge takes many rows at once and answers for each. It writes in sets, so the number
of its statements does not depend on the number of rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Told:
    """Rows of a file as columns: the values of each target, None where one is blank.

    A target that the file does not speak of is not in ``columns``.
    """

    size: int
    columns: Mapping[str, Sequence[Any]]

    @cached_property
    def _blank(self) -> Sequence[Any]:
        return [None] * self.size

    def __contains__(self, target: object) -> bool:
        return target in self.columns

    def column(self, target: str) -> Sequence[Any]:
        """Return a target's values; all blank where the file does not speak of it."""
        return self.columns.get(target, self._blank)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row, by its place among the rows, was not taken.

    ``target`` names what is at fault; it is blank where it is the row as a whole.
    ``params`` are the values of the sentence that belongs to ``code``.
    """

    place: int
    code: str
    target: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What fields of a known record held before and after, as JSON can keep them."""

    subject: str
    subject_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass
class Outcome:
    """How many rows created a record, changed one or said nothing new."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def count(self, code: str) -> None:
        """Count one row as ``created``, ``updated`` or ``unchanged``."""
        setattr(self, code, getattr(self, code) + 1)

    def refuse(self, place: int, code: str, target: str = "", **params: str) -> None:
        """Turn one row away."""
        self.refusals.append(Refusal(place, code, target, params))
