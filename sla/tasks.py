"""The sweep, every two seconds while something is due; agreements that take effect."""

from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import every, handler
from foundation.jobs.enums import Lane
from foundation.kernel import clock
from sla.actions import agreements, previews, recomputing, sweeping
from sla.models import Agreement
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


@handler(previews.KIND, lane=Lane.LONG, lease_seconds=300)
def try_out(run: Run) -> None:
    """Try an agreement out on the past, from the beginning at each attempt."""
    previews.carry_on(run, now=clock.now)


@handler(agreements.RECOMPUTE, lease_seconds=60)
def recompute(run: Run) -> None:
    """Compute clocks that run anew, batch by batch, where the signers chose so."""
    agreement = Agreement.objects.get(pk=run.payload["agreement"])
    batches, last = 0, 0
    while last or not batches:
        batches += 1
        with run.step(batches):
            last = recomputing.recompute(agreement, last, at=clock.now())


every("sla.sweep", seconds=2, when=due.anything_due)
