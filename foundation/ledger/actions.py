"""The one way to write business facts, and the one way to follow them.

See `docs/decisions/ledger-position.md` for why the position is given last.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from foundation.ledger import queries
from foundation.ledger.models import Consumer, Entry

type Payload = Mapping[str, str | int | bool | None]

POSITION_LOCK = 4_207_001
_CONSUMER_LOCK = 4_207_002
_current: ContextVar["Writer | None"] = ContextVar("ledger_entry", default=None)


@dataclass
class Writer:
    """The open entry. Facts written beside it carry its ``pk``."""

    pk: int
    at: datetime
    by: AbstractBaseUser | None
    cause: str
    _events: list[tuple[str, str, int, Payload]] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)

    def record(
        self, kind: str, *, subject: tuple[str, int], data: Payload | None = None
    ) -> None:
        """Add one event; it is written with the others before the entry closes.

        Args:
            kind: past tense with the app's name in front: ``leads.stage.changed``.
            subject: type and id, e.g. ``("leads.lead", 7)``.
            data: coded values and references; never names, addresses or free text.
        """
        self.record_many(kind, [(subject, data or {})])

    def record_many(
        self, kind: str, rows: Iterable[tuple[tuple[str, int], Payload]]
    ) -> None:
        """Add one event of the same kind for each subject."""
        self.topics.add(kind.partition(".")[0])
        self._events += [(kind, *subject, dict(data)) for subject, data in rows]

    def flush(self) -> None:
        """Write the collected events, in one statement."""
        if self._events:
            with connection.cursor() as cursor:
                cursor.execute(_EVENTS, self.collected())

    def collected(self) -> list[int | str]:
        """Return the parameters that write the collected events, and forget them."""
        events, self._events = self._events, []
        return [self.pk, json.dumps(events)]


@contextmanager
def entry(
    *, by: AbstractBaseUser | None, at: datetime, cause: str = ""
) -> Iterator[Writer]:
    """Open the transaction for one business write.

    Everything written inside commits together with its events, or not at all. Inside
    an open entry this joins it, so actions may call each other. The position is the
    last thing given before the commit, so positions are in order of commit.

    Args:
        by: who acts; None for the product itself.
        at: when, timezone-aware.
        cause: where it came from: ``web``, ``api:ab12cd34``, ``load:7``, a job's kind.
    """
    if (outer := _current.get()) is not None:
        yield outer
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ENTRY, [by.pk if by else None, at, cause])
            (pk,) = cursor.fetchone()
        writer = Writer(pk=pk, at=at, by=by, cause=cause)
        token = _current.set(writer)
        try:
            yield writer
        finally:
            _current.reset(token)
        _seal(writer)


def current() -> Writer:
    """Return the open entry, for code that may only run inside one.

    Raises:
        RuntimeError: there is none.
    """
    if (writer := _current.get()) is None:
        raise RuntimeError("Business rows are written inside ledger.entry().")
    return writer


_ENTRY = """
    INSERT INTO ledger_entry (actor_id, written_at, cause, topics)
    VALUES (%s, %s, %s, '{}') RETURNING id
"""
_EVENTS = """
    INSERT INTO ledger_event (entry_id, kind, subject_type, subject_id, payload)
    SELECT %s, told ->> 0, told ->> 1, (told -> 2)::bigint, told -> 3
    FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS events(told, place)
    ORDER BY place;
"""
_BEFORE_LOCK = """
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    SELECT sha256(convert_to(coalesce(string_agg(
        id || '|' || kind || '|' || subject_type || '|' || subject_id || '|'
        || payload::text, E'\\n' ORDER BY id), ''), 'UTF8'))
    FROM ledger_event WHERE entry_id = %s
"""
# Statements of their own, each with its own view: the second must see what the last
# holder of the lock has committed.
_POSITION = """
    SELECT pg_advisory_xact_lock(%s);
    UPDATE ledger_entry SET position = last.position + 1, topics = %s, digest = %s,
        previous_hash = last.hash, hash = sha256(last.hash || %s || convert_to(
            ledger_entry.id || '|' || (last.position + 1) || '|'
            || coalesce(actor_id::text, '') || '|' || cause || '|'
            || extract(epoch from written_at), 'UTF8'))
    FROM (SELECT coalesce(max(position), 0) AS position,
                 coalesce((array_agg(hash ORDER BY position DESC))[1],
                          decode(repeat('00', 32), 'hex')) AS hash
          FROM (SELECT position, hash FROM ledger_entry WHERE position IS NOT NULL
                ORDER BY position DESC LIMIT 1) AS top) AS last
    WHERE ledger_entry.id = %s AND ledger_entry.position IS NULL
"""


def _seal(writer: Writer) -> None:
    """Give the position. All slow work comes before the lock, only the flush after."""
    with connection.cursor() as cursor:
        # One trip: whatever was put off is checked before the lock, not under it.
        cursor.execute(_EVENTS + _BEFORE_LOCK, [*writer.collected(), writer.pk])
        digest = cursor.fetchone()[0]
        given = [POSITION_LOCK, sorted(writer.topics), digest, digest, writer.pk]
        cursor.execute(_POSITION, given)


def consume(
    name: str, handle: Callable[[Sequence[Entry]], None], *, limit: int = 200
) -> int:
    """Let one reader see the next entries, each once and in order.

    ``handle`` gets up to ``limit`` entries with their events and runs in the
    transaction that moves the reader's position, so its effect and the position
    stand or fall together. Of several processes one works and the others return 0.

    Returns:
        How many entries were handled.
    """
    with transaction.atomic():
        if not _turn(name):
            return 0
        consumer, _ = Consumer.objects.get_or_create(name=name)
        entries = queries.entries_after(consumer.position, limit=limit)
        if not entries:
            return 0
        handle(entries)
        last = entries[-1].position or 0
        Consumer.objects.filter(pk=consumer.pk).update(position=last)
    return len(entries)


def _turn(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_CONSUMER_LOCK, name]
        )
        return bool(cursor.fetchone()[0])
