"""Take the chunks of a load, each in one transaction and as one ledger entry."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.models import F

from campaigns.actions.merge_outcomes import Outcome, Told
from foundation.ledger import actions as ledger
from integrations.actions import spans
from integrations.actions.errors import errors_of
from integrations.actions.merging import MERGES
from integrations.domain.mapping import Mapping
from integrations.domain.rows import Batch
from integrations.enums import LoadState
from integrations.models import Load, LoadChange, LoadChunk, LoadError
from integrations.queries.loads import COUNTS
from leads.actions.merge_counting import count_anew

_LOCK = 4_207_010
_TABLES = (*spans.TABLES, "leads_lead", "leads_company", "deals_deal", "sla_clock")
_TRIES = 5
_WORTH_ANOTHER_TRY = {"23505", "40001", "40P01"}
"""Unique violation, serialization failure, deadlock: somebody was quicker."""


class Stopped(Exception):
    """Somebody stopped the load, or is undoing it; no further chunk is taken."""


class _NothingNew(Exception):
    """The rows of a chunk say nothing new, so there is nothing for the ledger."""


@dataclass(frozen=True)
class Chunk:
    """Rows that follow each other in the file of a load, from number 0 on."""

    load: Load
    number: int
    mapping: Mapping
    batch: Batch


def take(chunk: Chunk, *, at: datetime) -> LoadChunk:
    """Take one chunk of a load: all of it with its count, or nothing.

    A row that cannot be taken is kept as an error and does not stop the others. Loads
    take turns, chunk by chunk. Where somebody else wrote the same records meanwhile
    the chunk is tried again. A number that was taken already is refused by the
    database. A chunk that says nothing new makes no ledger entry.

    Raises:
        Stopped: the load is not being loaded any more; nothing is written.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            with _uncollected(), transaction.atomic():
                return _take(chunk, at=at)
        except DatabaseError as error:
            if not tries_left or _code(error) not in _WORTH_ANOTHER_TRY:
                raise
    raise AssertionError


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for garbage in cycles after a chunk, not during it.

    Its rows form none, but a million young objects have all old ones looked at again
    and again, which takes a quarter of Python's share of a load.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _code(error: DatabaseError) -> str:
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or ""


def take_turn() -> None:
    """Wait until no other load or undoing writes; it is ours up to the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _take(chunk: Chunk, *, at: datetime) -> LoadChunk:
    take_turn()
    count_anew(_TABLES)
    load, outcome = chunk.load, Outcome()
    if not Load.objects.filter(pk=load.pk, state=LoadState.LOADING).exists():
        raise Stopped
    try:
        with ledger.entry(by=load.by, at=at, cause=load.cause) as entry:
            before = spans.positions()
            outcome = MERGES[load.kind](
                told_of(chunk.batch), by=load.by, at=at, live=load.live
            )
            _require_news(outcome)
            return _write(chunk, outcome, entry=entry.pk, since=before)
    except _NothingNew:
        return _write(chunk, outcome, entry=None, since={})


def _require_news(outcome: Outcome) -> None:
    if not (outcome.created or outcome.updated):
        raise _NothingNew


def told_of(batch: Batch) -> Told:
    """Return the accepted rows of a batch as merges take them."""
    columns = list(zip(*batch.accepted, strict=True)) or [()] * (len(batch.targets) + 1)
    return Told(len(batch.accepted), dict(zip(batch.targets, columns[1:], strict=True)))


def _write(
    chunk: Chunk, outcome: Outcome, *, entry: int | None, since: dict[str, int]
) -> LoadChunk:
    errors = errors_of(chunk.load, chunk.mapping, chunk.batch, outcome.refusals)
    row = LoadChunk.objects.create(
        load=chunk.load,
        number=chunk.number,
        rows=len(chunk.batch.rows),
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        rejected=len({error.row for error in errors}),
        entry_id=entry,
        spans=spans.between(since, spans.positions()) if entry else {},
    )
    LoadError.objects.bulk_create(errors, batch_size=10_000)
    LoadChange.objects.bulk_create(
        [
            LoadChange(
                chunk=row,
                subject_type=change.subject,
                subject_id=change.subject_id,
                before=dict(change.before),
                after=dict(change.after),
            )
            for change in outcome.changes
        ],
        batch_size=10_000,
    )
    more = {name: F(name) + getattr(row, name) for name in COUNTS}
    Load.objects.filter(pk=chunk.load.pk).update(**more)
    return row
