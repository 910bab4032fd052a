"""Load uploaded files as durable work: begin, carry on after whatever died, cancel."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.jobs.actions import jobs
from foundation.jobs.actions.running import Cancelled, Run
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from integrations.actions import checks, loading, loads, stored
from integrations.actions.reading import batches, mapping_of
from integrations.domain.problems import NotATable
from integrations.domain.rows import Batch
from integrations.domain.suggestion import fingerprint
from integrations.domain.tables import Table, open_table
from integrations.domain.tables.sameness import require_same
from integrations.enums import LoadState
from integrations.models import Load, LoadChunk, RememberedMapping

KIND = "integrations.load"
_OPEN = (LoadState.UPLOADED, LoadState.CHECKING, LoadState.CHECKED)
_MAPPED = (
    *("maps", "defaults", "leave_out"),
    *("time_zone", "country", "slashes", "decimal_mark"),
)

type Clock = Callable[[], datetime]


class NotOpen(DomainError):
    """The load has ended already, or was undone."""

    code = "load_state"


def begin(load: Load, *, by: User, at: datetime) -> Job:
    """Have an uploaded file loaded by a worker; return the work.

    Its columns and targets are brought together first, and how they were is
    remembered for the next file with the same columns. Beginning twice, or from two
    places at once, is one job.

    Raises:
        NotATable: the file is no table, or is gone; nothing is written.
        BadMapping: columns and targets do not fit; nothing is written.
        NotOpen: the load has ended.
    """
    if (job := _job_of(load)) is not None:
        return job
    path = stored.path_of(load)
    if not load.header:  # whoever took the file in has looked at it: seconds, for XLSX
        table = open_table(path)
        load.header, load.separator = list(table.header), table.separator
    mapping_of(load)
    with transaction.atomic():
        row = Load.objects.select_for_update().get(pk=load.pk)
        if (job := _job_of(row)) is not None:
            return job
        job = jobs.enqueue(KIND, {"load": load.pk}, at=at, by=by)
        load.state, load.started_at, load.by, load.job = LoadState.LOADING, at, by, job
        names = ["header", "separator", "state", "started_at", "by", "job"]
        load.save(update_fields=[*names, *_MAPPED, "live"])
        checks.forget(load)
        remember(load, at=at)
    return job


def _job_of(load: Load) -> Job | None:
    """Return the work of a load that was begun; None if it was not."""
    state, job = Load.objects.values_list("state", "job").get(pk=load.pk)
    if state == LoadState.LOADING and job is not None:
        return Job.objects.get(pk=job)
    if state not in _OPEN:
        raise NotOpen(_("This load has been begun already."))
    return None


def remember(load: Load, *, at: datetime) -> None:
    """Keep how a load's columns fill its targets, for files with the same columns."""
    RememberedMapping.objects.update_or_create(
        kind=load.kind,
        fingerprint=fingerprint(load.header),
        defaults={**{name: getattr(load, name) for name in _MAPPED}, "used_at": at},
    )


def cancel(load: Load, *, by: User | None, at: datetime) -> None:
    """Stop a load: what was taken stays, and can be undone; the rest is not taken.

    The chunk under way is taken to its end. A file that was not begun is thrown away.
    Cancelling again changes nothing.

    Raises:
        NotOpen: it has ended already in another way.
    """
    with ledger.entry(by=by, at=at, cause=load.cause) as entry:
        states = [*_OPEN, LoadState.LOADING]
        going_on = Load.objects.filter(pk=load.pk, state__in=states)
        stopped = going_on.update(state=LoadState.STOPPED, finished_at=at)
        load.refresh_from_db()
        if not stopped:
            _require_stopped(load)
            return
        if load.job is not None and load.job.state == JobState.READY:
            jobs.cancel(load.job)
        if load.checked:
            checks.forget(load)
        entry.record(
            "integrations.load.stopped", subject=("integrations.load", load.pk)
        )
    if load.job is None or load.job.state != JobState.RUNNING:
        stored.remove(load)


def _require_stopped(load: Load) -> None:
    if load.state != LoadState.STOPPED:
        raise NotOpen(_("This load has ended already."))


def carry_on(run: Run, *, now: Clock) -> None:
    """Take the chunks of a load that are not taken yet, and end it.

    A later attempt goes on after the last chunk: each commits with its row, whose
    number is unique, and with the claim to the job, so nothing is taken twice.
    """
    load = Load.objects.select_related("by").get(pk=run.payload["load"])
    ended, problem = LoadState.LOADED, ""
    try:
        _take_all(run, load, now=now)
    except NotATable as fault:
        ended, problem = LoadState.FAILED, str(fault)
    except loading.Stopped:
        ended = LoadState.STOPPED
    except Cancelled:
        loads.end(load, LoadState.STOPPED, at=now())
        stored.remove(load)
        raise
    with run.finishing():
        loads.end(load, ended, at=now(), problem=problem)
    stored.remove(load)


def _take_all(run: Run, load: Load, *, now: Clock) -> None:
    if load.state != LoadState.LOADING:
        raise loading.Stopped
    path = stored.path_of(load)
    require_same(path, load.sha256, name=load.file_name)
    table, mapping = open_table(path), mapping_of(load)
    done = load.rows
    with run.step(done, max(table.rows_hint, done)):
        pass
    for number, batch in _remaining(load, table):
        done += len(batch.rows)
        chunk = loading.Chunk(load, number, mapping, batch)
        with run.step(done, max(table.rows_hint, done)):
            loading.take(chunk, at=now())


def _remaining(load: Load, table: Table) -> Iterator[tuple[int, Batch]]:
    taken = LoadChunk.objects.filter(load=load)
    first, rows = taken.count(), sum(taken.values_list("rows", flat=True))
    with closing(batches(mapping_of(load), table, after=rows)) as left:
        yield from enumerate(left, first)
