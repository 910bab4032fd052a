from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Max

from foundation.ledger.models import Entry, Event, Fact


def position() -> int:
    """Return the highest position this transaction sees; 0 before the first entry.

    Whoever sees position N sees everything of 1 … N.
    """
    return Entry.objects.aggregate(top=Max("position"))["top"] or 0


def live() -> dict[str, object]:
    """Return what a page's frame needs to keep its regions up to date.

    Ask before the page's own queries: what commits in between is then asked for again.
    """
    return {"live_url": "/live/", "live_position": position()}


def entries_after(after: int, *, limit: int) -> list[Entry]:
    """Return up to ``limit`` entries above ``after``, in order, with their events."""
    rows = Entry.objects.filter(position__gt=after).order_by("position")
    return list(rows.prefetch_related("events")[:limit])


EVERYTHING = "*"
_MANY = 500


def topics_since(after: int) -> tuple[int, list[str]]:
    """Return the newest position and the topics that moved above position ``after``.

    A topic is the first word of an event's kind: ``leads``, ``sla``. One statement,
    one index range; above 500 entries everything is reported as moved (``["*"]``).
    """
    rows = Entry.objects.filter(position__gt=after).order_by("-position")
    found = list(rows.values_list("position", "topics")[: _MANY + 1])
    newest = (found[0][0] or after) if found else after
    if len(found) > _MANY:
        return newest, [EVERYTHING]
    return newest, sorted({topic for _, topics in found for topic in topics})


@dataclass(frozen=True)
class Flaw:
    """One place where the ledger is not as it was written."""

    position: int | None
    entry: int
    what: str


_VERIFY = """
    WITH digests AS (
        SELECT e.id, sha256(convert_to(coalesce(string_agg(
            v.id || '|' || v.kind || '|' || v.subject_type || '|' || v.subject_id || '|'
            || v.payload::text, E'\\n' ORDER BY v.id), ''), 'UTF8')) AS digest
        FROM ledger_entry e LEFT JOIN ledger_event v ON v.entry_id = e.id GROUP BY e.id
    ), chain AS (
        SELECT e.*, d.digest AS found,
            lag(position, 1, 0::bigint) OVER w AS before,
            lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER w AS hash_before
        FROM ledger_entry e JOIN digests d USING (id)
        WHERE position IS NOT NULL WINDOW w AS (ORDER BY position)
    )
    SELECT position, id, CASE
        WHEN position <> before + 1 THEN 'gap'
        WHEN digest <> found THEN 'events'
        WHEN previous_hash <> hash_before THEN 'order'
        ELSE 'entry' END
    FROM chain
    WHERE position <> before + 1 OR digest <> found OR previous_hash <> hash_before
       OR hash <> sha256(hash_before || found || convert_to(
            id || '|' || position || '|' || coalesce(actor_id::text, '') || '|' || cause
            || '|' || extract(epoch from written_at), 'UTF8'))
    UNION ALL
    SELECT NULL, id, 'unsealed' FROM ledger_entry WHERE position IS NULL
    ORDER BY 1, 2
"""


_WITHOUT_ENTRY = """
    SELECT DISTINCT row.entry_id FROM {table} row
    LEFT JOIN ledger_entry e ON e.id = row.entry_id
    WHERE e.id IS NULL ORDER BY row.entry_id
"""


def flaws() -> list[Flaw]:
    """Find every edit, gap, reorder or unsealed entry; an empty list is a sound ledger.

    ``what`` is ``gap`` (an entry before this one is missing), ``events`` (an event was
    changed, added or removed), ``order`` (the hash before is another), ``entry`` (the
    entry's own fields were changed), ``unsealed``, or ``missing: TABLE`` (events or
    facts of that table name an entry that is not there).
    """
    with connection.cursor() as cursor:
        cursor.execute(_VERIFY)
        return [*(Flaw(*row) for row in cursor.fetchall()), *_without_entry()]


def _without_entry() -> Iterator[Flaw]:
    """No foreign key holds events and facts to their entries, so they are looked up."""
    kept = [model for model in apps.get_models() if issubclass(model, (Event, Fact))]
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in kept):
            cursor.execute(_WITHOUT_ENTRY.format(table=table))
            for (entry,) in cursor.fetchall():
                yield Flaw(None, entry, f"missing: {table}")
