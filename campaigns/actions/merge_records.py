"""Records that rows of a file make or change, in memory, and how they are written."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from campaigns.actions.merge_outcomes import Change, Outcome
from campaigns.actions.merge_rows import update_rows


class Records[M: models.Model]:
    """Records of one model, changed row by row and written in sets.

    The model has ``withdrawn_at``: a record withdrawn with its load, that comes again,
    counts as created and holds nothing of what it held before.
    """

    def __init__(self, subject: str, outcome: Outcome) -> None:
        self.subject, self.outcome = subject, outcome
        self.new: list[M] = []
        self._again: dict[int, M] = {}
        self.changed: dict[int, tuple[M, dict[str, Any]]] = {}

    def create(self, row: M) -> None:
        """Take a record that is not known yet."""
        self.new.append(row)
        self.outcome.count("created")

    def change(self, row: M, values: dict[str, Any]) -> dict[str, Any]:
        """Put values into a known record; return those that are new to it."""
        new = {n: value for n, value in values.items() if getattr(row, n) != value}
        back = getattr(row, "withdrawn_at", None) is not None
        if back or new:
            self.outcome.count("created" if back else "updated")
        else:
            self.outcome.count("unchanged")
        old = {name: getattr(row, name) for name in new}
        for name, value in new.items():
            setattr(row, name, value)
        if back:
            setattr(row, "withdrawn_at", None)  # noqa: B010 -- M is any such model
            self._again[row.pk] = row
        elif new and row.pk and row.pk not in self._again:
            before = self.changed.get(row.pk, (row, {}))[1]
            self.changed[row.pk] = row, old | before
        return new

    @property
    def again(self) -> list[M]:
        """Records that were withdrawn and count again."""
        return list(self._again.values())

    @property
    def taken(self) -> list[M]:
        """Every record that rows say something new of."""
        return [*self.new, *self.again, *(row for row, _ in self.changed.values())]

    def write(self, manager: "models.Manager[M]", names: Sequence[str]) -> None:
        """Write the new records, and these fields of the others."""
        manager.bulk_create(self.new, batch_size=10_000)
        known = [*self.again, *(row for row, _ in self.changed.values())]
        update_rows(known, [*names, "withdrawn_at"])
        for row, before in self.changed.values():
            after = {name: getattr(row, name) for name in before}
            told = Change(self.subject, row.pk, as_json(before), as_json(after))
            self.outcome.changes.append(told)


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Return values of fields as JSON can keep them."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 -- any field's value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def passes(places: Iterable[int], take: Callable[[Sequence[int]], list[int]]) -> None:
    """Take rows in as many passes as it needs: ``take`` returns the rows that wait.

    Rows wait for a pass in which a name they bear is given up by its holder.
    """
    waiting = list(places)
    while waiting:
        waiting = take(waiting)
