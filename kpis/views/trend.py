"""How a number went, as `ui/chart.html` draws it."""

from typing import Any

from django.utils.translation import gettext

from foundation.kernel.periods import Period, Step
from kpis.domain.questions import Question, Value
from kpis.domain.registry import REGISTRY, Kpi
from kpis.enums import Unit
from kpis.views import addresses, figures
from kpis.views.desk import Desk

_UNITS: dict[str, dict[str, Any]] = {
    Unit.COUNT: {"unit": "count"},
    Unit.RATIO: {"unit": "ratio", "digits": 1},
    Unit.MONEY: {"unit": "money"},
    Unit.DAYS: {"unit": "days"},
    Unit.BUSINESS_MINUTES: {"unit": "minutes"},
}
_SUMS = {Unit.COUNT, Unit.MONEY}


def chart(desk: Desk, question: Question) -> dict[str, Any]:
    """Ask a number step by step and return the chart's kind, spec and table."""
    kpi = REGISTRY[question.key]
    values = [v for v in desk.answer(question).values if v.split is None]
    kind = "bar" if kpi.unit in _SUMS else "line"
    return {
        "kind": kind,
        "spec": _spec(desk, kpi, question, values),
        "table": _table(desk, kpi, question, values),
        "has_any": any(value.measure.n for value in values),
    }


def _spec(
    desk: Desk, kpi: Kpi, question: Question, values: list[Value]
) -> dict[str, Any]:
    series: dict[str, Any] = {
        "name": str(kpi.name),
        "values": [_number(v.measure.value) for v in values],
        "urls": [addresses.records(question, v.period) for v in values],
        "immature": [not v.measure.mature for v in values],
        "role": "joint",
    }
    if kpi.unit != Unit.COUNT:
        series["n"] = [v.measure.n for v in values]
    if any(v.measure.low is not None for v in values):
        series["low"] = [_number(v.measure.low) for v in values]
        series["high"] = [_number(v.measure.high) for v in values]
    return {
        **_UNITS[kpi.unit],
        "currency": desk.settings.base_currency,
        "categories": [figures.period_short(v.period) for v in values],
        "category_label": gettext("Period"),
        "immature_label": gettext("still growing"),
        "series": [series],
        **_target(desk, kpi, question),
        **({"max": _top(highs)} if (highs := series.get("high")) else {}),
    }


def _target(desk: Desk, kpi: Kpi, question: Question) -> dict[str, Any]:
    """Draw the target; that of a sum is for the whole period, not for its steps."""
    target = desk.target(question.key, question.period)
    if target is None or kpi.unit in _SUMS:
        return {}
    return {"target": float(target), "target_label": gettext("target")}


def _top(highs: list[float | None]) -> float:
    """Return where the axis of shares ends, so that every interval fits."""
    highest = max((high for high in highs if high is not None), default=1.0)
    return next((top for top in _TOPS if highest <= top), 1.0)


_TOPS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)


def _number(number: Any) -> float | None:  # noqa: ANN401 -- Decimal, int, None
    return None if number is None else float(number)


def _table(
    desk: Desk, kpi: Kpi, question: Question, values: list[Value]
) -> dict[str, Any]:
    """Write the same figures as rows, each opening its records."""
    columns = [
        {"label": gettext("Period")},
        {"label": str(kpi.name), "num": True},
        {"label": gettext("n"), "num": True},
    ]
    rows = []
    for value in values:
        v = desk.shown(question, value)
        note = "" if v["mature"] else gettext("still growing")
        n = figures.grouped(value.measure.n)
        rows.append(
            [
                {"text": figures.period_name(value.period)},
                {
                    "text": v["text"] or figures.NONE,
                    "url": v["url"],
                    "sub": note,
                    "label": str(kpi.name),
                    "num": True,
                },
                {"text": n, "label": gettext("n"), "num": True},
            ]
        )
    return {"columns": columns, "rows": rows}


def step_for(period: Period) -> Step:
    """Return the step in which a period is drawn unless the address says another."""
    return Step.WEEK if period.days <= 100 else Step.MONTH
