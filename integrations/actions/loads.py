"""Load whole files: prepare, take chunk by chunk, rehearse, end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from integrations.actions import loading
from integrations.actions.reading import batches, mapping_of
from integrations.domain.kinds import kind_of
from integrations.domain.mapping import Mapping
from integrations.domain.tables import Table, open_table
from integrations.domain.tables.sameness import digest_of
from integrations.enums import LoadState
from integrations.models import Load, LoadChunk

type Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Wanted:
    """How somebody wants a file to be read.

    ``maps`` are texts ``target=column``, ``defaults`` texts ``target=value``.
    ``live`` starts the clocks of what happened within the last 24 hours.
    """

    kind: str
    time_zone: str
    maps: Sequence[str] = ()
    defaults: Sequence[str] = ()
    leave_out: Sequence[str] = ()
    country: str = ""
    slashes: str = ""
    decimal_mark: str = ""
    live: bool = False


@dataclass
class Prepared:
    """A load that is not saved yet, with its file opened and its mapping resolved."""

    load: Load
    table: Table
    mapping: Mapping = field(init=False)

    def __post_init__(self) -> None:
        self.mapping = mapping_of(self.load)


def prepare(path: Path, wanted: Wanted, *, by: User | None, at: datetime) -> Prepared:
    """Open a file and bring its columns and targets together; nothing is written.

    Raises:
        NotATable: the file is no table.
        BadMapping: kind, columns, targets, defaults or time zone do not fit.
    """
    kind_of(wanted.kind)
    table = open_table(path)
    load = Load(
        kind=wanted.kind,
        file_name=path.name,
        sha256=digest_of(path),
        size=path.stat().st_size,
        header=list(table.header),
        separator=table.separator,
        maps=list(wanted.maps),
        defaults=list(wanted.defaults),
        leave_out=list(wanted.leave_out),
        time_zone=wanted.time_zone,
        country=wanted.country,
        slashes=wanted.slashes,
        decimal_mark=wanted.decimal_mark,
        live=wanted.live,
        by=by,
        created_at=at,
    )
    return Prepared(load, table)


def run(prepared: Prepared, *, now: Clock) -> Iterator[LoadChunk]:
    """Save the load and take its chunks one after the other, each when asked for.

    What was taken stays when the caller stops asking, or when reading fails halfway;
    the load says so, and can be undone.
    """
    load = prepared.load
    load.state, load.started_at = LoadState.LOADING, now()
    load.save(force_insert=True)
    ended = LoadState.STOPPED
    try:
        rows = batches(prepared.mapping, prepared.table)
        for number, batch in enumerate(rows):
            chunk = loading.Chunk(load, number, prepared.mapping, batch)
            yield loading.take(chunk, at=now())
        ended = LoadState.LOADED
    except loading.Stopped:
        return
    except Exception:
        ended = LoadState.FAILED
        raise
    finally:
        end(load, ended, at=now())


def end(load: Load, state: LoadState, *, at: datetime, problem: str = "") -> None:
    """Write that a load came to its end, unless somebody stopped it meanwhile."""
    loading_still = Load.objects.filter(pk=load.pk, state=LoadState.LOADING)
    loading_still.update(state=state, finished_at=at, problem=problem)
    load.refresh_from_db()


class _Over(Exception):
    """The rehearsal is over and everything is taken back."""


@contextmanager
def rehearsal(*, by: User | None, at: datetime) -> Iterator[None]:
    """Take back everything that is written inside; counts and errors come out alike.

    It is one transaction that ends without commit, so no position is given and others
    who write the same records wait for its end.
    """
    with suppress(_Over), ledger.entry(by=by, at=at, cause="rehearsal"):
        yield
        raise _Over
