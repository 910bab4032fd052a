"""What the reader can choose from, kept in the address."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.kernel.periods import DAY, Period, Step, add_months, around
from kpis.domain.registry import REGISTRY
from kpis.enums import Dimension, Kind
from kpis.views import addresses
from kpis.views.asked import Asked
from kpis.views.desk import Desk

_PRESETS = {
    Step.WEEK: _("Week"),
    Step.MONTH: _("Month"),
    Step.QUARTER: _("Quarter"),
    Step.YEAR: _("Year"),
}
MONTHS = 18
WINDOWS = (14, 30, 60, 90, 180, 365)


def last_months(today: date, months: int = MONTHS) -> Period:
    """Return the months up to and with today's."""
    first, end = add_months(today, 1 - months), add_months(today, 1)
    return Period(first, end, f"{first}/{end - DAY}")


def periods(asked: Asked, today: date, current: Period) -> list[dict[str, Any]]:
    """Return the usual periods as `ui/seg.html` shows them."""
    known = {around(today, s).label: str(name) for s, name in _PRESETS.items()}
    known[last_months(today).label] = _months(MONTHS)
    given = {**asked.given, "first": None, "last": None}
    return [
        {
            "label": label,
            "url": addresses.changed(given, period=period),
            "current": period == current.label,
        }
        for period, label in known.items()
    ]


def steps(asked: Asked, current: Step) -> list[dict[str, Any]]:
    """Return by what the trend can be cut."""
    names = {Step.WEEK: _("By week"), Step.MONTH: _("By month")}
    return [
        {
            "label": label,
            "url": addresses.changed(asked.given, step=step.value),
            "current": step == current,
        }
        for step, label in names.items()
    ]


def options(chosen: str, known: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the options of a list to choose from."""
    return [
        {"value": value, "label": label, "chosen": value == chosen}
        for value, label in known.items()
    ]


def dimensions(desk: Desk, chosen: str) -> list[dict[str, Any]]:
    """Return by what to split; by owner where there is more to see than nobody."""
    named = [d for d in Dimension if d != Dimension.STAGE]
    return options(chosen, {d.value: d.label for d in named})


def kinds(chosen: str) -> list[dict[str, Any]]:
    """Return the two conversions that screens compare."""
    return options(
        chosen,
        {
            Kind.COHORT.value: _("Follow the leads of the period"),
            Kind.PERIOD.value: _("Compare entries of the period"),
        },
    )


def windows(chosen: int | None) -> list[dict[str, Any]]:
    """Return how long a cohort can be followed; an unusual window stays a choice."""
    known = sorted({*WINDOWS, *([chosen] if chosen is not None else [])})
    names = {str(n): _within(n) for n in known}
    return options(str(chosen), names)


def numbers(chosen: str) -> list[dict[str, Any]]:
    """Return every number of the registry."""
    return options(chosen, {key: kpi.name for key, kpi in REGISTRY.items()})


def _months(n: int) -> str:
    return ngettext("%(n)s month", "%(n)s months", n) % {"n": n}


def _within(n: int) -> str:
    return ngettext("within %(n)s day", "within %(n)s days", n) % {"n": n}
