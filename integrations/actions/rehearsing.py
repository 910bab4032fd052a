"""What loading the first rows of a file would do, without doing it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError
from integrations.actions import loading
from integrations.actions.loads import rehearsal
from integrations.actions.reading import mapping_of
from integrations.domain.rows import convert
from integrations.enums import LoadState
from integrations.models import Load, LoadError
from integrations.queries.heads import HEAD_ROWS, Head
from integrations.queries.loads import errors

SHOWN_ERRORS = 20
_PATIENCE = "3s"
_WAITED_TOO_LONG = "55P03"


class Busy(DomainError):
    """Another load is being taken and did not end soon enough."""

    code = "loads_busy"


@dataclass(frozen=True)
class Rehearsed:
    """What would become of the first rows. ``whole``: the file has no others.

    ``errors`` are the first of everything that is wrong.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    whole: bool
    errors: list[LoadError]


def rehearse(load: Load, head: Head, *, by: User, at: datetime) -> Rehearsed | None:
    """Load the first rows and take everything back; None where there are no rows.

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
            return _taken(chunk, whole=head.whole, at=at)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) != _WAITED_TOO_LONG and (
            getattr(error.__cause__, "pgcode", None) != _WAITED_TOO_LONG
        ):
            raise
        raise Busy(
            _("Another file is being loaded just now. Try again in a moment.")
        ) from error


def _taken(chunk: loading.Chunk, *, whole: bool, at: datetime) -> Rehearsed:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
    Load.objects.filter(pk=chunk.load.pk).update(state=LoadState.LOADING)
    taken = loading.take(chunk, at=at)
    return Rehearsed(
        rows=taken.rows,
        created=taken.created,
        updated=taken.updated,
        unchanged=taken.unchanged,
        rejected=taken.rejected,
        whole=whole,
        errors=list(errors(chunk.load)[:SHOWN_ERRORS]),
    )
