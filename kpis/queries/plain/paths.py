"""First entries, conversions, waits and decisions, counted lead by lead."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from foundation.kernel.periods import Period
from kpis.domain.registry import Cell
from kpis.enums import Kind
from kpis.queries.plain.book import Book, slot_of, split_of
from leads.domain.path import ORDER
from leads.models import StageChange

DIMENSIONS = ("source", "campaign", "segment", "country", "owner")

type FactKey = tuple[str, str, str, date, str]
"""Dimension, stage, stage reached, day and value of a daily fact."""


def _both(slot: int, split: str, by: str | None) -> Iterator[Cell]:
    yield slot, None
    if by is not None:
        yield slot, split


def daily_facts(book: Book) -> dict[FactKey, tuple[int, int, list[int], list[int]]]:
    """Return every daily fact: count, implied ones, lags and running sums."""
    counts: Counter[FactKey] = Counter()
    implied: Counter[FactKey] = Counter()
    lags: dict[FactKey, Counter[int]] = defaultdict(Counter)
    for first in book.firsts:
        days = {stage: book.day(row) for stage, row in first.items()}
        for stage, row in first.items():
            values = [("total", ""), *((by, split_of(row, by)) for by in DIMENSIONS)]
            for by, value in values:
                entry = (by, stage, "", days[stage], value)
                counts[entry] += 1
                implied[entry] += row.implied
                for to in ORDER[ORDER.index(stage) + 1 :]:
                    if to in days:
                        key = (by, stage, to, days[stage], value)
                        counts[key] += 1
                        lags[key][(days[to] - days[stage]).days] += 1
    return {key: (n, implied[key], *_running(lags[key])) for key, n in counts.items()}


def _running(lags: Counter[int]) -> tuple[list[int], list[int]]:
    ordered, sums, total = sorted(lags), [], 0
    for lag in ordered:
        total += lags[lag]
        sums.append(total)
    return ordered, sums


def entries(
    book: Book, stage: str, periods: Sequence[Period], by: str | None
) -> Counter[Cell]:
    """Count first entries into a stage."""
    found: Counter[Cell] = Counter()
    for first in book.firsts:
        if row := first.get(stage):
            slot = slot_of(book.day(row), periods)
            found.update(_both(slot, split_of(row, by), by))
    return found


def conversion(
    book: Book,
    key: str,
    periods: Sequence[Period],
    *,
    by: str | None = None,
    kind: str | None = None,
    within: int | None = None,
) -> dict[Cell, tuple[int, int]]:
    """Return those above and below the line of a conversion, in any of its kinds."""
    stage, _, to = key.partition("_to_")
    if kind == Kind.PERIOD:
        before = entries(book, stage, periods, by)
        after = entries(book, to, periods, by)
        return {c: (after[c], before[c]) for c in before.keys() | after.keys()}
    pairs = (
        _rounds(book, stage, to) if kind == Kind.ATTEMPT else _leads(book, stage, to)
    )
    above: Counter[Cell] = Counter()
    below: Counter[Cell] = Counter()
    for row, later in pairs:
        day = book.day(row)
        cells = list(_both(slot_of(day, periods), split_of(row, by), by))
        below.update(cells)
        if later is not None and (
            within is None or (book.day(later) - day).days <= within
        ):
            above.update(cells)
    return {cell: (above[cell], n) for cell, n in below.items()}


type Pairs = Iterator[tuple[StageChange, StageChange | None]]


def _leads(book: Book, stage: str, to: str) -> Pairs:
    for first in book.firsts:
        if stage in first:
            yield first[stage], first.get(to)


def _rounds(book: Book, stage: str, to: str) -> Pairs:
    for changes in book.paths.values():
        first: dict[tuple[int, str], StageChange] = {}
        for row in changes:
            if row.round:
                first.setdefault((row.round, row.to_stage), row)
        for (number, reached), row in first.items():
            if reached == stage:
                yield row, first.get((number, to))


def to_customer(book: Book, periods: Sequence[Period]) -> dict[Cell, list[timedelta]]:
    """Return how long it took from lead to customer, by period."""
    found: dict[Cell, list[timedelta]] = defaultdict(list)
    for first in book.firsts:
        if "customer" in first:
            row = first["customer"]
            wait = row.occurred_at - first["lead"].occurred_at
            found[slot_of(book.day(row), periods), None].append(wait)
    return found


def decisions(book: Book, periods: Sequence[Period]) -> dict[Cell, Counter[str]]:
    """Return what sales decided of the rounds that qualified in each period."""
    found: dict[Cell, Counter[str]] = defaultdict(Counter)
    for changes in book.paths.values():
        rounds: dict[int, list[StageChange]] = defaultdict(list)
        for row in changes:
            rounds[row.round].append(row)
        for rows in rounds.values():
            began = next((row for row in rows if row.to_stage == "mql"), None)
            if began is not None and not began.implied:
                cell = slot_of(book.day(began), periods), None
                found[cell].update(_decided(began, rows))
    return found


def _decided(began: StageChange, rows: Sequence[StageChange]) -> list[str]:
    sals = [row for row in rows if row.to_stage == "sal" and not row.implied]
    back = [row for row in rows if row.to_stage in {"recycled", "disqualified"}]
    said = ["by_hand"] if began.cause == "hand" else []
    said += ["although_met"] if any(row.although_met for row in back) else []
    if any(row.cause != "silence" for row in sals):
        return [*said, "accepted"]
    if any(row.from_stage in {"mql", "sal"} for row in back):
        return [*said, "refused"]
    return [*said, "by_silence" if sals else "undecided"]
