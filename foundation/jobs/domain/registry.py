"""Which kinds of work there are, and which of them come round by the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

HANDLERS: dict[str, "Kind"] = {}
SCHEDULE: list["Every | Daily"] = []


@dataclass(frozen=True)
class Kind:
    """How one kind of job is done.

    ``lease`` is how long a worker may go without a sign of life before another takes
    over; ``attempts`` is after how many tries the job is given up and shown.
    """

    name: str
    handle: Callable[[Any], None]
    lane: str
    lease: timedelta
    attempts: int


@dataclass(frozen=True)
class Every:
    """A job that comes round each ``seconds``, and only when ``when()`` finds work."""

    kind: str
    seconds: int
    when: Callable[[], bool]


@dataclass(frozen=True)
class Daily:
    """A job once per local day of the workspace, at or after ``at``."""

    kind: str
    at: time


def handler[F: Callable[[Any], None]](
    kind: str, *, lane: str = "fast", lease_seconds: int = 60, attempts: int = 8
) -> Callable[[F], F]:
    """Register the function that does jobs of ``kind``."""

    def register(function: F) -> F:
        lease = timedelta(seconds=lease_seconds)
        HANDLERS[kind] = Kind(kind, function, lane, lease, attempts)
        return function

    return register


def every(kind: str, *, seconds: int, when: Callable[[], bool] = lambda: True) -> None:
    """Have ``kind`` run each ``seconds`` while ``when()`` finds something to do."""
    SCHEDULE.append(Every(kind, seconds, when))


def daily(kind: str, *, at: time) -> None:
    """Have ``kind`` run once each local day, from ``at`` on."""
    SCHEDULE.append(Daily(kind, at))
