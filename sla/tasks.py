"""The sweep, agreements that take effect, and who stands in for whom."""

from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import every, handler
from foundation.jobs.enums import Lane
from foundation.kernel import clock
from sla.actions import (
    agreements,
    escalating,
    previews,
    recomputing,
    recounts,
    standing_in,
    sweeping,
)
from sla.models import Agreement, Recount
from sla.queries import due, escalation


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


@handler("sla.stand_ins", lease_seconds=60, attempts=8)
def stand_in(run: Run) -> None:
    """Pass the clocks of people whose vacation begins or ends, one after the other."""
    with run.finishing():
        standing_in.settle(at=due.database_now())


@handler(standing_in.AGAIN)
def stand_in_again(run: Run) -> None:
    """Look once more for leads that came to somebody while their vacation began."""
    with run.finishing():
        standing_in.settle_again(run.payload["person"], at=due.database_now())


@handler(recounts.KIND, lane=Lane.LONG, lease_seconds=60, attempts=8)
def recount(run: Run) -> None:
    """Count the open clocks that the signers chose in other hours, batch by batch."""
    row = Recount.objects.select_related("calendar").get(pk=run.payload["recount"])
    last, done = 0, row.counted
    while True:
        with run.step(done, len(row.chosen or ())):
            last = recounts.do_batch(row, after=last, at=due.database_now())
        if not last:
            break
        done += recounts.BATCH
    with run.finishing():
        recounts.finish(row, at=due.database_now())


every("sla.stand_ins", seconds=30, when=due.anybody_to_settle)


@handler("sla.escalate", lease_seconds=10, attempts=3)
def escalate(run: Run) -> None:
    """Tell the next step of breaches whose time has come, batch by batch."""
    while escalating.escalate(at=due.database_now()):
        run.extend()


every(
    "sla.escalate",
    seconds=2,
    when=lambda: escalation.due(at=due.database_now()).exists(),
)
