"""Deals: how many were won, what they were worth, how long they took."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from deals.models import Deal
from kpis.domain.questions import Measure
from kpis.domain.registry import Cell, Method
from kpis.enums import Part
from kpis.queries import dealings
from kpis.queries.asks import Ask
from kpis.queries.cells import Placed, added_up, listed
from kpis.queries.methods import money, waits
from kpis.queries.methods.paths import SPLITS
from kpis.queries.methods.shares import share

_WON = "outcome = 'won'"
_KNOWN = "amount IS NOT NULL"


def win_rate() -> Method:
    """Return won ÷ (won + lost) of the deals closed in a period."""

    def read(ask: Ask) -> Mapping[Cell, tuple[int, int]]:
        columns = [f"count(*) FILTER (WHERE {_WON})", "count(*)"]
        found = added_up(ask, dealings.closed(ask), columns)
        return {cell: (won, n) for cell, (won, n) in found.items()}

    def make(ask: Ask, slot: int, found: tuple[int, int] | None) -> Measure:
        return share(*(found or (0, 0)), mature=ask.has_ended(slot))

    def records(ask: Ask, split: str | None, part: str) -> QuerySet[Deal]:
        condition = _WON if part == Part.NUMERATOR else "true"
        return listed(Deal, dealings.closed(ask), split, condition)

    return Method(read, make, records, SPLITS)


def average_deal() -> Method:
    """Return won value ÷ won deals."""
    return _worth(_won, average=True)


def pipeline_created() -> Method:
    """Return what the deals opened in a period were worth while open."""
    return _worth(dealings.opened)


def pipeline_open() -> Method:
    """Return what the deals open at a period's end were worth."""
    return _worth(dealings.open_at_end)


def time_to_close() -> Method:
    """Return days from opening to winning; implied openings have no waiting time."""

    def place(ask: Ask) -> Placed:
        return _narrowed(dealings.closed(ask), f"{_WON} AND wait > interval '0'")

    return waits.wait(place, Deal, SPLITS)


def _won(ask: Ask) -> Placed:
    return _narrowed(dealings.closed(ask), _WON)


def _narrowed(placed: Placed, condition: str) -> Placed:
    chosen = f"chosen AS (SELECT * FROM {placed.source} WHERE {condition})"  # noqa: S608 -- names are ours
    return replace(placed, relations=f"{placed.relations}, {chosen}", source="chosen")


_WORTH = [
    f"count(*) FILTER (WHERE {_KNOWN})",
    "coalesce(sum(base_amount), 0)",
    f"count(*) FILTER (WHERE {_KNOWN} AND base_amount IS NULL)",
    f"count(*) FILTER (WHERE NOT ({_KNOWN}))",
]


def _worth(place: Callable[[Ask], Placed], *, average: bool = False) -> Method:
    """Sum, or average, what deals were worth. Those without an amount stand apart."""

    def read(ask: Ask) -> Mapping[Cell, tuple[Any, ...]]:
        return added_up(ask, place(ask), _WORTH)

    def make(ask: Ask, slot: int, found: tuple[Any, ...] | None) -> Measure:
        n, amount, missing, without = found or (*money.NOTHING, 0)
        tell = money.average if average else money.total
        told = tell((n, amount, missing), mature=ask.has_ended(slot))
        return replace(told, apart={"without_amount": without})

    def records(ask: Ask, split: str | None, part: str) -> QuerySet[Deal]:
        return listed(Deal, place(ask), split, _KNOWN)

    return Method(read, make, records, SPLITS)
