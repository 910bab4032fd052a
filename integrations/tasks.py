"""Files as durable work, and the files that are not needed any more."""

from datetime import time

from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import daily, handler
from foundation.jobs.enums import Lane
from foundation.kernel import clock
from integrations.actions import checking, stored, undo, work

TIDY = "integrations.tidy"


@handler(work.KIND, lane=Lane.LONG, lease_seconds=120)
def load(run: Run) -> None:
    """Take the chunks of an uploaded file that are not taken yet."""
    work.carry_on(run, now=clock.now)


@handler(checking.KIND, lane=Lane.LONG, lease_seconds=120)
def check(run: Run) -> None:
    """Find out what would become of the rows of an uploaded file."""
    checking.carry_on(run, now=clock.now)


@handler(undo.KIND, lane=Lane.LONG, lease_seconds=120)
def take_back(run: Run) -> None:
    """Take back the chunks of a load that are not taken back yet."""
    undo.carry_on(run, now=clock.now)


@handler(TIDY, attempts=3)
def tidy(run: Run) -> None:
    """Remove files that nobody needs any more."""
    stored.tidy(at=clock.now())


daily(TIDY, at=time(3, 50))
