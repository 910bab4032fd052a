"""The sweep comes round every two seconds while something is due."""

from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import every, handler
from sla.actions import sweeping
from sla.queries import due


@handler("sla.sweep", lease_seconds=10, attempts=3)
def sweep(run: Run) -> None:
    """Flag breaches, end pauses and warn, batch by batch, until nothing is due.

    The time is the database's: a worker whose clock runs ahead flags nothing early.
    """
    batches, found = 0, 1
    while found:
        batches += 1
        with run.step(batches):
            found = sweeping.sweep(at=due.database_now())


every("sla.sweep", seconds=2, when=due.anything_due)
