"""Moments as whole seconds since 1970, and the stretches between pauses.

Precision is one second: a moment inside a second counts as that second's **end**. So
elapsed times add up without remainder, and comparing raw moments (``done <= breach``,
``now > breach``) says the same as comparing elapsed seconds with the target.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from sla.domain.errors import WrongInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)

type Pause = tuple[datetime, datetime | None]


def to_seconds(instant: datetime) -> int:
    """Return the whole seconds since 1970 (UTC), fractions rounded up.

    Raises:
        WrongInput: ``instant`` is no datetime or has no time zone.
    """
    try:
        return -((EPOCH - instant) // SECOND)
    except TypeError:
        raise WrongInput(
            "moment", f"{instant!r} names no instant", "Give a datetime with time zone"
        ) from None


def to_instant(seconds: int) -> datetime:
    """Return the moment, in UTC, that many seconds after the start of 1970."""
    return EPOCH + timedelta(seconds=seconds)


FIRST = to_seconds(datetime.min.replace(tzinfo=UTC))
FOREVER = to_seconds(datetime.max.replace(tzinfo=UTC))


def running(
    pauses: Iterable[Pause], begin: int, end: int = FOREVER
) -> Iterator[tuple[int, int]]:
    """Give the stretches of ``[begin, end)`` that lie in no pause, in order.

    Pauses are ``(from, to)``, come in any order, may overlap and begin earlier; ``to``
    None is a pause that still lasts.

    Raises:
        WrongInput: a pause ends before it begins.
    """
    for since, until in sorted(map(_read_pause, enumerate(pauses))):
        if begin < min(since, end):
            yield begin, min(since, end)
        begin = max(begin, until)
    if begin < end:
        yield begin, end


def _read_pause(numbered: tuple[int, Pause]) -> tuple[int, int]:
    number, (since, until) = numbered
    pause = to_seconds(since), FOREVER if until is None else to_seconds(until)
    if pause[1] < pause[0]:
        raise WrongInput(
            f"pauses[{number}]", "ends before it begins", "Exchange its two moments"
        )
    return pause
