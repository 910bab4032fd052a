from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from foundation.documents.models import Version
from meetings.models import AgendaItem
from meetings.queries import followups
from meetings.views import wording
from meetings.views.facts import Rows, of_item
from meetings.views.facts import Shown as Facts
from sla.models import Clause


@dataclass(frozen=True)
class Shown:
    """One item as its reader sees it."""

    item: AgendaItem
    title: str
    facts: Facts
    timer: dict[str, Any] = field(default_factory=dict)
    may_withdraw: bool = False
    agreed: Sequence[dict[str, Any]] = ()

    @classmethod
    def of(cls, item: AgendaItem, rows: Rows, **more: Any) -> Self:  # noqa: ANN401 -- the other fields
        """Return an item in words, with its facts."""
        return cls(item, wording.title(item), of_item(item, rows), **more)

    @property
    def is_current(self) -> bool:
        return self.item.begun_at is not None

    @property
    def spent_minutes(self) -> int:
        return round(self.item.spent_seconds / 60)


def rows_of(items: Sequence[AgendaItem]) -> Rows:
    """Return the rows that the facts of items name, as they are now.

    One statement for each kind of row, whatever their number.
    """
    listed = [one["id"] for item in items for one in item.facts.get("actions", [])]
    clauses = [one["clause"] for item in items for one in item.facts.get("sales", [])]
    documents = [one["id"] for item in items for one in item.facts.get("documents", [])]
    return Rows(
        actions={row.pk: row for row in followups.by_ids(listed)},
        clauses=Clause.objects.in_bulk(clauses),
        documents=Version.objects.in_bulk(documents),
    )
