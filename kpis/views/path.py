"""The path to the result, as `ui/funnel.html` draws it: one entry cohort, all steps."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from foundation.kernel.periods import Period
from kpis.domain.bottlenecks import NOT_MEASURED, Step
from kpis.domain.questions import Question
from kpis.domain.ratios import ratio
from kpis.enums import Part
from kpis.queries.bottleneck import Finding
from kpis.views import addresses, figures, shown
from kpis.views.desk import Desk
from leads.domain.path import ORDER
from leads.enums import Stage

FIRST, *LATER = ORDER


@dataclass(frozen=True)
class Reached:
    """How many of the cohort reached a stage in time.

    ``implied`` says that most entries into it were skipped stages, so that the step
    before is not measured; ``target`` is what the step to it should be.
    """

    stage: str
    n: int
    implied: bool = False
    target: Decimal | None = None
    neck: bool = False


@dataclass(frozen=True)
class Cohort:
    """The leads that entered in a period, followed through every stage."""

    period: Period
    within: int
    mature: bool
    steps: tuple[Reached, ...]


def cohort(desk: Desk, period: Period, within: int) -> Cohort:
    """Follow the leads that entered in a period."""
    found = desk.cohort(period, within)
    reached = found["reached"]
    steps = [Reached(FIRST, reached.get(FIRST, 0))]
    for before, stage in pairwise(ORDER):
        n, only = found["entered"][stage]
        target = desk.target(f"{before}_to_{stage}", period)
        steps.append(
            Reached(stage, reached.get(stage, 0), implied=only * 2 > n, target=target)
        )
    return Cohort(period, within, found["mature"], tuple(steps))


def of_finding(finding: Finding) -> Cohort:
    """Return the cohort that the bottleneck was looked for in."""
    steps = [Reached(FIRST, finding.entries)]
    steps += [_judged(step, finding.worst) for step in finding.steps]
    return Cohort(finding.cohort, finding.within, mature=True, steps=tuple(steps))


def _judged(step: Step, worst: Step | None) -> Reached:
    return Reached(
        step.to_stage,
        step.reached,
        implied=step.state == NOT_MEASURED,
        target=step.target,
        neck=worst is not None and step.to_stage == worst.to_stage,
    )


def drawn(found: Cohort) -> list[dict[str, Any]]:
    """Return the steps to draw, each opening its records."""
    top = max(step.n for step in found.steps) or 1
    steps = [_step(found, step, top) for step in found.steps]
    for (before, after), step in zip(pairwise(found.steps), steps[1:], strict=True):
        share = ratio(after.n, before.n)
        step["rate"] = figures.NONE if share is None else figures.percent(share)
        step["rate_url"] = step["url"]
    return steps


def _step(found: Cohort, step: Reached, top: int) -> dict[str, Any]:
    key = f"{FIRST}_to_{step.stage if step.stage != FIRST else LATER[0]}"
    part = Part.DENOMINATOR if step.stage == FIRST else Part.NUMERATOR
    question = shown.question(key, found.period, within=found.within)
    height = Decimal(100 * step.n) / top
    return {
        "label": str(Stage(step.stage).label),
        "n": figures.grouped(step.n),
        "height": f"{height:.1f}",
        "url": addresses.records(question, found.period, part=part),
        "immature": not found.mature and step.stage != FIRST,
        "implied": step.implied,
        "neck": step.neck,
        "target": figures.percent(step.target) if step.target is not None else "",
    }


def asked_of(step: Step, finding: Finding) -> Question:
    """Return the question about one step of the cohort."""
    key = f"{step.stage}_to_{step.to_stage}"
    return shown.question(key, finding.cohort, within=finding.within)
