"""What the promises ask of one lead in one round, read from its facts.

A *passage* is a real MQL of a round with what sales did about it. Implied stages count
in volumes only: an implied MQL starts nothing, and an implied SAL is no decision.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sla.domain.terms import Moment

_REFUSALS = {"recycled", "disqualified"}
_EXITS = {"recycled", "disqualified", "lost"}
_BEYOND = {"sql", "opportunity", "customer"}


class Change(NamedTuple):
    """A stage change in force, with what is known of its lead now.

    ``round`` is the round that is asked about; ``is_before`` marks the exit of the
    round before it. A round that has no change in force has one row without ``id``.
    ``barred_at`` is since when the lead must not be contacted, if it must not.
    """

    lead: int
    round: int
    has_clock: bool
    has_touch: bool
    priority: int
    barred_at: Moment | None
    exclusion: str
    lead_owner: int | None
    lead_team: int | None
    id: int | None = None
    is_before: bool = False
    to: str = ""
    implied: bool = False
    cause: str = ""
    at: Moment = 0
    recorded_at: Moment = 0
    history: bool = False
    although_met: bool = False
    source: str = ""
    segment: str = ""
    owner: int | None = None
    team: int | None = None


class Touch(NamedTuple):
    """A human outbound touch of sales."""

    at: Moment
    recorded_at: Moment
    self_reported: bool


class Deed(NamedTuple):
    """Something sales did that a promise asks for; ``at`` is when it counts."""

    at: Moment
    recorded_at: Moment
    by: str
    happened_at: Moment
    self_reported: bool = False
    although_met: bool = False


class Stop(NamedTuple):
    """From here on there is nothing left to promise, for this reason."""

    at: Moment
    recorded_at: Moment
    reason: str


@dataclass(slots=True)
class Passage:
    """One lead in one round. ``mql`` is None when it never really qualified."""

    lead: Change
    mql: Change | None = None
    left_before: Moment | None = None
    decision: Deed | None = None
    silent: bool = False
    undecided: Stop | None = None
    over: Stop | None = None
    touches: Sequence[Touch] = field(default=())


def read(changes: Iterable[Change]) -> Iterator[Passage]:
    """Give the passages of changes that come by lead, round, time and id."""
    for _, group in groupby(changes, key=attrgetter("lead", "round")):
        of_one = list(group)
        passage = Passage(of_one[0])
        for change in of_one:
            _add(passage, change)
        yield passage


def _add(passage: Passage, change: Change) -> None:
    if change.id is None:
        return
    if change.is_before:
        passage.left_before = change.at
    elif change.to == "mql":
        passage.mql = None if change.implied else change
    elif change.to == "sal":
        _add_acceptance(passage, change)
    else:
        _add_later(passage, change)


def _add_acceptance(passage: Passage, change: Change) -> None:
    if change.implied:
        passage.undecided = Stop(change.at, change.recorded_at, "implied")
    elif change.cause == "silence":
        passage.silent = True
    else:
        passage.decision = Deed(change.at, change.recorded_at, "accepted", change.at)


def _add_later(passage: Passage, change: Change) -> None:
    """A refusal, where nothing was decided before; the end of the round."""
    decided = passage.decision is not None or passage.undecided is not None
    if not decided and change.to in _REFUSALS:
        passage.decision = Deed(
            change.at,
            change.recorded_at,
            change.to,
            change.at,
            although_met=change.although_met,
        )
    elif not decided:
        reason = "implied" if change.to in _BEYOND else change.to
        passage.undecided = Stop(change.at, change.recorded_at, reason)
    if change.to in _EXITS or change.to == "customer":
        passage.over = Stop(change.at, change.recorded_at, change.to)


def deeds(passage: Passage, kind: str) -> list[Deed]:
    """Return what was done about a kind of promise, the earliest first.

    A touch before the MQL, but after the lead last left the path, counts as done when
    the clock began. One after the end of the round belongs to the next.
    """
    if kind == "acceptance":
        return [] if passage.decision is None else [passage.decision]
    if passage.mql is None or not passage.touches:
        return []
    start, begin, end = passage.mql.at, passage.left_before, passage.over
    return [
        _contact(touch, start)
        for touch in sorted(passage.touches)
        if (begin is None or touch.at > begin) and (end is None or touch.at <= end.at)
    ]


def _contact(touch: Touch, start: Moment) -> Deed:
    by = "touch" if touch.at >= start else "earlier_touch"
    at = max(touch.at, start)
    return Deed(at, touch.recorded_at, by, touch.at, self_reported=touch.self_reported)


def stop(passage: Passage, kind: str) -> Stop | None:
    """Return from when on a kind of promise has nothing left to ask for."""
    return passage.undecided if kind == "acceptance" else passage.over
