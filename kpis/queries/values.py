"""The one way to a number: screens, API, exports and minutes all ask here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from campaigns.models import Campaign
from foundation.accounts.models import User
from foundation.kernel.periods import Period
from foundation.kernel.places import country_name
from kpis.domain.questions import Question, Series, Value
from kpis.domain.ratios import is_small
from kpis.domain.registry import Cell, Kpi
from kpis.enums import Dimension, Kind
from kpis.queries import declared  # noqa: F401 -- registers our KPIs
from kpis.queries.asks import Ask, prepare
from kpis.queries.reading import Reading, reading
from leads.enums import Stage


def value(question: Question, *, at: datetime) -> Series:
    """Answer one question in one repeatable-read snapshot.

    Days, weeks, months and so on are local to the workspace and half-open. The total
    comes first, then the splits in order of their value, a blank one (``""``) apart
    from every word. A ratio with nothing below the line has no value.

    Args:
        question: which number, of when, split how.
        at: now; cohorts are mature as of it. Asked as of a ledger position the moment
            of that position counts in its place.

    Raises:
        UnknownKpi: there is no such KPI.
        BadQuestion: the KPI has no such split, kind or window.
        PositionNotReached: ``as_of`` is not a position of the ledger.
    """
    with reading(at=at, as_of=question.as_of) as seen:
        return answer(question, seen)


def answer(question: Question, seen: Reading, periods: Sequence[Period] = ()) -> Series:
    """Answer a question from an open reading, so that several share one snapshot.

    With ``periods``, which follow each other without gaps, it is answered for them.
    """
    return named(unnamed(question, seen, periods), question.persons)


def unnamed(
    question: Question, seen: Reading, periods: Sequence[Period] = ()
) -> Series:
    """Answer a question for nobody in particular: all splits, none with a name."""
    ask = prepare(question, seen, periods)
    raw = ask.kpi.method.read(ask)
    splits = sorted({split for _, split in raw if split is not None})
    return replace(
        frame(question, ask.kpi, seen),
        values=tuple(
            _value(ask, raw, (slot, split))
            for split in (None, *splits)
            for slot in range(1, len(ask.periods) + 1)
        ),
    )


def frame(question: Question, kpi: Kpi, seen: Reading) -> Series:
    """Return a series without values yet: what was asked, and of which position."""
    return Series(
        key=kpi.key,
        unit=kpi.unit,
        kind=(question.kind or Kind.COHORT) if kpi.method.kinds else None,
        within=question.within,
        by=question.by,
        as_of=seen.at,
        position=seen.position,
        values=(),
    )


def named(series: Series, persons: Collection[int] | None) -> Series:
    """Leave out whom the reader may not compare, and name the splits that are codes.

    ``persons`` are those whose own figures may be shown; None for everybody's.
    """
    if series.by is None:
        return series
    shown = [value for value in series.values if _is_visible(value, series.by, persons)]
    labels = _labels(series.by, {v.split for v in shown if v.split is not None})
    return replace(
        series,
        values=tuple(
            replace(value, label=labels.get(value.split or "", value.split or ""))
            for value in shown
        ),
    )


def _is_visible(value: Value, by: str, persons: Collection[int] | None) -> bool:
    if by != Dimension.OWNER or persons is None or not value.split:
        return True
    return int(value.split) in persons


def _value(ask: Ask, raw: Mapping[Cell, Any], cell: Cell) -> Value:
    slot, split = cell
    measure = ask.kpi.method.make(ask, slot, raw.get(cell))
    return Value(
        split=split,
        label=split or "",
        period=ask.periods[slot - 1],
        measure=measure,
        small_sample=is_small(measure.n),
    )


def _labels(by: str | None, splits: Collection[str]) -> dict[str, str]:
    """Return what people call the splits that are ids or codes."""
    if by == Dimension.STAGE:
        return {split: str(Stage(split).label) for split in splits if split}
    if by == Dimension.COUNTRY:
        return {split: country_name(split) for split in splits if split}
    models = {Dimension.CAMPAIGN: Campaign, Dimension.OWNER: User}
    if by is None or Dimension(by) not in models:
        return {}
    ids = [int(split) for split in splits if split]
    found = models[Dimension(by)]._default_manager.filter(pk__in=ids)
    return {str(pk): name for pk, name in found.values_list("pk", "name")}
