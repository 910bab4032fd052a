"""What stands beside a number: the integrity line, and what is not in it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from kpis.domain.questions import Measure, Question, Value
from kpis.domain.ratios import ratio
from kpis.domain.registry import REGISTRY
from kpis.views import addresses, figures
from sla.enums import Mark

_LOUD = {Mark.BY_SILENCE, Mark.ALTHOUGH_MET}


def line(question: Question, value: Value) -> list[dict[str, Any]]:
    """Return the shares of `ui/honest.html`, each opening its records.

    What is nought is left out.
    """
    measure = value.measure
    cases = measure.apart.get("cases")
    found = []
    for mark in Mark:
        n = measure.apart.get(mark.value)
        if n:
            text = f"{_much(n, cases)} {mark.label}"
            url = _url(question, value, mark.value)
            found.append({"text": text, "loud": mark in _LOUD, "url": url})
    return [*found, *_others(question, value), *_said(measure)]


def part_name(part: str) -> str:
    """Return what people call a part that stands beside a number; else nothing."""
    if part in _WORDS:
        return str(_NAMES[part])
    return str(Mark(part).label) if part in Mark.values else ""


def _url(question: Question, value: Value, part: str) -> str:
    """Return where the records of a part are; nothing where they cannot be listed."""
    if part not in REGISTRY[question.key].method.beside:
        return ""
    return addresses.records(question, value.period, value.split, part=part)


def _much(n: Decimal | int, cases: Decimal | int | None) -> str:
    """Write a share of the cases, or how many where the cases are not told."""
    share = ratio(n, cases) if cases else None
    return figures.grouped(n) if share is None else figures.percent(share)


_WORDS = {
    "refused": gettext_lazy("%(n)s refused"),
    "undecided": gettext_lazy("%(n)s not decided yet"),
    "history": gettext_lazy("%(n)s from before the agreement or told late"),
    "there_now": gettext_lazy("%(n)s are there now"),
}
_NAMES = {
    "refused": gettext_lazy("refused"),
    "undecided": gettext_lazy("not decided yet"),
    "history": gettext_lazy("from before the agreement or told late"),
    "there_now": gettext_lazy("there now"),
}


def _others(question: Question, value: Value) -> list[dict[str, Any]]:
    return [
        {
            "text": str(word) % {"n": figures.grouped(n)},
            "url": _url(question, value, name),
            "loud": False,
        }
        for name, word in _WORDS.items()
        if (n := value.measure.apart.get(name))
    ]


def _said(measure: Measure) -> list[dict[str, Any]]:
    """Say what stands beside a number without records of its own."""
    said = []
    in_time = measure.apart.get("in_time_share")
    if in_time is not None:
        share = figures.percent(Decimal(in_time))
        said.append(gettext("%(share)s in time") % {"share": share})
    age = measure.percentiles.get("age_median")
    if age is not None:
        said.append(gettext("%(days)s for now") % {"days": figures.days(age)})
    return [{"text": text, "url": "", "loud": False} for text in said]
