"""Undo loads: chunk by chunk, the newest first, each in one transaction."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.jobs.actions import jobs
from foundation.jobs.actions.running import Run
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from integrations.actions import undo_chunk
from integrations.actions.loading import take_turn
from integrations.domain.undoing import Undoing
from integrations.enums import LoadState
from integrations.models import Load, LoadChange, LoadChunk
from integrations.queries.undoing.scope import Gone

KIND = "integrations.undo"
_ENDED = (LoadState.LOADED, LoadState.STOPPED, LoadState.FAILED)
_OVER = (JobState.DEAD, JobState.CANCELLED)

type Clock = Callable[[], datetime]


class NotUndoable(DomainError):
    """The load is not there to be undone."""

    code = "load_state"


def preview(load: Load) -> Undoing:
    """Return what undoing a load now would take back, put back and keep; only reads."""
    gone, answer = Gone(), Undoing()
    for chunk in _left(load):
        if chunk.entry_id is not None:
            answer += undo_chunk.told(undo_chunk.plan_of(chunk, gone))
    return answer


def begin(load: Load, *, by: User, at: datetime) -> Job:
    """Have a load undone by a worker; return the work.

    What the load brought is taken back by facts, what it changed is put back, and what
    others have changed or built upon since is kept and counted. Beginning twice is one
    job; work that was given up begins anew after the last chunk taken back.

    Raises:
        NotUndoable: it is being loaded (stop it first), or was undone.
    """
    with ledger.entry(by=by, at=at, cause=load.cause):
        row = Load.objects.select_for_update().get(pk=load.pk)
        if row.state == LoadState.UNDOING and row.job and row.job.state not in _OVER:
            return row.job
        _claim(row, by=by)
        job = jobs.enqueue(KIND, {"load": load.pk}, at=at, by=by)
        Load.objects.filter(pk=load.pk).update(job=job)
    load.refresh_from_db()
    return job


def run(load: Load, *, by: User | None, now: Clock) -> Iterator[LoadChunk]:
    """Undo a load here, chunk by chunk as asked for; go on where it stood still.

    Raises:
        NotUndoable: it is being loaded (stop it first), or was undone.
    """
    with ledger.entry(by=by, at=now(), cause=load.cause):
        row = Load.objects.select_for_update().get(pk=load.pk)
        _claim(row, by=by)
        if row.job is not None and row.job.state == JobState.READY:
            jobs.cancel(row.job)
    while (chunk := _next(load)) is not None:
        yield take_back(chunk, by=by, at=now())
    _end(load, at=now())


def carry_on(run: Run, *, now: Clock) -> None:
    """Take back the chunks of a load that are not taken back yet, and end it."""
    load = Load.objects.get(pk=run.payload["load"])
    by = run.job.asked_by
    of = load.rows
    while (chunk := _next(load)) is not None:
        left = sum(_left(load).values_list("rows", flat=True))
        with run.step(of - left + chunk.rows, of):
            take_back(chunk, by=by, at=now())
    with run.finishing():
        _end(load, at=now())


def _next(load: Load) -> LoadChunk | None:
    """Return the newest chunk that is left; waits for one that is being taken."""
    with transaction.atomic():
        take_turn()
        return _left(load).first()


def _left(load: Load) -> QuerySet[LoadChunk]:
    rows = LoadChunk.objects.filter(load=load.pk, undone_at__isnull=True)
    return rows.select_related("entry").order_by("-number")


def _claim(load: Load, *, by: User | None) -> None:
    if load.state == LoadState.UNDOING:
        return
    if load.state == LoadState.UNDONE:
        raise NotUndoable(_("This load was undone already."))
    if load.state not in _ENDED:
        raise NotUndoable(_("This load has not ended yet. Stop it first."))
    Load.objects.filter(pk=load.pk).update(state=LoadState.UNDOING, job=None)
    subject = ("integrations.load", load.pk)
    ledger.current().record("integrations.load.withdrawn", subject=subject)


def take_back(chunk: LoadChunk, *, by: User | None, at: datetime) -> LoadChunk:
    """Take one chunk back: all of it with its counts, or nothing.

    Loads and undoings take turns. A chunk that was taken back already stays as it is,
    so two at once do no harm. A chunk that said nothing new makes no ledger entry.
    """
    with transaction.atomic():
        take_turn()
        row = LoadChunk.objects.select_related("entry", "load").get(pk=chunk.pk)
        if row.undone_at is not None:
            return row
        answer = Undoing()
        if row.entry_id is not None:
            with ledger.entry(by=by, at=at, cause=f"undo:{row.load_id}"):
                answer = _take_back(row, by=by, at=at)
                _count(row, answer, at=at)
        else:
            _count(row, answer, at=at)
    return row


def _take_back(chunk: LoadChunk, *, by: User | None, at: datetime) -> Undoing:
    _lock_leads(chunk)
    plan = undo_chunk.plan_of(chunk, Gone())
    undo_chunk.write(plan, by=by, at=at)
    return undo_chunk.told(plan)


_LOCK_LEADS = """
    SELECT id FROM leads_lead WHERE id IN (
        SELECT subject_id FROM ledger_event
        WHERE entry_id = %s AND subject_type = 'leads.lead'
        UNION SELECT lead_id FROM leads_stagechange
        WHERE id > %s AND id <= %s AND entry_id = %s)
    ORDER BY id FOR UPDATE
"""


def _lock_leads(chunk: LoadChunk) -> None:
    """Let nobody tell anything of the chunk's leads while it is looked at."""
    first, last = chunk.spans.get("leads_stagechange", (0, 0))
    entry = chunk.entry_id
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_LEADS, [entry, first, last, entry])


def _count(chunk: LoadChunk, answer: Undoing, *, at: datetime) -> None:
    LoadChange.objects.filter(chunk=chunk).delete()
    chunk.undone_at = at
    chunk.save(update_fields=["undone_at"])
    load = Load.objects.select_for_update().get(pk=chunk.load_id)
    whole = Undoing.of(load.undoing) + answer
    Load.objects.filter(pk=load.pk).update(
        undoing=whole.as_json(), kept=whole.kept_total
    )


def _end(load: Load, *, at: datetime) -> None:
    undoing = Load.objects.filter(pk=load.pk, state=LoadState.UNDOING)
    undoing.update(state=LoadState.UNDONE, undone_at=at)
    load.refresh_from_db()
