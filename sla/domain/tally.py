"""How much of a promise was kept, and how much of that is only told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self


@dataclass(frozen=True)
class Tally:
    """The cases of a promise in one period.

    ``met`` and ``breached`` are those that count. ``excepted`` ones are left out by
    agreement of both sides, ``cancelled`` ones had nothing left to promise; both are
    shown apart, and so is history (``history_met``, ``history_breached``), which was
    learned too late to act on. ``marks`` counts, among all cases that are no history,
    those of each mark of the integrity line.
    """

    met: int = 0
    breached: int = 0
    excepted: int = 0
    cancelled: int = 0
    history_met: int = 0
    history_breached: int = 0
    marks: Mapping[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Return the number of cases that count."""
        return self.met + self.breached

    @property
    def cases(self) -> int:
        """Return the number of all cases that are no history."""
        return self.n + self.excepted + self.cancelled

    @property
    def attainment(self) -> Decimal | None:
        """Return met ÷ (met + breached); None without cases."""
        return _share(self.met, self.n)

    @property
    def history_attainment(self) -> Decimal | None:
        """Return the same of history."""
        return _share(self.history_met, self.history_met + self.history_breached)

    def share(self, mark: str) -> Decimal | None:
        """Return a mark's share of all cases; None without cases."""
        return _share(self.marks.get(mark, 0), self.cases)

    def __add__(self, other: Self) -> "Tally":
        """Add the cases of two promises, periods or splits."""
        names = set(self.marks) | set(other.marks)
        return Tally(
            self.met + other.met,
            self.breached + other.breached,
            self.excepted + other.excepted,
            self.cancelled + other.cancelled,
            self.history_met + other.history_met,
            self.history_breached + other.history_breached,
            {n: self.marks.get(n, 0) + other.marks.get(n, 0) for n in names},
        )


def _share(part: int, whole: int) -> Decimal | None:
    return None if whole == 0 else Decimal(part) / whole
