"""The steps after a breach: who hears of it, one after the other."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

OWNER, HEAD, LEADERSHIP = "owner", "head", "leadership"


class Step(NamedTuple):
    """Who hears of a breach, and how many business minutes after it."""

    to: str
    minutes: int


LADDER = (Step(OWNER, 0), Step(HEAD, 60), Step(LEADERSHIP, 540))
"""Until an agreement says otherwise: the owner at once, the head after a business hour,
leadership after a business day of nine hours."""


def read(written: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return steps as an agreement writes them, the soonest first; else the usual."""
    steps = (Step(str(step["to"]), int(step["minutes"])) for step in written)
    return tuple(sorted(steps, key=lambda step: step.minutes)) or LADDER
