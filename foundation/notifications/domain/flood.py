"""How many e-mails somebody gets: a few by themselves, more of them in one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST = 5
"""So many notices an hour come each in an e-mail of its own.

One every twelve minutes is what a person with other work can still answer one by one;
beyond that the list is what helps, and the single mails are noise.
"""
SPAN = timedelta(hours=1)


@dataclass(frozen=True)
class Lately:
    """The notices that went out by e-mail at once within the last `SPAN`, and when."""

    notices: int = 0
    last: datetime | None = None


@dataclass(frozen=True)
class Plan:
    """Which notices come in an e-mail of their own, which together, or when to look."""

    single: list[int] = field(default_factory=list)
    together: list[int] = field(default_factory=list)
    later: datetime | None = None


def plan(waiting: Sequence[int], lately: Lately) -> Plan:
    """Decide about the notices that wait to be e-mailed to one person.

    Up to `MOST` within an hour go out one by one. Of more than that at once all come
    in one e-mail. Where some went out lately, what comes on top is collected until an
    hour has passed since the last of them; so nothing waits longer than that, and in a
    lasting flood there is one e-mail an hour.

    Args:
        waiting: ids of the notices.
        lately: what the same person got.
    """
    if lately.notices + len(waiting) <= MOST:
        return Plan(single=list(waiting))
    if lately.last is None:
        return Plan(together=list(waiting))
    return Plan(later=lately.last + SPAN)
