"""How far a new lead has come by what a file tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from leads.domain import path

REACHED = path.ORDER[1:]
"""The stages a file can give a time for, in order."""

type Times = tuple[datetime | None, ...]
"""One moment, or None, for each stage of ``REACHED``."""


class NewPath(NamedTuple):
    """When a lead was created and reached which stage.

    ``implied`` has a bit for each stage of ``REACHED`` that was skipped, the first one
    in the lowest bit; no stage before a reached one lacks its time. ``left_for`` is
    the exit the lead took at the last of these moments.
    """

    created_at: datetime
    times: Times
    implied: int
    left_for: str

    @property
    def last(self) -> str:
        """The last stage in order that the lead reached."""
        return path.ORDER[len(self.times) - self.times.count(None)]


@dataclass(frozen=True, slots=True)
class NoPath:
    """Why there is no such path: a code, and the target that is at fault."""

    code: str
    target: str


_NOTHING: Times = (None,) * len(REACHED)
_RANKS = {stage: max(path.rank(stage), 0) for stage in (*path.ORDER, *path.EXITS)}


def new_path(
    created_at: datetime | None, stage: str | None, told: Times, *, at: datetime
) -> NewPath | NoPath:
    """Return the path of a lead that was not known before.

    ``stage`` is where the lead is, ``told`` the times a file gives. A stage without a
    time was reached when the lead was last heard of before. Skipped stages are implied
    at the instant of the next one. Without ``created_at`` the lead was created at the
    first time told, else now. The farther of ``stage`` and ``told`` counts.
    """
    created = created_at or min((t for t in told if t), default=at)
    if created > at:
        return NoPath("in_future", "created_at")
    rank = _RANKS[stage or "lead"]
    if told == _NOTHING:
        times: Times = (created,) * rank + _NOTHING[rank:]
        implied = (1 << rank - 1) - 1 if rank else 0
    else:
        climbed = _climb(created, rank, told, at)
        if isinstance(climbed, NoPath):
            return climbed
        times, implied = climbed
    found = NewPath(created, times, implied, "")
    return _leave(found, stage) if stage in path.EXITS else found


def _climb(
    created: datetime, rank: int, told: Times, at: datetime
) -> tuple[Times, int] | NoPath:
    times, implied, last = list(_NOTHING), 0, created
    top = max(n for n, moment in enumerate(told, 1) if moment)
    done = 0
    for number, moment in enumerate(told, 1):
        reached = last if moment is None and number == rank > top else moment
        if reached is None:
            continue
        if code := _fault(created, last, reached, at):
            return NoPath(code, f"{REACHED[number - 1]}_at")
        times[done:number] = [reached] * (number - done)
        implied |= (1 << number - 1) - (1 << done)
        done, last = number, reached
    return tuple(times), implied


def _fault(created: datetime, last: datetime, moment: datetime, at: datetime) -> str:
    if moment < created:
        return "before_lead_created"
    if moment > at:
        return "in_future"
    return "out_of_order" if moment < last else ""


def _leave(found: NewPath, to: str) -> NewPath | NoPath:
    if path.steps(found.last, 1, to) is None:
        return NoPath("no_way", "stage")
    return found._replace(left_for=to)


def told_times(columns: Sequence[Sequence[datetime | None]], place: int) -> Times:
    """Return the times of one row from one column for each stage of ``REACHED``."""
    return tuple(column[place] for column in columns)
