from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import every, handler
from foundation.kernel import clock
from kpis.actions import facts, scorecards


@handler("kpis.facts", lane="long", lease_seconds=600)
def work_out_facts(run: Run) -> None:
    """Work out the daily facts of touched days, a month of days at a time."""
    while facts.refresh():
        run.extend()


@handler("kpis.forget", attempts=3)
def forget_scorecards(run: Run) -> None:
    """Forget scorecards that nobody pinned."""
    with run.finishing():
        scorecards.forget(at=clock.now())


every("kpis.facts", seconds=2, when=facts.are_owed)
every("kpis.forget", seconds=900)
