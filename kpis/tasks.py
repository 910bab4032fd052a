from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import every, handler
from kpis.actions import facts


@handler("kpis.facts", lane="long", lease_seconds=600)
def work_out_facts(run: Run) -> None:
    """Work out the daily facts of touched days, a month of days at a time."""
    while facts.refresh():
        run.extend()


every("kpis.facts", seconds=2, when=facts.are_owed)
