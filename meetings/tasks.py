"""Meetings that come round by themselves, and agendas that write themselves."""

from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import every, handler
from foundation.kernel import clock
from meetings.actions import preparing
from meetings.queries import meetings as queries


@handler("meetings.prepare")
def prepare(run: Run) -> None:
    """Plan the next meeting of each series and write the agendas that are due."""
    preparing.prepare(at=clock.now())


@handler("meetings.refresh")
def refresh(run: Run) -> None:
    """Bring agendas of meetings that have not begun up to date."""
    preparing.refresh(at=clock.now())


every("meetings.prepare", seconds=15, when=lambda: queries.is_work_due(clock.now()))
every("meetings.refresh", seconds=900, when=lambda: queries.written().exists())
