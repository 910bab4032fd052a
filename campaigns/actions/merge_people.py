"""People that rows of a file name."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from foundation.accounts.actions.owners import LONGEST_LABEL, resolve_owners
from foundation.accounts.models import User
from foundation.accounts.queries import people


class People:
    """The people that a column of labels means; one that is too long means nobody."""

    LIMIT = str(LONGEST_LABEL)

    def __init__(self, labels: Sequence[str | None]) -> None:
        distinct = {label for label in labels if label and len(label) <= LONGEST_LABEL}
        known = people.by_label(distinct) if distinct else {}
        unknown = sorted(distinct - known.keys())
        self._labels = {-place: label for place, label in enumerate(unknown, 1)}
        self._numbers = known | {label: n for n, label in self._labels.items()}
        self.column = [None if t is None else self._numbers.get(t) for t in labels]
        self._made: dict[int, int] = {}

    def make(self, numbers: Iterable[int], *, by: User | None, at: datetime) -> None:
        """Make the people of these provisional numbers."""
        labels = {self._labels[n]: n for n in numbers if n in self._labels}
        if labels:
            made = resolve_owners(labels, by=by, at=at)
            self._made |= {labels[label]: pk for label, pk in made.items()}

    def real(self, number: int | None) -> int | None:
        """Return the id for a number."""
        return number if number is None or number > 0 else self._made[number]
