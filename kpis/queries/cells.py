"""Rows that have found their period and split, to be added up or listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from kpis.domain.registry import Cell
from kpis.enums import Dimension
from kpis.queries import journeys
from kpis.queries.asks import Ask
from kpis.queries.subqueries import rows


@dataclass(frozen=True)
class Placed:
    """SQL for rows with the columns ``id``, ``slot`` (the period) and ``split``.

    ``relations`` stands after WITH and defines ``source``.
    """

    relations: str
    source: str
    params: Mapping[str, Any]


def split(ask: Ask) -> str:
    """Return the split's value of a row ``c``; blank where nothing is split."""
    return journeys.VALUES[Dimension(ask.by)] if ask.by else "''"


def added_up(
    ask: Ask, placed: Placed, columns: Sequence[str]
) -> dict[Cell, tuple[Any, ...]]:
    """Return aggregates of the rows by cell, total and splits in one statement."""
    sets = "(slot), (slot, split)" if ask.by else "(slot)"
    whole = "GROUPING(split) = 1" if ask.by else "true"
    value = "split" if ask.by else "NULL"
    statement = f"""
        WITH {placed.relations} SELECT slot, {whole}, {value}, {", ".join(columns)}
        FROM {placed.source} WHERE slot BETWEEN 1 AND %(slots)s
        GROUP BY GROUPING SETS ({sets})
    """  # noqa: S608 -- names are ours
    params = {**placed.params, "slots": len(ask.periods)}
    return {
        (slot, None if is_whole else found): tuple(figures)
        for slot, is_whole, found, *figures in ask.reading.rows(statement, params)
    }


def listed[M: Model](
    model: type[M], placed: Placed, split: str | None, condition: str = "true"
) -> QuerySet[M]:
    """Return the rows of the first period, of a split or all, that fit a condition."""
    chosen = condition if split is None else f"{condition} AND split = %(split)s"
    statement = f"""
        WITH {placed.relations} SELECT id FROM {placed.source}
        WHERE slot = 1 AND {chosen}
    """  # noqa: S608 -- names are ours
    return rows(model, statement, {**placed.params, "split": split})


def neighbours(column: str) -> list[str]:
    """Return the values below and above median and p90, as four aggregates.

    The interpolation between them is then done exactly, not in floating point.
    """
    ordered = f"(array_agg({column} ORDER BY {column}))"
    return [
        f"{ordered}[1 + {way}({tenths} * (count(*) - 1) / 10.0)::int]"
        for tenths in (5, 9)
        for way in ("floor", "ceil")
    ]
