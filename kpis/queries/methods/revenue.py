"""Revenue by the day, what was added and lost, and who stayed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from deals.enums import RevenueKind
from deals.models import RevenueEntry
from kpis.domain.questions import Measure
from kpis.domain.ratios import ratio
from kpis.domain.registry import Cell, Method
from kpis.domain.revenue import Kept, Revenue, in_cents
from kpis.enums import Part
from kpis.queries import revenues
from kpis.queries.asks import Ask
from kpis.queries.cells import added_up, listed
from kpis.queries.methods import money
from kpis.queries.methods.paths import SPLITS
from kpis.queries.methods.shares import share

type Entries = QuerySet[RevenueEntry]


def revenue() -> Method:
    """Return monthly amounts by the day and what was paid once."""

    def make(ask: Ask, slot: int, found: Revenue | None) -> Measure:
        found = found or Revenue()
        made = (found.entries, in_cents(found.amount), found.missing)
        return money.total(made, mature=ask.has_ended(slot))

    def records(ask: Ask, split: str | None, part: str) -> Entries:
        return listed(RevenueEntry, revenues.earned(ask), split)

    return Method(_revenue, make, records, SPLITS)


def _revenue(ask: Ask) -> dict[Cell, Revenue]:
    days = list(enumerate(revenues.spans(ask), 1))
    return {
        (slot, split): flow.revenue(first, end)
        for split, flow in revenues.flows(ask).items()
        for slot, (first, end) in days
    }


def revenue_of(kinds: Collection[str]) -> Method:
    """Return the sum of the entries of some kinds that begin in a period."""
    condition = f"kind IN ({', '.join(f"'{kind}'" for kind in kinds)})"
    places = [3 * _KINDS.index(kind) for kind in kinds]

    def read(ask: Ask) -> Mapping[Cell, tuple[Any, ...]]:
        found = added_up(ask, revenues.entered(ask), _OF_KINDS)
        return {
            cell: tuple(sum(figures[at + i] for at in places) for i in range(3))
            for cell, figures in found.items()
        }

    def make(ask: Ask, slot: int, found: tuple[int, Decimal, int] | None) -> Measure:
        return money.total(found or money.NOTHING, mature=ask.has_ended(slot))

    def records(ask: Ask, split: str | None, part: str) -> Entries:
        return listed(RevenueEntry, revenues.entered(ask), split, condition)

    return Method(read, make, records, SPLITS)


_KINDS = list(RevenueKind.values)
_OF_KINDS = [
    column
    for kind in _KINDS
    for column in (
        f"count(*) FILTER (WHERE kind = '{kind}')",
        f"coalesce(sum(base_amount) FILTER (WHERE kind = '{kind}'), 0)",
        f"count(*) FILTER (WHERE kind = '{kind}' AND base_amount IS NULL)",
    )
]
"""Count, sum and missing rates of every kind, so that one statement tells them all."""


def average_customer_value() -> Method:
    """Return revenue ÷ the customers who paid anything in the period."""

    def read(ask: Ask) -> Mapping[Cell, tuple[int, Decimal, int]]:
        placed = revenues.customers(ask)
        payers = added_up(ask, placed, _KEPT)
        return {
            cell: (payers.get(cell, (0,))[-1], in_cents(found.amount), found.missing)
            for cell, found in _revenue(ask).items()
        }

    def make(ask: Ask, slot: int, found: tuple[int, Decimal, int] | None) -> Measure:
        return money.average(found or money.NOTHING, mature=ask.has_ended(slot))

    def records(ask: Ask, split: str | None, part: str) -> Entries:
        return listed(RevenueEntry, revenues.customers(ask), split, "paid")

    return Method(read, make, records, SPLITS)


_KEPT = [
    "count(*) FILTER (WHERE was)",
    "count(*) FILTER (WHERE was AND remains)",
    *(
        f"coalesce(sum({name}) FILTER (WHERE was), 0)"
        for name in ("start", "expansion", "contraction", "churn")
    ),
    "coalesce(sum(missing) FILTER (WHERE was), 0)::bigint",
    "count(*) FILTER (WHERE paid)",
]
"""What `Kept` says, and how many paid, so that one statement tells both."""


def _kept(make: Callable[[Kept], Measure], *, above: str) -> Method:
    """Tell something of the customers active at the start of a period."""

    def read(ask: Ask) -> Mapping[Cell, Kept]:
        found = added_up(ask, revenues.customers(ask), _KEPT)
        return {cell: Kept(*figures[:-1]) for cell, figures in found.items()}

    def made(ask: Ask, slot: int, found: Kept | None) -> Measure:
        return replace(make(found or Kept()), mature=ask.has_ended(slot))

    def records(ask: Ask, split: str | None, part: str) -> Entries:
        condition = above if part == Part.NUMERATOR else "was"
        return listed(RevenueEntry, revenues.customers(ask), split, condition)

    return Method(read, made, records, SPLITS)


def retention() -> Method:
    """Return customers active at start and end ÷ active at start."""
    return _kept(
        lambda kept: share(kept.still, kept.active, mature=True),
        above="was AND remains",
    )


def churn() -> Method:
    """Return one less retention."""
    return _kept(
        lambda kept: share(kept.active - kept.still, kept.active, mature=True),
        above="was AND NOT remains",
    )


def grr() -> Method:
    """Return what is left of the revenue at the start, nothing added."""
    return _kept(lambda kept: _of_start(kept, kept.gross), above="was")


def nrr() -> Method:
    """Return the same with expansion."""
    return _kept(lambda kept: _of_start(kept, kept.net), above="was")


def _of_start(kept: Kept, left: Decimal) -> Measure:
    return Measure(
        n=kept.active,
        value=None if kept.missing else ratio(left, kept.start),
        numerator=left,
        denominator=kept.start,
        missing=kept.missing,
        problem=money.MISSING_RATE if kept.missing else "",
    )
