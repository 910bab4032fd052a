"""What loading a file would do, without doing it."""

from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError
from integrations.actions import apart, loading
from integrations.actions.errors import errors_of
from integrations.actions.loads import rehearsal
from integrations.actions.merging import MERGES
from integrations.actions.reading import batches, mapping_of
from integrations.actions.spool import Spool
from integrations.domain.checked import Checked
from integrations.domain.mapping import Mapping
from integrations.domain.rows import Batch, convert
from integrations.domain.tables import Table
from integrations.enums import LoadState
from integrations.models import Load, LoadError
from integrations.queries.heads import HEAD_ROWS, Head
from integrations.queries.loads import errors

_PATIENCE = "3s"
_WAITED_TOO_LONG = "55P03"


class Busy(DomainError):
    """Another load is being taken and did not end soon enough."""

    code = "loads_busy"


@dataclass(frozen=True)
class Rehearsed:
    """What would become of the rows of a small file, and all that is wrong in it."""

    checked: Checked
    errors: list[LoadError] = field(default_factory=list)


def rehearse(load: Load, head: Head, *, by: User, at: datetime) -> Rehearsed | None:
    """Load the rows of a small file and take everything back; None if there are none.

    It is the real thing, checked against the records here, in one transaction that
    never commits. It waits up to three seconds for its turn among loads.

    Raises:
        BadMapping: columns and targets do not fit together.
        Busy: its turn did not come.
    """
    mapping = mapping_of(load)
    batch = next(convert(mapping, head.rows, size=HEAD_ROWS), None)
    if batch is None:
        return None
    chunk = loading.Chunk(load, 0, mapping, batch)
    try:
        with rehearsal(by=by, at=at):
            return _taken(chunk, at=at)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) != _WAITED_TOO_LONG and (
            getattr(error.__cause__, "pgcode", None) != _WAITED_TOO_LONG
        ):
            raise
        raise Busy(
            _("Another file is being loaded just now. Try again in a moment.")
        ) from error


def _taken(chunk: loading.Chunk, *, at: datetime) -> Rehearsed:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
    LoadError.objects.filter(load=chunk.load).delete()
    Load.objects.filter(pk=chunk.load.pk).update(state=LoadState.LOADING)
    taken = loading.take(chunk, at=at)
    checked = Checked(
        at, taken.rows, taken.created, taken.updated, taken.unchanged, taken.rejected
    )
    found = list(errors(chunk.load))
    for error in found:
        error.pk = None  # They are taken back, and may be written again.
    return Rehearsed(checked, found)


class Hearer(Protocol):
    """Hears how far a rehearsal is, again and again."""

    def alive(self) -> None:
        """Hear that it goes on."""

    def told(self, done: int) -> None:
        """Hear how many rows are taken."""


@dataclass
class _Counts:
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


def rehearse_all(
    load: Load,
    table: Table,
    wrong: Spool,
    heard: Hearer,
    *,
    by: User | None,
    at: datetime,
) -> Checked:
    """Load a whole file, chunk by chunk, into copies of what is here (`apart`).

    Nobody waits for it and it waits for nobody. All chunks are taken one upon the
    other, so that rows which speak of the same record find what earlier ones said.

    Args:
        load: not begun; how it is read fits.
        table: its file.
        wrong: takes everything that is wrong, in the order of rows.
        heard: hears how far it is; what it raises ends everything.
        by: who asks.
        at: when, as the load would say.
    """
    mapping, counts = mapping_of(load), _Counts()
    with (
        apart.on_copies(alive=heard.alive),
        rehearsal(by=by, at=at),
        closing(batches(mapping, table)) as read,
    ):
        for number, batch in enumerate(read):
            heard.told(counts.rows)
            if number & (number - 1) == 0:  # 0, 1, 2, 4, 8 …: as the copies grow
                apart.count_anew()
            wrong.add(_counted(load, mapping, batch, counts, by=by, at=at))
        heard.told(counts.rows)
    return Checked(at, **vars(counts))


def _counted(
    load: Load,
    mapping: Mapping,
    batch: Batch,
    counts: _Counts,
    *,
    by: User | None,
    at: datetime,
) -> list[LoadError]:
    """Take one chunk as `loading.take` does, but for its turn and its row."""
    outcome = MERGES[load.kind](loading.told_of(batch), by=by, at=at, live=load.live)
    found = errors_of(load, mapping, batch, outcome.refusals)
    counts.rows += len(batch.rows)
    counts.created += outcome.created
    counts.updated += outcome.updated
    counts.unchanged += outcome.unchanged
    counts.rejected += len({error.row for error in found})
    return found
