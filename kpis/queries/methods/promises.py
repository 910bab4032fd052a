"""How far promises were kept, each with its integrity line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import QuerySet

from kpis.domain.questions import Measure
from kpis.domain.ratios import ratio
from kpis.domain.registry import Cell, Method
from kpis.domain.spreads import Spread, spread
from kpis.enums import Part
from kpis.queries import passages, responses
from kpis.queries.asks import Ask
from kpis.queries.cells import added_up, listed, neighbours
from kpis.queries.methods import waits
from kpis.queries.methods.paths import SPLITS
from kpis.queries.methods.shares import share
from leads.models import StageChange
from sla.domain.tally import Tally
from sla.enums import Mark
from sla.models import Clock
from sla.queries import attainment


def sales() -> Method:
    """Return met ÷ (met + breached) of the promises that run clocks on leads."""

    def read(ask: Ask) -> Mapping[Cell, Tally]:
        return attainment.tally(ask.periods, by=ask.by, as_of=ask.reading.as_of)

    def make(ask: Ask, slot: int, found: Tally | None) -> Measure:
        found = found or Tally()
        told = share(found.met, found.n, mature=ask.has_ended(slot))
        line = {
            "cases": found.cases,
            **{str(mark): n for mark, n in found.marks.items()},
            "history": found.history_met + found.history_breached,
        }
        return replace(told, apart=line)

    def records(ask: Ask, split: str | None, part: str) -> QuerySet[Clock]:
        wanted = _CLOCKS.get(part, [part])
        each = [
            attainment.records(
                ask.periods[0], name, by=ask.by, split=split, as_of=ask.reading.as_of
            )
            for name in wanted
        ]
        return reduce(or_, each)

    return Method(read, make, records, SPLITS, beside=[*Mark.values, "history"])


_CLOCKS = {
    Part.ALL: ["n"],
    Part.NUMERATOR: ["met"],
    Part.DENOMINATOR: ["n"],
    "history": ["history_met", "history_breached"],
}
"""Which counts of a tally a part is made of; a mark is one by itself."""


_ANSWERS = {
    "accepted": "decision = 'accepted'",
    "refused": "decision = 'refused'",
    "by_silence": "decision = 'by_silence'",
    "undecided": "decision = 'none'",
    "by_hand": "by_hand",
    "although_met": "although_met",
}
_COUNTS = [f"count(*) FILTER (WHERE {condition})" for condition in _ANSWERS.values()]


def acceptance(*apart: str) -> Method:
    """Return explicit accepts ÷ (explicit accepts + refusals), by date of MQL.

    ``apart`` names what stands beside it.
    """

    def read(ask: Ask) -> Mapping[Cell, dict[str, int]]:
        found = added_up(ask, passages.decisions(ask), _COUNTS)
        return {
            cell: dict(zip(_ANSWERS, counts, strict=True))
            for cell, counts in found.items()
        }

    def make(ask: Ask, slot: int, found: Mapping[str, int] | None) -> Measure:
        found = found or dict.fromkeys(_ANSWERS, 0)
        said = found["accepted"] + found["refused"]
        told = share(found["accepted"], said, mature=ask.has_ended(slot))
        return replace(told, apart={name: found[name] for name in apart})

    def records(ask: Ask, split: str | None, part: str) -> QuerySet[StageChange]:
        if part == "refused":
            return listed(StageChange, passages.refusals(ask), split)
        accepted, refused = _ANSWERS["accepted"], _ANSWERS["refused"]
        said = accepted if part == Part.NUMERATOR else f"({accepted} OR {refused})"
        condition = _ANSWERS[part] if part in apart else said
        return listed(StageChange, passages.decisions(ask), split, condition)

    return Method(read, make, records, SPLITS, beside=apart)


@dataclass(frozen=True)
class Speed:
    """How long first contacts took, how many were in time, and how many are history."""

    spread: Spread
    in_time: int
    history: int


def speed_to_lead() -> Method:
    """Return business minutes from MQL to the first human contact, by date of MQL."""

    def read(ask: Ask) -> Mapping[Cell, Speed]:
        columns = [
            "count(*)",
            "count(*) FILTER (WHERE in_time)",
            "count(*) FILTER (WHERE history)",
            *neighbours("wait"),
        ]
        found = added_up(ask, responses.answered(ask), columns)
        return {
            cell: Speed(spread(n, ends, waits.MINUTE), in_time, history)
            for cell, (n, in_time, history, *ends) in found.items()
        }

    def make(ask: Ask, slot: int, found: Speed | None) -> Measure:
        if found is None:
            return waits.told(ask, slot, None)
        n = found.spread.n
        told = waits.told(ask, slot, found.spread)
        line = {
            "in_time": found.in_time,
            "in_time_share": ratio(found.in_time, n),
            "history": found.history,
        }
        return replace(told, apart=line)

    def records(ask: Ask, split: str | None, part: str) -> QuerySet[Any]:
        condition = _CONTACTS.get(part, "true")
        return listed(Clock, responses.answered(ask), split, condition)

    return Method(read, make, records, SPLITS, beside=["history"])


_CONTACTS = {Part.NUMERATOR: "in_time", "history": "history"}
"""Which first contacts a part is made of; all of them where it is not named."""
