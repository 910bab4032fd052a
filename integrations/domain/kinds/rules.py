"""What must hold between the cells of one row, checked column by column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from integrations.domain.problems import Problem
from integrations.domain.values import Value, is_bad

type Columns = Mapping[str, Sequence[Value]]
"""The values of a batch by target. A target that is not read is not there."""

type Finding = tuple[int, str, Problem]
"""Place in the batch, target, what is wrong."""


class Rule(Protocol):
    """Finds the rows that break it. A cell that could not be read breaks no rule."""

    def findings(self, columns: Columns) -> Iterator[Finding]:
        """Yield one finding for each row that breaks the rule."""


@dataclass(frozen=True, slots=True)
class Filled:
    """``target`` is filled."""

    target: str

    def findings(self, columns: Columns) -> Iterator[Finding]:
        """Yield the rows in which it is blank."""
        values = columns.get(self.target, ())
        if None not in values:
            return
        for place, value in enumerate(values):
            if value is None:
                yield place, self.target, Problem("missing")


@dataclass(frozen=True, slots=True)
class OneOf:
    """At least one of these is filled."""

    targets: tuple[str, ...]

    def findings(self, columns: Columns) -> Iterator[Finding]:
        """Yield the rows in which all are blank, under the first that is read."""
        read = [name for name in self.targets if name in columns]
        if not all(None in columns[name] for name in read):
            return
        problem = Problem("missing_one_of", {"columns": ", ".join(read)})
        for place, values in enumerate(zip(*(columns[n] for n in read), strict=True)):
            if all(value is None for value in values):
                yield place, read[0], problem


@dataclass(frozen=True, slots=True)
class NeedsSystem:
    """An identifier of another system comes with the name of that system."""

    targets: tuple[str, ...]
    system: str = "external_system"

    def findings(self, columns: Columns) -> Iterator[Finding]:
        """Yield the rows that hold an identifier and no system."""
        systems = columns.get(self.system, ())
        if None not in systems:
            return
        for name in (name for name in self.targets if name in columns):
            for place, value in enumerate(columns[name]):
                if value is not None and systems[place] is None:
                    yield place, name, Problem("missing_system")


@dataclass(frozen=True, slots=True)
class Needs:
    """Where ``target`` holds ``value``, at least one of ``others`` is filled."""

    target: str
    value: str
    others: tuple[str, ...]
    code: str

    def findings(self, columns: Columns) -> Iterator[Finding]:
        """Yield the rows in which none of them is."""
        read = [columns[name] for name in self.others if name in columns]
        for place, value in enumerate(columns.get(self.target, ())):
            if value == self.value and all(other[place] is None for other in read):
                yield place, self.target, Problem(self.code)


@dataclass(frozen=True, slots=True)
class NeedsUnless:
    """``target`` is filled, except where ``other`` holds ``value``."""

    target: str
    other: str
    value: str
    code: str

    def findings(self, columns: Columns) -> Iterator[Finding]:
        """Yield the rows in which it is blank."""
        values = columns.get(self.target)
        for place, other in enumerate(columns.get(self.other, ())):
            blank = values is None or values[place] is None
            if blank and other != self.value and not is_bad(other):
                yield place, self.target, Problem(self.code)


@dataclass(frozen=True, slots=True)
class InOrder:
    """Where both are filled, ``last`` is not before ``first``."""

    first: str
    last: str
    code: str = "ends_before_start"

    def findings(self, columns: Columns) -> Iterator[Finding]:
        """Yield the rows in which it is."""
        if self.first not in columns or self.last not in columns:
            return
        pairs = zip(columns[self.first], columns[self.last], strict=True)
        for place, (first, last) in enumerate(pairs):
            if first is None or last is None or is_bad(first) or is_bad(last):
                continue
            if last < first:  # type: ignore[operator]
                yield place, self.last, Problem(self.code, {"start": str(first)})
