"""Hold what is stored, and what is answered, against the rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import Any

from foundation.accounts.models import Workspace
from foundation.kernel.periods import Period, Step
from kpis.domain.questions import Question, Value
from kpis.domain.revenue import in_cents
from kpis.enums import Kind
from kpis.models import Basis, DailyFact, Mark, Scorecard, Sheet
from kpis.queries import scorecards, sheets
from kpis.queries.declared.path import VOLUMES
from kpis.queries.plain import lines, money, paths
from kpis.queries.plain.book import Book, split_of
from kpis.queries.reading import Reading
from kpis.queries.values import answer
from leads.domain.path import ORDER

CARDS = 20
"""How many of the newest scorecards that nobody pinned are checked."""

_SPLITS = (None, *paths.DIMENSIONS)


@dataclass(frozen=True)
class Difference:
    """One cell that is not what the rows say."""

    cell: str
    stored: object
    counted: object

    def __str__(self) -> str:
        return f"{self.cell}: {self.stored}, but the rows say {self.counted}"


def everything(seen: Reading) -> Iterator[Difference]:
    """Check daily facts, answers, scorecards and pages, and yield what differs."""
    book = Book.of(seen)
    yield from chain(daily_facts(book), volumes(book, seen), conversions(book, seen))
    yield from chain(revenue(book, seen), customers(book, seen), cards(), pages())


def daily_facts(book: Book) -> Iterator[Difference]:
    """Check each stored daily fact of the days that no worker owes."""
    if not Basis.objects.filter(zone=book.zone.key).exists():
        return
    owed = set(Mark.objects.values_list("day", flat=True))
    counted = paths.daily_facts(book)
    for row in DailyFact.objects.iterator(5_000):
        key = (row.dimension, row.stage, row.to_stage, row.day, row.value)
        told = counted.pop(key, None)
        stored = (row.count, row.implied, row.lags, row.counts)
        if row.day not in owed and stored != told:
            yield Difference(f"daily fact {_cell(key)}", stored, told)
    for key, told in counted.items():
        if key[3] not in owed:
            yield Difference(f"daily fact {_cell(key)}", None, told)


def _cell(key: paths.FactKey) -> str:
    dimension, stage, to, day, value = key
    step = f"{stage}→{to}" if to else stage
    return f"{day} {step} {dimension}={value!r}"


def volumes(book: Book, seen: Reading) -> Iterator[Difference]:
    """Check first entries by month and every split."""
    for (key, stage), by in product(VOLUMES.items(), _SPLITS):
        asked = Question(key, seen.extent, by=by, step=Step.MONTH)
        values, periods = _ask(asked, seen)
        counted = paths.entries(book, stage, periods, by)
        told = {cell: (n, n) for cell, n in counted.items() if cell[0]}
        shown = {
            cell: (value.measure.n, value.measure.numerator)
            for cell, value in values.items()
            if value.measure.n
        }
        yield from _differing(key, by, shown, told)


def conversions(book: Book, seen: Reading) -> Iterator[Difference]:
    """Check all conversions of all kinds, by every split and in both windows."""
    settings = seen.workspace
    windows = (None, settings.step_window_days, settings.path_window_days)
    ways = [(Kind.PERIOD, None), *product((Kind.COHORT, Kind.ATTEMPT), windows)]
    keys = [f"{before}_to_{after}" for before, after in combinations(ORDER, 2)]
    for key, (kind, within), by in product(keys, ways, _SPLITS):
        step = Step.MONTH if by is None else Step.YEAR
        asked = Question(key, seen.extent, by=by, step=step, kind=kind, within=within)
        values, periods = _ask(asked, seen)
        counted = paths.conversion(book, key, periods, by=by, kind=kind, within=within)
        told = {cell: pair for cell, pair in counted.items() if cell[0] and any(pair)}
        shown = {
            cell: (value.measure.numerator, value.measure.denominator)
            for cell, value in values.items()
            if value.measure.numerator or value.measure.denominator
        }
        yield from _differing(f"{key} {kind} within {within}", by, shown, told)


def revenue(book: Book, seen: Reading) -> Iterator[Difference]:
    """Check revenue by month and every split."""
    deals = {row.deal_id: row for row in book.deals}
    for by in _SPLITS:
        values, periods = _ask(
            Question("revenue", seen.extent, by=by, step=Step.MONTH), seen
        )
        parts: dict[str | None, list[Any]] = {None: book.revenue}
        for row in book.revenue if by else ():
            parts.setdefault(split_of(deals.get(row.deal_id or 0), by), []).append(row)
        told: dict[tuple[int, str | None], tuple[object, ...]] = {}
        for slot, period in enumerate(periods, 1):
            days = money.days_that_came(book, period)
            for split, rows in parts.items():
                n, amount, _ = money.revenue(rows, days)
                told[slot, split] = (n, in_cents(amount))
        shown = {
            cell: (value.measure.n, value.measure.numerator)
            for cell, value in values.items()
        }
        yield from _differing("revenue", by, _some(shown), _some(told))


def customers(book: Book, seen: Reading) -> Iterator[Difference]:
    """Check who stayed, by month and every split."""
    for by in _SPLITS:
        values, periods = _ask(
            Question("retention", seen.extent, by=by, step=Step.MONTH), seen
        )
        parts: dict[str | None, list[money.Customer]] = {None: []}
        for split, some in money.customers(book, by).items():
            parts[None] += some
            if by:
                parts[split] = some
        told = {}
        for slot, period in enumerate(periods, 1):
            days = money.days_that_came(book, period)
            for value, some in parts.items():
                kept = money.kept(some, days)
                told[slot, value] = (kept.active, kept.still)
        shown = {
            cell: (value.measure.n, value.measure.numerator)
            for cell, value in values.items()
        }
        yield from _differing("retention", by, _some(shown), _some(told))


def _some[C, V: tuple[object, ...]](cells: Mapping[C, V]) -> dict[C, V]:
    return {cell: value for cell, value in cells.items() if any(value)}


def _ask(
    question: Question, seen: Reading
) -> tuple[dict[tuple[int, str | None], Value], list[Period]]:
    """Return the product's answer by cell, and the periods it was cut into."""
    series = answer(question, seen)
    periods = [value.period for value in series.values if value.split is None]
    return {
        (periods.index(value.period) + 1, value.split): value for value in series.values
    }, periods


def _differing(
    what: str,
    by: str | None,
    shown: Mapping[tuple[int, str | None], object],
    told: Mapping[tuple[int, str | None], object],
) -> Iterator[Difference]:
    for slot, split in sorted(shown.keys() | told.keys(), key=str):
        cell = (slot, split)
        if shown.get(cell) != told.get(cell):
            where = f"{what} by {by}={split!r}" if by else what
            place = f"{where}, period {slot}"
            yield Difference(place, shown.get(cell), told.get(cell))


def cards() -> Iterator[Difference]:
    """Check pinned scorecards and the newest others, each at its position."""
    pinned = Scorecard.objects.filter(pinned_at__isnull=False)
    newest = Scorecard.objects.filter(pinned_at__isnull=True).order_by("-pk")[:CARDS]
    for card in [*pinned, *newest]:
        yield from _card(card)


def pages() -> Iterator[Difference]:
    """Check what is kept of pages against the same questions, each at its position."""
    for sheet in Sheet.objects.order_by("pk"):
        again = sheets.recomputed(sheet)
        yield from _parts(f"page {sheet.page}", sheet.answers, again)


def _card(card: Scorecard) -> Iterator[Difference]:
    name = f"scorecard {card.pk} of {card.period} at {card.position}"
    again = scorecards.recomputed(card)
    if again != card.values:
        yield from _parts(name, card.values, again)
    book = Book(card.position, Workspace(**card.settings), card.day)
    period = Period(card.first_on, card.end_on, card.period)
    for part in card.values["sections"]:
        for stored in part["kpis"]:
            told = lines.line(book, stored["key"], period)
            shown = {field: stored.get(field) for field in told}
            if shown != told:
                yield Difference(f"{name}, {stored['key']}", shown, told)


def _parts(name: str, stored: object, again: object) -> Iterator[Difference]:
    """Name the innermost places at which two cards differ."""
    if isinstance(stored, dict) and isinstance(again, dict):
        for key in sorted(stored.keys() | again.keys()):
            yield from _parts(f"{name}, {key}", stored.get(key), again.get(key))
    elif isinstance(stored, list) and isinstance(again, list):
        for index, (one, other) in enumerate(zip(stored, again, strict=False)):
            label = one.get("key", index) if isinstance(one, dict) else index
            yield from _parts(f"{name}, {label}", one, other)
        if len(stored) != len(again):
            yield Difference(f"{name}, length", len(stored), len(again))
    elif stored != again:
        yield Difference(name, stored, again)
