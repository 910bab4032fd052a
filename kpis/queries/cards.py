"""Everything a scorecard says of a period, from one reading, its numbers as text."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from foundation.accounts.models import Workspace
from foundation.kernel.periods import DAY, Period, Step, around
from kpis.domain.bottlenecks import Step as PathStep
from kpis.domain.questions import Measure, Question
from kpis.domain.registry import REGISTRY
from kpis.domain.writing import written
from kpis.enums import Section, Unit
from kpis.queries import beside, bottleneck, targets
from kpis.queries.declared.path import STEPS, VOLUMES
from kpis.queries.reading import Reading
from kpis.queries.values import answer

CARD = {
    Section.RESULT: [
        *("revenue", "retention", "nrr", "grr", "revenue_new", "revenue_expansion"),
        *("revenue_lost", "average_customer_value", "customers_won"),
    ],
    Section.PATH: [
        *(key for key in VOLUMES if key != "customers_won"),
        *STEPS,
        *("lead_to_customer", "win_rate", "average_deal", "pipeline_created"),
        *("pipeline_open", "lead_to_customer_days", "time_to_close"),
    ],
    Section.PROMISES: ["sla_sales", "speed_to_lead", "sla_marketing", "mql_acceptance"],
    Section.COST: ["spend", "cost_per_lead", "cost_per_mql", "cost_per_customer"],
}
"""What stands on a scorecard, in this order: the joint result first."""

SETTINGS = (
    *("time_zone", "base_currency", "fiscal_year_start"),
    *("path_window_days", "step_window_days"),
)


def settings_of(workspace: Workspace) -> dict[str, str | int]:
    """Return the settings that a card depends on."""
    return {name: getattr(workspace, name) for name in SETTINGS}


def card(seen: Reading, period: Period) -> dict[str, Any]:
    """Return all values of a period and of the one before, and what holds it back.

    Numbers are decimal strings as everywhere, counts are whole numbers. Conversions
    are cohorts: single steps within the workspace's window for steps, the whole path
    within that for paths.
    """
    before = previous(period)
    keys = [key for keys in CARD.values() for key in keys]
    agreed = targets.of(keys, period, as_of=seen.as_of)
    found = finding(seen)
    return {
        "period": period.label,
        "before": before.label,
        "position": seen.position,
        "currency": seen.workspace.base_currency,
        "sections": [
            {
                "section": str(section),
                "kpis": [
                    _line(seen, key, [before, period], agreed.get(key)) for key in keys
                ],
            }
            for section, keys in CARD.items()
        ],
        "bottleneck": found,
        "oldest": beside.oldest(seen, found["worst"]),
        "refused": beside.reasons(seen, period),
    }


def previous(period: Period) -> Period:
    """Return the period of the same kind before, else as many days before."""
    for step in Step:
        if around(period.first, step) == period:
            return around(period.first - DAY, step)
    first = period.first - period.days * DAY
    return Period(first, period.first, f"{first}/{period.first - DAY}")


def _line(
    seen: Reading, key: str, periods: Sequence[Period], target: Decimal | None
) -> dict[str, Any]:
    kpi = REGISTRY[key]
    within = window(key, seen.workspace)
    series = answer(Question(key, periods[1], within=within), seen, periods)
    before, now = (value.measure for value in series.values)
    return {
        "key": key,
        "unit": str(kpi.unit),
        "kind": series.kind and str(series.kind),
        "within": within,
        "small_sample": series.values[1].small_sample,
        "target": written(target, kpi.unit),
        **told(now, kpi.unit),
        "before": told(before, kpi.unit),
    }


def window(key: str, workspace: Workspace) -> int | None:
    """Return the days a conversion has on screens; None for other KPIs."""
    if not REGISTRY[key].method.windows:
        return None
    return workspace.step_window_days if key in STEPS else workspace.path_window_days


def told(measure: Measure, unit: str) -> dict[str, Any]:
    """Write a measure as JSON holds it."""
    return {
        "n": measure.n,
        "value": written(measure.value, unit),
        "numerator": _number(measure.numerator),
        "denominator": _number(measure.denominator),
        "low": written(measure.low, unit),
        "high": written(measure.high, unit),
        "mature": measure.mature,
        "percentiles": {k: written(v, unit) for k, v in measure.percentiles.items()},
        "apart": {name: _number(number) for name, number in measure.apart.items()},
        "missing": measure.missing,
        "problem": measure.problem,
    }


def _number(number: Decimal | int | None) -> int | str | None:
    return number if number is None or isinstance(number, int) else f"{number:f}"


def finding(seen: Reading) -> dict[str, Any]:
    """Return what holds the result back, as JSON holds it."""
    found = bottleneck.find(seen)
    return {
        "cohort": found.cohort.label,
        "within": found.within,
        "entries": found.entries,
        "average_deal": written(found.average_deal, Unit.MONEY),
        "won_deals": found.won_deals,
        "second_chance": asdict(found.second_chance),
        "worst": found.worst.stage if found.worst else None,
        "steps": [_step(step) for step in found.steps],
    }


_MONEY = {"impact", "low", "high"}


def _step(step: PathStep) -> dict[str, Any]:
    fields: Mapping[str, Any] = asdict(step)
    return {
        name: written(value, Unit.MONEY if name in _MONEY else Unit.RATIO)
        if isinstance(value, Decimal)
        else value
        for name, value in fields.items()
    }
