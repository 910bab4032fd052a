"""What undoing a load takes back, puts back and keeps, as counts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

type Told = Mapping[str, Mapping[str, int]]
"""The form in which it is stored: records, updates and kept, by name."""


@dataclass
class Undoing:
    """How many things of each noun are taken back, put back, and kept, and why.

    ``records`` and facts that the load brought are taken back; of known ones it had
    changed, ``updates`` hold again what they held before. ``kept`` counts by noun and
    reason. A record is under ``updates`` and ``kept`` where only some of its values
    could be put back.
    """

    records: Counter[str] = field(default_factory=Counter)
    updates: Counter[str] = field(default_factory=Counter)
    kept: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __add__(self, other: Self) -> "Undoing":
        """Return both together."""
        return Undoing(
            self.records + other.records,
            self.updates + other.updates,
            self.kept + other.kept,
        )

    @property
    def records_total(self) -> int:
        """How many records and facts are taken back."""
        return self.records.total()

    @property
    def updates_total(self) -> int:
        """How many known records and facts are put back."""
        return self.updates.total()

    @property
    def kept_total(self) -> int:
        """How many records and facts stay, or stay in part."""
        return self.kept.total()

    def as_json(self) -> Told:
        """Return it in the form in which it is stored."""
        kept = {f"{noun} {reason}": n for (noun, reason), n in self.kept.items()}
        return {
            "records": dict(+self.records),
            "updates": dict(+self.updates),
            "kept": {words: n for words, n in kept.items() if n},
        }

    @classmethod
    def of(cls, told: Told) -> "Undoing":
        """Return what is stored; nothing where nothing is."""
        return cls(
            Counter(told.get("records", {})),
            Counter(told.get("updates", {})),
            Counter(
                {
                    (noun, reason): n
                    for words, n in told.get("kept", {}).items()
                    for noun, _, reason in [words.partition(" ")]
                }
            ),
        )
