"""What a page asks for, each under a name from which it can be worked out again."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from foundation.accounts.models import Workspace
from foundation.kernel.periods import Period, Step
from kpis.domain import keeping
from kpis.domain.questions import Question, Series, Value
from kpis.domain.registry import REGISTRY
from kpis.models import Sheet
from kpis.queries import cards, entries, targets, values
from kpis.queries.asks import prepare
from kpis.queries.reading import Reading, reading
from leads.domain.path import ORDER


@dataclass(frozen=True)
class Place:
    """Which sheet is meant: of a page, as of a local day and under these settings."""

    page: str
    day: date
    settings_digest: str


def stored(place: Place, *, position: int) -> Sheet | None:
    """Return the newest sheet of a page that saw the ledger up to ``position``."""
    rows = Sheet.objects.filter(
        page=place.page,
        day=place.day,
        settings_digest=place.settings_digest,
        position__gte=position,
    )
    return rows.order_by("-position").first()


def series_key(question: Question) -> str:
    """Return the name of a question's answer; who asks does not matter."""
    period = keeping.kept_period(question.period)
    asked = [question.key, period, question.by, question.step]
    return json.dumps(["series", *asked, question.kind, question.within])


def cohort_key(period: Period, within: int) -> str:
    """Return the name of how far the leads came that entered in a period."""
    return json.dumps(["cohort", keeping.kept_period(period), within])


def targets_key(period: Period) -> str:
    """Return the name of the targets of a period."""
    return json.dumps(["targets", keeping.kept_period(period)])


FINDING = json.dumps(["finding"])
"""The name of what holds the result back."""


def worked_out(key: str, seen: Reading) -> Any:  # noqa: ANN401 -- JSON
    """Answer what a key names from an open reading, as JSON holds it."""
    way, *asked = json.loads(key)
    return _WAYS[way](seen, *asked)


def _series(
    seen: Reading,
    key: str,
    period: list[str],
    by: str | None,
    *asked: Any,  # noqa: ANN401
) -> dict[str, Any]:
    question = _question(key, period, by, *asked)
    series = values.unnamed(question, seen)
    periods = list(dict.fromkeys(value.period for value in series.values))
    return {
        "periods": [keeping.kept_period(each) for each in periods],
        "cells": [
            [v.split, periods.index(v.period), v.small_sample, keeping.kept(v.measure)]
            for v in series.values
        ],
    }


def _question(
    key: str,
    period: list[str],
    by: str | None,
    step: str | None,
    kind: str | None,
    within: int | None,
) -> Question:
    cut = Step(step) if step else None
    return Question(key, keeping.period(period), by, cut, kind, within)


def series(question: Question, found: dict[str, Any], seen: Reading) -> Series:
    """Return the series that was kept of a question, for the person who asks."""
    periods = [keeping.period(each) for each in found["periods"]]
    kpi = REGISTRY[question.key]
    told = tuple(
        Value(split, split or "", periods[slot], keeping.measure(measure), small)
        for split, slot, small, measure in found["cells"]
    )
    answered = values.frame(question, kpi, seen)
    return values.named(replace(answered, values=told), question.persons)


def _cohort(seen: Reading, period: list[str], within: int) -> dict[str, Any]:
    """Count how far the leads came that entered in a period, and what was implied."""
    question = Question("lead_to_customer", keeping.period(period), within=within)
    ask = prepare(question, seen)
    reached = entries.counts(ask, ORDER[0], ORDER[1:]).get((1, None), {})
    plain = prepare(replace(question, within=None), seen)
    return {
        "mature": ask.is_mature(1),
        "reached": {name or ORDER[0]: n for name, n in reached.items()},
        "entered": {k: list(n) for k, n in entries.volumes(plain, ORDER).items()},
    }


def _targets(seen: Reading, period: list[str]) -> dict[str, str]:
    found = targets.of(list(REGISTRY), keeping.period(period), as_of=seen.as_of)
    return {key: str(value) for key, value in found.items()}


_WAYS: dict[str, Callable[..., Any]] = {
    "series": _series,
    "cohort": _cohort,
    "targets": _targets,
    "finding": cards.finding,
}


def recomputed(sheet: Sheet) -> dict[str, Any]:
    """Work every answer of a sheet out again from the facts at its position.

    It comes out equal to ``sheet.answers``, whatever has been told since.
    """
    settings, then = Workspace(**sheet.settings), sheet.computed_at
    with reading(
        at=then, as_of=sheet.position, settings=settings, told_at=then
    ) as seen:
        told = {key: worked_out(key, seen) for key in sheet.answers}
    found: dict[str, Any] = json.loads(json.dumps(told))
    return found
