"""Revenue day by day, customers one by one, deals and spend row by row."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from deals.models import DealChange, RevenueEntry
from foundation.kernel.periods import DAY, Period, start_of
from kpis.domain.registry import Cell
from kpis.domain.revenue import Kept
from kpis.queries.plain.book import Book, slot_of, split_of

_SIGNS = {"new": 1, "expansion": 1, "contraction": -1, "churn": -1}

type Sum = tuple[int, Decimal, int]
"""How many, what they add up to, and how many of them lack a rate."""


def added(amounts: Iterable[Decimal | None]) -> Sum:
    """Add up amounts in the base currency, of which some may lack a rate."""
    found = list(amounts)
    known = [amount for amount in found if amount is not None]
    return len(found), sum(known, Decimal()), len(found) - len(known)


def days_that_came(book: Book, period: Period) -> Period:
    """Return the days of a period up to today."""
    end = max(period.first, min(period.end, book.today + DAY))
    return Period(period.first, end, period.label)


def revenue(rows: Sequence[RevenueEntry], days: Period) -> tuple[int, Fraction, int]:
    """Return entries, revenue and missing rates of a range of days, day by day."""
    counted = [
        row
        for row in rows
        if row.starts_on < days.end
        and (row.kind in _SIGNS or row.starts_on >= days.first)
        and days.days > 0
    ]
    changes: dict[date, Decimal] = defaultdict(Decimal)
    total = Fraction()
    for row in counted:
        if row.kind in _SIGNS:
            changes[max(row.starts_on, days.first)] += _signed(row.base_amount, row)
        else:
            total += Fraction(row.base_amount or 0)
    running, day = Decimal(), days.first
    while day < days.end:
        running += changes.get(day, Decimal())
        total += Fraction(running) / monthrange(day.year, day.month)[1]
        day += DAY
    return len(counted), total, sum(row.base_amount is None for row in counted)


def _signed(amount: Decimal | None, row: RevenueEntry) -> Decimal:
    return (amount or Decimal()) * _SIGNS[row.kind]


@dataclass
class Customer:
    """One customer's entries, in order of date."""

    rows: list[RevenueEntry] = field(default_factory=list)

    def running(self, before: date) -> dict[str, Decimal]:
        """Return the monthly amount in each own currency as a day begins."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for row in self.rows:
            if row.starts_on < before and row.kind in _SIGNS:
                found[row.currency] += _signed(row.amount, row)
        return found

    def active(self, before: date) -> bool:
        return any(amount > 0 for amount in self.running(before).values())

    def paid(self, days: Period) -> bool:
        """Tell whether the customer paid anything on these days."""
        once = any(
            row.kind == "one_off" and days.first <= row.starts_on < days.end
            for row in self.rows
        )
        day, moves = days.first + DAY, {row.starts_on for row in self.rows}
        ends = {day, *(moved + DAY for moved in moves if days.first < moved < days.end)}
        return days.days > 0 and (once or any(self.active(end) for end in ends))


def customers(book: Book, by: str | None) -> dict[str, list[Customer]]:
    """Return customers by the split of the first of their entries that has a deal."""
    deals = {row.deal_id: row for row in book.deals}
    found: dict[tuple[str, int], Customer] = defaultdict(Customer)
    for row in book.revenue:
        key = ("company", row.company_id) if row.company_id else ("lead", row.lead_id)
        found[key[0], key[1] or 0].rows.append(row)
    split: dict[str, list[Customer]] = defaultdict(list)
    for customer in found.values():
        of_deals = [deals[r.deal_id] for r in customer.rows if r.deal_id in deals]
        split[split_of(of_deals[0] if of_deals else None, by)].append(customer)
    return split


def kept(some: Iterable[Customer], days: Period) -> Kept:
    """Return what became of the customers active as a range of days began."""
    was = [customer for customer in some if customer.active(days.first)]
    rows = [
        row for customer in was for row in customer.rows if row.starts_on < days.end
    ]
    recurring = [row for row in rows if row.kind in _SIGNS]
    moved = {
        kind: added(
            row.base_amount or Decimal()
            for row in recurring
            if row.kind == kind and row.starts_on >= days.first
        )[1]
        for kind in ("expansion", "contraction", "churn")
    }
    before = [row for row in recurring if row.starts_on < days.first]
    return Kept(
        active=len(was),
        still=sum(customer.active(days.end) for customer in was),
        start=sum((_signed(row.base_amount, row) for row in before), Decimal()),
        missing=sum(row.base_amount is None for row in recurring),
        **moved,
    )


def closed(book: Book, period: Period) -> list[DealChange]:
    """Return the deals won or lost in a period."""
    return [
        row
        for row in book.deals
        if row.closed_at and slot_of(book.day(row, "closed_at"), [period])
    ]


def times_to_close(rows: Iterable[DealChange]) -> list[timedelta]:
    """Return how long won deals were open; those that never were are left out."""
    waits = [
        row.closed_at - row.opened_at
        for row in rows
        if row.outcome == "won" and row.closed_at
    ]
    return [wait for wait in waits if wait]


def opened(book: Book, period: Period) -> list[DealChange]:
    """Return deals opened in a period, as they were last told while open."""
    return _while_open(
        book,
        (
            row
            for row in book.deals
            if slot_of(book.day(row, "opened_at"), [period])
            and row.closed_at != row.opened_at
        ),
    )


def open_at_end(book: Book, period: Period) -> list[DealChange]:
    """Return the deals open as a period ended, likewise."""
    end = start_of(period.end, book.zone)
    return _while_open(
        book,
        (
            row
            for row in book.deals
            if row.opened_at < end and (row.closed_at is None or row.closed_at >= end)
        ),
    )


def _while_open(book: Book, rows: Iterable[DealChange]) -> list[DealChange]:
    last = {row.deal_id: row for row in book.deal_changes if row.outcome == "open"}
    return [last.get(row.deal_id, row) for row in rows]


def spent(book: Book, periods: Sequence[Period]) -> dict[Cell, Sum]:
    """Return spend by period."""
    found: dict[Cell, list[Decimal | None]] = defaultdict(list)
    for row in book.spend:
        found[slot_of(row.day, periods), None].append(row.base_amount)
    return {cell: added(amounts) for cell, amounts in found.items()}
