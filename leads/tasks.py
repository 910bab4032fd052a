"""Leads that are judged by a worker: many at once, and by the day."""

from datetime import time

from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import daily, every, handler
from foundation.jobs.enums import Lane
from foundation.kernel import clock
from leads.actions import blind_reviews, dry_runs, qualifying, second_chances
from leads.models import Unjudged


@handler("leads.judge", lease_seconds=60)
def judge(run: Run) -> None:
    """Judge the leads that were left to a worker, batch by batch."""
    batches, found = 0, 1
    while found:
        batches += 1
        with run.step(batches):
            found = qualifying.judge_next(at=clock.now())


@handler("leads.judge_all")
def judge_all(run: Run) -> None:
    """Leave every lead that could qualify to be judged."""
    with run.finishing():
        qualifying.judge_all_later()


@handler("leads.judge_by_day")
def judge_by_day(run: Run) -> None:
    """Leave the leads that a new day can qualify to be judged."""
    with run.finishing():
        qualifying.left_by_day(at=clock.now())


@handler("leads.blind_review", attempts=3)
def draw_week(run: Run) -> None:
    """Draw the leads of this week that both teams judge apart."""
    with run.finishing():
        blind_reviews.draw_week(at=clock.now())


@handler("leads.second_chances")
def bring_back(run: Run) -> None:
    """Let drawn leads come back, a batch at a time."""
    batches, found = 0, 1
    while found:
        batches += 1
        with run.step(batches):
            found = second_chances.bring_back(at=clock.now())


every(
    "leads.second_chances",
    seconds=300,
    when=lambda: second_chances.are_due(at=clock.now()),
)


@handler(dry_runs.KIND, lane=Lane.LONG, lease_seconds=300)
def try_out(run: Run) -> None:
    """Try a definition out on the past, from the beginning at each attempt."""
    dry_runs.carry_on(run, now=clock.now)


@handler("leads.delete_dry_runs")
def delete_dry_runs(run: Run) -> None:
    """Delete dry runs that have been kept long enough, one at a time."""
    deleted, found = 0, True
    while found:
        deleted += 1
        with run.step(deleted):
            found = dry_runs.delete_next(at=clock.now())


every("leads.judge", seconds=2, when=Unjudged.objects.exists)
daily("leads.judge_by_day", at=time(0, 10))
daily("leads.blind_review", at=time(6, 0))
daily("leads.delete_dry_runs", at=time(3, 40))
