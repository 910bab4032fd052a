from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import every, handler
from foundation.kernel import clock
from kpis.actions import facts, scorecards, sheets, watched


@handler("kpis.facts", lane="long", lease_seconds=600)
def work_out_facts(run: Run) -> None:
    """Work out the daily facts of touched days, a month of days at a time."""
    while facts.refresh():
        run.extend()


@handler("kpis.forget", attempts=3)
def forget_scorecards(run: Run) -> None:
    """Forget scorecards that nobody pinned, and pages that nobody looks at."""
    with run.finishing():
        scorecards.forget(at=clock.now())
        sheets.forget(at=clock.now())


@handler("kpis.pages", lane="long", lease_seconds=300, attempts=3)
def keep_pages_ready(run: Run) -> None:
    """Work out anew what pages show that somebody is looking at."""
    watched.refresh(at=clock.now())


@handler("kpis.expected", lane="long", lease_seconds=600, attempts=3)
def keep_expected_ready(run: Run) -> None:
    """Work out anew what was asked for today, so that nobody waits for it later."""
    watched.refresh_expected(at=clock.now())


every("kpis.facts", seconds=2, when=facts.are_owed)
every("kpis.forget", seconds=900)
every("kpis.pages", seconds=5, when=lambda: watched.are_behind(at=clock.now()))
every(
    "kpis.expected",
    seconds=120,
    when=lambda: watched.are_expected_behind(at=clock.now()),
)
