"""The order of stages, and what a lead's changes add up to. Pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

ORDER = ("lead", "mql", "sal", "sql", "opportunity", "customer")
EXITS = frozenset({"recycled", "disqualified", "lost"})
_RANK = {stage: rank for rank, stage in enumerate(ORDER)}
_EXIT_FROM: Mapping[str, frozenset[str]] = {
    "recycled": frozenset({"mql", "sal", "sql", "opportunity"}),
    "disqualified": frozenset({"lead", "mql", "sal", "sql", "opportunity"}),
    "lost": frozenset({"sal", "sql", "opportunity"}),
}


@dataclass(frozen=True)
class Step:
    """One change to write: from, to, in which round, and whether it is implied."""

    from_stage: str
    to_stage: str
    round: int
    implied: bool


FIRST = Step("", "lead", 0, implied=False)
"""How every lead begins."""


@dataclass(frozen=True)
class Change:
    """A stage change in force, as the snapshot reads it."""

    to_stage: str
    occurred_at: datetime
    round: int
    implied: bool = False


@dataclass
class Snapshot:
    """What the lead row shows: stage, round, and first and current times."""

    stage: str = ""
    round: int = 0
    since: datetime | None = None
    first: dict[str, datetime] = field(default_factory=dict)
    in_round: dict[str, datetime] = field(default_factory=dict)


def steps(stage: str, round_: int, to: str) -> list[Step] | None:
    """Return the changes that lead from ``stage`` to ``to``; None if there is no way.

    Stages skipped on the way are implied and reached at the same instant. Going on
    from an exit begins a new round. A customer goes nowhere.
    """
    if to in EXITS:
        allowed = stage in _EXIT_FROM[to]
        return [Step(stage, to, round_, implied=False)] if allowed else None
    if stage in EXITS:
        return _climb(stage, 0, to, round_ + 1) if _RANK[to] > 0 else None
    rank = _RANK.get(stage, -1)
    if _RANK[to] <= rank:
        return None
    begins = rank < 1 <= _RANK[to]
    return _climb(stage, rank, to, round_ + 1 if begins else round_)


def _climb(stage: str, rank: int, to: str, round_: int) -> list[Step]:
    path = ORDER[rank + 1 : _RANK[to] + 1]
    before = (stage, *path)
    return [
        Step(before[i], stage_, 0 if stage_ == "lead" else round_, stage_ != to)
        for i, stage_ in enumerate(path)
    ]


def snapshot(changes: Iterable[Change]) -> Snapshot:
    """Add up a lead's changes in force, given in order of time, ties by id."""
    now = Snapshot()
    for change in changes:
        if change.round != now.round:
            now.in_round = {}
        now.round = max(now.round, change.round)
        now.stage, now.since = change.to_stage, change.occurred_at
        if change.to_stage in _RANK:
            now.first.setdefault(change.to_stage, change.occurred_at)
            now.in_round.setdefault(change.to_stage, change.occurred_at)
    return now


def rank(stage: str) -> int:
    """Return a stage's place in the order, 0 for ``lead``; -1 for an exit."""
    return _RANK.get(stage, -1)
