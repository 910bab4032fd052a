"""How the first rows of a file would be read."""

from collections import defaultdict
from dataclasses import dataclass, field

from integrations.domain.kinds import Target
from integrations.domain.mapping import Mapping
from integrations.domain.problems import Problem
from integrations.domain.rows import Batch, convert
from integrations.domain.values import Value
from integrations.queries.heads import HEAD_ROWS, Head

FIRST_ROWS = 8
FURTHER_REJECTED = 12


@dataclass(frozen=True)
class Cell:
    """One cell: the value it is read as; of a rejected row its text.

    ``problems`` are what is wrong with it.
    """

    target: Target
    value: Value
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One row. ``problems`` are those of the row as a whole."""

    number: int
    cells: list[Cell]
    problems: list[Problem]
    accepted: bool


@dataclass(frozen=True)
class Preview:
    """The first rows, then further ones that would be rejected.

    ``seen`` is how many rows were read for it, ``rejected`` how many of those cannot
    be; what only the records here could tell (an unknown lead) is not known yet.
    ``codes`` are those of everything that is wrong.
    """

    columns: list[tuple[Target, str]]
    lines: list[Line]
    seen: int
    rejected: int
    codes: frozenset[str]


def preview_of(mapping: Mapping, head: Head) -> Preview:
    """Read the first rows as the mapping says; nothing is written, no row is asked for.

    Takes a few milliseconds, whatever the size of the file.
    """
    batch = next(convert(mapping, head.rows, size=HEAD_ROWS), None)
    batch = batch or Batch(mapping.targets, [], [], [])
    bad = {rejection.row for rejection in batch.rejected}
    numbers = [number for number, _, _ in batch.rows]
    first = numbers[:FIRST_ROWS]
    further = [number for number in numbers[FIRST_ROWS:] if number in bad]
    return Preview(
        columns=_columns(mapping),
        lines=_lines(mapping, batch, [*first, *further[:FURTHER_REJECTED]]),
        seen=len(numbers),
        rejected=len(bad),
        codes=frozenset(rejection.code for rejection in batch.rejected),
    )


def _columns(mapping: Mapping) -> list[tuple[Target, str]]:
    return [
        (mapping.kind.by_name[name], mapping.columns.get(name, ""))
        for name in mapping.targets
    ]


def _lines(mapping: Mapping, batch: Batch, numbers: list[int]) -> list[Line]:
    wrong: dict[int, dict[str, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for rejection in batch.rejected:
        wrong[rejection.row][rejection.column].append(rejection.problem)
    accepted = {row[0]: row[1:] for row in batch.accepted}
    return [
        _accepted(mapping, number, accepted[number])
        if number in accepted
        else _rejected(mapping, number, batch.cells[number], wrong[number])
        for number in numbers
    ]


def _accepted(mapping: Mapping, number: object, values: tuple[Value, ...]) -> Line:
    targets = (target for target, _ in _columns(mapping))
    cells = [Cell(target, value) for target, value in zip(targets, values, strict=True)]
    return Line(number, cells, [], accepted=True)  # type: ignore[arg-type]


def _rejected(
    mapping: Mapping, number: int, texts: list[str], wrong: dict[str, list[Problem]]
) -> Line:
    texts_of = dict(zip(mapping.header, texts, strict=False))
    cells, placed = [], set()
    for target, column in _columns(mapping):
        name = column or target.name
        problems = [] if name in placed else wrong.get(name, [])
        placed.add(name)
        text = texts_of.get(column, "") or mapping.defaults.get(target.name, "")
        cells.append(Cell(target, text or None, problems))
    whole = [bad for name in wrong if name not in placed for bad in wrong[name]]
    return Line(number, cells, whole, accepted=False)
