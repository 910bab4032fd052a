"""What is to be taken back, and what counts as something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from integrations.models import LoadChunk


@dataclass
class Gone:
    """What has been taken back already, where the rows do not show it.

    A preview writes nothing, so what earlier steps would have done is kept here: ids
    by table, and the values that fields would hold, by subject and id.
    """

    ids: dict[str, set[int]] = field(default_factory=dict)
    values: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    def of(self, table: str) -> set[int]:
        """Return the ids gone from a table, to be read or added to."""
        return self.ids.setdefault(table, set())


@dataclass(frozen=True)
class Scope:
    """One chunk: its entry, those of its whole load, and where its facts lie."""

    load: int
    chunk: int
    entry: int
    written_at: datetime
    own: Sequence[int]
    spans: Mapping[str, Sequence[int]]
    gone: Gone

    @classmethod
    def of(cls, chunk: LoadChunk, gone: Gone) -> "Scope":
        """Return the scope of a chunk that has an entry."""
        entry = chunk.entry
        if entry is None:
            raise ValueError(chunk)
        own = LoadChunk.objects.filter(load=chunk.load_id, entry__isnull=False)
        entries = list(own.values_list("entry_id", flat=True))
        spans = chunk.spans
        return cls(
            chunk.load_id, chunk.pk, entry.pk, entry.written_at, entries, spans, gone
        )

    def rows(self, sql: str, table: str = "", **more: object) -> list[tuple[Any, ...]]:
        """Run a query; a table of facts gives ``first`` and ``last``.

        Nothing is asked where the chunk has no facts in the table.
        """
        params: dict[str, Any] = {
            "entry": self.entry,
            "own": list(self.own),
            "load": self.load,
            "chunk": self.chunk,
            "written_at": self.written_at,
            **more,
        }
        if table:
            if table not in self.spans:
                return []
            params["first"], params["last"] = self.spans[table]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
