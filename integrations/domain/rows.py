"""Rows of a file into values of its targets, batch by batch.

A batch is read column by column: what is the same for all cells of a column is worked
out once. A row with anything wrong is rejected with everything that is wrong in it and
is not loaded; the others are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from integrations.domain.columns import Constant, column_of
from integrations.domain.kinds.rules import Columns, Finding
from integrations.domain.mapping import Mapping
from integrations.domain.problems import Problem
from integrations.domain.tables import Row
from integrations.domain.values import Column, Value

BATCH_ROWS = 10_000

type Accepted = tuple[Value, ...]
"""Number of the row in the file, then a value for each of the mapping's targets."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One thing that is wrong with one row.

    ``column`` is the column's name in the file; the target's name where the file has no
    column for it; empty where the row as a whole is wrong.
    """

    row: int
    column: str
    problem: Problem

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def message(self) -> str:
        return self.problem.message


@dataclass(frozen=True)
class Batch:
    """Rows that follow each other in a file.

    ``rejected`` is in the order of rows, and within a row of targets.
    """

    targets: tuple[str, ...]
    accepted: list[Accepted]
    rejected: list[Rejection]
    rows: list[Row]

    @cached_property
    def cells(self) -> dict[int, list[str]]:
        """The cells of every row as they stand in the file, by its number."""
        return {number: cells for number, cells, _ in self.rows}


def convert(
    mapping: Mapping, rows: Iterable[Row], *, size: int = BATCH_ROWS
) -> Iterator[Batch]:
    """Read the rows of a table as the mapping says, ``size`` at a time.

    A blank cell gives the target's default, else None. Text is trimmed and composed,
    e-mail is case-folded, instants are aware and in UTC, amounts are exact.
    """
    reader = _Reader(mapping)
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield reader.read(batch)


class _Reader:
    """Reads batches; made once for a file."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._targets = mapping.targets
        self._places = {column: n for n, column in enumerate(mapping.header)}
        self._columns = [self._column(name) for name in self._targets]

    def _column(self, name: str) -> Column:
        mapping = self._mapping
        target, default = mapping.kind.by_name[name], mapping.defaults.get(name, "")
        column = column_of(target, mapping.reading, default)
        return column if name in mapping.columns else Constant(column)

    def read(self, rows: list[Row]) -> Batch:
        whole = [(number, cells) for number, cells, problem in rows if not problem]
        numbers = [number for number, _ in whole]
        values = self._values([cells for _, cells in whole])
        wrong = self._wrong(values)
        rejected = [
            Rejection(numbers[place], self._column_name(target), problem)
            for place in wrong
            for target, problem in wrong[place]
        ]
        broken = [Rejection(number, "", bad) for number, _, bad in rows if bad]
        tuples = list(zip(numbers, *values.values(), strict=True))
        if wrong:
            tuples = [row for place, row in enumerate(tuples) if place not in wrong]
        rejected = sorted([*rejected, *broken], key=lambda rejection: rejection.row)
        return Batch(self._targets, tuples, rejected, rows)

    def _values(self, cells: Sequence[Sequence[str]]) -> dict[str, list[Value]]:
        texts = list(zip(*cells, strict=True)) or [()] * len(self._places)
        return {
            name: column.read(texts[self._place(name)])
            for name, column in zip(self._targets, self._columns, strict=True)
        }

    def _place(self, target: str) -> int:
        """Return where the target's column is; any column where it has none."""
        return self._places.get(self._mapping.columns.get(target, ""), 0)

    def _wrong(
        self, columns: dict[str, list[Value]]
    ) -> dict[int, list[tuple[str, Problem]]]:
        """Return what is wrong, by place in the batch."""
        wrong: dict[int, list[tuple[str, Problem]]] = defaultdict(list)
        for rule in (_READABLE, *self._mapping.kind.all_rules):
            for place, name, problem in rule.findings(columns):
                wrong[place].append((name, problem))
        return dict(sorted(wrong.items()))

    def _column_name(self, target: str) -> str:
        return self._mapping.columns.get(target, target)


class _Readable:
    """Every cell can be read."""

    def findings(self, columns: Columns) -> Iterator[Finding]:
        """Yield the cells that could not be."""
        for name, values in columns.items():
            if Problem not in set(map(type, values)):
                continue
            for place, value in enumerate(values):
                if isinstance(value, Problem):
                    yield place, name, value


_READABLE = _Readable()
