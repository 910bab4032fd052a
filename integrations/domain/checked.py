"""What a check of a file found, as counts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from integrations.domain.problems import Param, Problem


@dataclass(frozen=True)
class Checked:
    """What would have become of all rows of a file, had it been loaded ``at`` then.

    ``problem`` is why the file could not be read to its end; there are no counts then.
    """

    at: datetime
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    problem: Problem | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it in the form in which it is stored."""
        told = {**asdict(self), "at": self.at.isoformat(), "problem": None}
        if self.problem is not None:
            told["problem"] = [self.problem.code, plain(self.problem.params)]
        return told

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Checked | None":
        """Return what is stored; None where nothing is."""
        if not told:
            return None
        problem = Problem(*told["problem"]) if told["problem"] else None
        at = datetime.fromisoformat(told["at"])
        return cls(**{**told, "at": at, "problem": problem})


def plain(params: Mapping[str, Param]) -> dict[str, str | int]:
    """Return the values of a sentence as they are stored: a problem as its sentence."""
    return {
        name: value.message if isinstance(value, Problem) else value
        for name, value in params.items()
    }
