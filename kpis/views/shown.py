"""One number with its company, as `ui/value.html` shows it: everywhere the same."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext, ngettext

from foundation.kernel.periods import Period
from kpis.domain.questions import Measure, Question, Value
from kpis.domain.registry import REGISTRY
from kpis.enums import Kind, Section, Unit
from kpis.views import addresses, figures


def question(key: str, period: Period, **asked: Any) -> Question:  # noqa: ANN401
    """Return a question; what the KPI does not know of it is left out."""
    method = REGISTRY[key].method
    if asked.get("by") not in method.dimensions:
        asked["by"] = None
    if asked.get("kind") not in method.kinds:
        asked["kind"] = None
    if not method.windows or asked["kind"] == Kind.PERIOD:
        asked["within"] = None
    return Question(key, period, **asked)


def text(number: Decimal | int | None, key: str, currency: str) -> str:
    """Write a figure of a KPI."""
    kpi = REGISTRY[key]
    fine = kpi.section == Section.RESULT
    return figures.written(number, kpi.unit, currency=currency, fine=fine)


def shown(
    question: Question, value: Value, *, currency: str, target: Decimal | None = None
) -> dict[str, Any]:
    """Return what `ui/value.html` and `ui/value_note.html` show of a value.

    Args:
        question: as it was asked; its records are in the address.
        value: one of its answers.
        currency: of the workspace.
        target: what both heads want it to be.
    """
    kpi, measure = REGISTRY[question.key], value.measure
    say = partial(text, key=question.key, currency=currency)
    is_some = bool(measure.n)
    is_count = kpi.unit == Unit.COUNT
    return {
        "text": say(measure.value),
        "url": addresses.records(question, value.period, value.split),
        "formula": str(kpi.formula),
        "n": None if is_count or not is_some else figures.grouped(measure.n),
        "low": say(measure.low),
        "high": say(measure.high),
        "small": value.small_sample and is_some and not is_count,
        "mature": measure.mature or not is_some,
        "target": say(target),
        "note": _note(measure, say),
    }


def _note(measure: Measure, say: Callable[[Any], str]) -> str:
    """Say what else there is: the 90th percentile, or why there is no value."""
    if measure.missing:
        words = ngettext(
            "%(n)s record has no exchange rate",
            "%(n)s records have no exchange rate",
            measure.missing,
        )
        return words % {"n": figures.grouped(measure.missing)}
    p90 = measure.percentiles.get("p90")
    return gettext("nine in ten within %(p90)s") % {"p90": say(p90)} if p90 else ""
