"""The path to the result, as `ui/funnel.html` draws it: one entry cohort, all steps."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from foundation.kernel.periods import Period
from kpis.domain.questions import Question, Value
from kpis.domain.ratios import ratio
from kpis.enums import Part
from kpis.views import addresses, figures
from kpis.views.desk import Desk
from leads.domain.path import ORDER
from leads.enums import Stage


@dataclass(frozen=True)
class Reached:
    """How many of the cohort reached a stage in time, and where they are listed."""

    stage: str
    n: int
    url: str
    mature: bool


def cohort(desk: Desk, period: Period, within: int | None) -> list[Reached]:
    """Follow the leads that entered in a period through every stage."""
    answers = [_ask(desk, stage, period, within) for stage in ORDER[1:]]
    question, entered = answers[0]
    whole = int(entered.measure.denominator or 0)
    url = addresses.records(question, entered, Part.DENOMINATOR)
    return [Reached(ORDER[0], whole, url, mature=True)] + [
        Reached(
            stage,
            int(value.measure.numerator or 0),
            addresses.records(asked, value, Part.NUMERATOR),
            value.measure.mature,
        )
        for stage, (asked, value) in zip(ORDER[1:], answers, strict=True)
    ]


def _ask(
    desk: Desk, stage: str, period: Period, within: int | None
) -> tuple[Question, Value]:
    question, series = desk.ask(f"{ORDER[0]}_to_{stage}", period, within=within)
    return question, series.values[0]


def drawn(found: list[Reached], neck: str = "") -> list[dict[str, Any]]:
    """Return the steps to draw. ``neck`` names the stage where most is lost."""
    top = max(step.n for step in found) or 1
    steps = [_step(step, top) for step in found]
    for (before, after), step in zip(pairwise(found), steps[1:], strict=True):
        share = ratio(after.n, before.n)
        step["rate"] = figures.percent(share) if share is not None else figures.NONE
        step["rate_url"] = after.url
        step["neck"] = after.stage == neck
    return steps


def _step(step: Reached, top: int) -> dict[str, Any]:
    height = Decimal(100 * step.n) / top
    return {
        "label": str(Stage(step.stage).label),
        "n": figures.grouped(step.n),
        "height": f"{height:.1f}",
        "url": step.url,
        "immature": not step.mature,
    }
