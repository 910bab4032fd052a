"""Volumes and conversions along the path of stages."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from kpis.domain.questions import Measure
from kpis.domain.ratios import ratio
from kpis.domain.registry import Cell, Method
from kpis.enums import Dimension, Kind, Part
from kpis.queries import attempts, entries, journeys
from kpis.queries.asks import Ask
from kpis.queries.cells import added_up, listed
from kpis.queries.methods.shares import share
from kpis.queries.subqueries import rows
from leads.models import Lead, StageChange

SPLITS = tuple(journeys.VALUES)
type Pair = tuple[int, int]
"""Those above the line and those below it."""


def volume(stage: str) -> Method:
    """Return how first entries into a stage are counted."""

    def read(ask: Ask) -> Mapping[Cell, int]:
        found = entries.counts(ask, stage)
        return {cell: counts[""] for cell, counts in found.items()}

    def make(ask: Ask, slot: int, n: int | None) -> Measure:
        n = n or 0
        return Measure(n=n, value=Decimal(n), numerator=n, mature=ask.has_ended(slot))

    def records(ask: Ask, split: str | None, part: str) -> QuerySet[Any]:
        return leads(ask, split, stage)

    return Method(read, make, records, SPLITS)


@dataclass(frozen=True)
class Conversion:
    """From one stage to a later one, in all three kinds."""

    stage: str
    to_stage: str

    def read(self, ask: Ask) -> Mapping[Cell, Pair]:
        kind = ask.question.kind
        if kind == Kind.PERIOD:
            return self._of_the_period(ask)
        if kind == Kind.ATTEMPT:
            return self._of_the_rounds(ask)
        found = entries.counts(ask, self.stage, [self.to_stage])
        return {c: (n.get(self.to_stage, 0), n[""]) for c, n in found.items()}

    def _of_the_period(self, ask: Ask) -> Mapping[Cell, Pair]:
        before = entries.counts(ask, self.stage)
        after = entries.counts(ask, self.to_stage)
        return {
            cell: (after.get(cell, {}).get("", 0), before.get(cell, {}).get("", 0))
            for cell in before.keys() | after.keys()
        }

    def _of_the_rounds(self, ask: Ask) -> Mapping[Cell, Pair]:
        rounds = attempts.rounds(ask, self.stage, self.to_stage)
        columns = ["count(*) FILTER (WHERE reached)", "count(*)"]
        found = added_up(ask, rounds, columns)
        return {cell: (above, below) for cell, (above, below) in found.items()}

    def make(self, ask: Ask, slot: int, pair: Pair | None) -> Measure:
        above, below = pair or (0, 0)
        if ask.question.kind != Kind.PERIOD:
            return share(above, below, mature=ask.is_mature(slot))
        return Measure(
            n=below,
            value=ratio(above, below),
            numerator=above,
            denominator=below,
            mature=ask.has_ended(slot),
        )

    def records(self, ask: Ask, split: str | None, part: str) -> QuerySet[Any]:
        kind, above = ask.question.kind, part == Part.NUMERATOR
        if kind == Kind.ATTEMPT:
            rounds = attempts.rounds(ask, self.stage, self.to_stage)
            condition = "reached" if above else "true"
            return listed(StageChange, rounds, split, condition)
        if kind == Kind.PERIOD:
            return leads(ask, split, self.to_stage if above else self.stage)
        return leads(ask, split, self.stage, self.to_stage if above else "")


def conversion(stage: str, to_stage: str) -> Method:
    """Return how a conversion between two stages is worked out."""
    way = Conversion(stage, to_stage)
    return Method(way.read, way.make, way.records, SPLITS, tuple(Kind), windows=True)


def leads(
    ask: Ask, split: str | None, stage: str, to_stage: str = ""
) -> QuerySet[Lead]:
    """Return the leads that first entered a stage in the period.

    With ``to_stage`` those of them that came there, within the window if there is one.
    """
    text, more = journeys.prelude(ask.reading)
    conditions = [entries.came_to(to_stage, ask)] if to_stage else []
    if split is not None:
        value = journeys.VALUES[Dimension(ask.by or Dimension.SOURCE)]
        conditions.append(f"{value} = %(split)s")
    found = journeys.entered(stage, ask.reading, on_dirty_days=False)
    statement = f"""
        WITH {text}, {entries.CALENDAR} SELECT c.lead_id {found}
        {"".join(f" AND {condition}" for condition in conditions)}
    """
    return rows(Lead, statement, {**ask.params, **more, "split": split})
