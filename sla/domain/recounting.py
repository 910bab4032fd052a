"""A clock that runs, as if it had counted in other hours from its start."""

from collections.abc import Collection

from sla.domain.clocks import Segment, Stored

_UNKNOWN = -1


def in_other_hours(
    stored: Stored, calendar: int, owners: Collection[int | None]
) -> tuple[Stored, list[Segment]]:
    """Return a clock whose time with some owners counts in another calendar.

    Its due, breach and warning times are unknown until it is worked out. The segments
    are those to add: stored ones never change, but of several from the same moment the
    last one counts.

    Args:
        stored: a clock that runs or is paused.
        calendar: the version to count in.
        owners: whose time it is; None stands for nobody.
    """
    clock = stored.clock._replace(breach_at=_UNKNOWN)
    if not stored.segments:
        return stored._replace(clock=clock._replace(calendar=calendar)), []
    last = {segment.since: segment for segment in stored.segments}
    added = [
        segment._replace(calendar=calendar)
        for segment in last.values()
        if segment.owner in owners and segment.calendar != calendar
    ]
    segments = sorted([*stored.segments, *added], key=lambda segment: segment.since)
    return stored._replace(clock=clock, segments=segments), added
