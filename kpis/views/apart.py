"""What stands beside a number: the integrity line, and what is not in it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from kpis.domain.questions import Measure
from kpis.domain.ratios import ratio
from kpis.views import figures
from sla.enums import Mark

_LOUD = {Mark.BY_SILENCE, Mark.ALTHOUGH_MET}


def line(measure: Measure) -> list[dict[str, Any]]:
    """Return the shares of `ui/honest.html`; what is nought is left out."""
    cases = measure.apart.get("cases")
    found = []
    for mark in Mark:
        n = measure.apart.get(mark.value)
        if n:
            text = f"{_much(n, cases)} {mark.label}"
            found.append({"text": text, "loud": mark in _LOUD})
    return found + [{"text": text, "loud": False} for text in _others(measure)]


def _much(n: Decimal | int, cases: Decimal | int | None) -> str:
    """Write a share of the cases, or how many where the cases are not told."""
    share = ratio(n, cases) if cases else None
    return figures.grouped(n) if share is None else figures.percent(share)


def _others(measure: Measure) -> list[str]:
    words = {
        "undecided": gettext_lazy("%(n)s not decided yet"),
        "history": gettext_lazy("%(n)s from before the agreement, not counted"),
        "there_now": gettext_lazy("%(n)s are there now"),
    }
    said = [
        str(word) % {"n": figures.grouped(n)}
        for name, word in words.items()
        if (n := measure.apart.get(name))
    ]
    in_time = measure.apart.get("in_time_share")
    if in_time is not None:
        share = figures.percent(Decimal(in_time))
        said.append(gettext("%(share)s in time") % {"share": share})
    age = measure.percentiles.get("age_median")
    if age is not None:
        said.append(gettext("%(days)s for now") % {"days": figures.days(age)})
    return said
