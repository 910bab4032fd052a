"""What a worker does for meetings. Doing it again, or at once with others, is safe."""

from collections.abc import Iterable
from datetime import datetime

from meetings.actions import agenda, meetings
from meetings.models import Meeting
from meetings.queries import meetings as queries


def prepare(*, at: datetime) -> int:
    """Skip meetings whose day has passed, plan the next ones, write agendas due.

    Returns:
        How many agendas were written.
    """
    for meeting in queries.missed(at):
        meetings.skip(meeting, by=None, at=at)
    for series in queries.without_next():
        meetings.plan_next(series, by=None, at=at)
    return _write(queries.agendas_due(at), at=at)


def refresh(*, at: datetime) -> int:
    """Bring the agendas that are written up to date; return how many changed."""
    return _write(queries.written(), at=at)


def _write(rows: Iterable[Meeting], *, at: datetime) -> int:
    return sum(agenda.write(row, by=None, at=at) for row in rows)
