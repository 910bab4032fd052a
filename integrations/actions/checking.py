"""Check whole files as durable work: begin, carry on after whatever died, cancel."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Self

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.jobs.actions import jobs
from foundation.jobs.actions.running import Cancelled, Run
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.kernel.errors import DomainError
from integrations.actions import checks, stored
from integrations.actions.reading import mapping_of
from integrations.actions.rehearsing import rehearse_all
from integrations.actions.spool import Spool
from integrations.domain.checked import Checked
from integrations.domain.problems import NotATable
from integrations.domain.tables import open_table
from integrations.domain.tables.sameness import require_same
from integrations.enums import LoadState
from integrations.models import Load

KIND = "integrations.check"
_EVERY_SECONDS = 1.0
_OVER = (JobState.DEAD, JobState.CANCELLED)

type Clock = Callable[[], datetime]


class NotChecking(DomainError):
    """The file cannot be checked now, or is not being checked."""

    code = "load_state"


def begin(load: Load, *, by: User, at: datetime) -> Job:
    """Have a worker find out what would become of all rows of an uploaded file.

    What an earlier check found is forgotten. Beginning twice, or from two places at
    once, is one job.

    Raises:
        NotATable: the file is gone; nothing is written.
        BadMapping: columns and targets do not fit; nothing is written.
        NotChecking: it is being loaded already, or was discarded.
    """
    stored.path_of(load)
    mapping_of(load)
    with transaction.atomic():
        rows = Load.objects.select_for_update(of=["self"]).select_related("job")
        row = rows.filter(pk=load.pk).first()
        if row is None or row.state not in (*checks.WAITING, LoadState.CHECKING):
            raise NotChecking(_("This file is being loaded already, or was discarded."))
        going_on = row.state == LoadState.CHECKING
        if going_on and row.job and row.job.state not in _OVER:
            return row.job
        checks.forget(load)
        job = jobs.enqueue(KIND, {"load": load.pk}, at=at, by=by)
        Load.objects.filter(pk=load.pk).update(
            state=LoadState.CHECKING, job=job, started_at=None
        )
    load.refresh_from_db()
    return job


def cancel(load: Load) -> None:
    """Stop a check: the file waits again, and nothing of the check is kept.

    The work itself ends at its next sign of life, within seconds.

    Raises:
        NotChecking: it is not being checked, or not any more.
    """
    row = Load.objects.select_related("job").filter(pk=load.pk).first()
    job = row.job if row and row.state == LoadState.CHECKING else None
    with transaction.atomic():
        if job is not None:  # First, as the work itself holds it before its load.
            with suppress(jobs.NotWaiting):
                jobs.cancel(job)
        if not _let_go(load, job):
            raise NotChecking(_("This check has ended already."))
    load.refresh_from_db()


def _let_go(load: Load, job: Job | None) -> bool:
    mine = Load.objects.filter(pk=load.pk, state=LoadState.CHECKING, job=job)
    return bool(mine.update(state=LoadState.UPLOADED, job=None))


def carry_on(run: Run, *, now: Clock) -> None:
    """Check a file from its first row to its last, and keep what was found.

    A check leaves nothing behind until it has ended, so a later attempt begins anew.
    """
    loads = Load.objects.filter(state=LoadState.CHECKING, job=run.job.pk)
    load = loads.filter(pk=run.payload["load"]).first()
    if load is None:
        return
    try:
        with Spool(load) as wrong:
            found = _found(run, load, wrong, now=now)
            with run.finishing():
                checks.keep(load, found, wrong.errors(), job=run.job)
    except Cancelled:
        _let_go(load, run.job)
        raise


def _found(run: Run, load: Load, wrong: Spool, *, now: Clock) -> Checked:
    at = now()
    try:
        path = stored.path_of(load)
        require_same(path, load.sha256, name=load.file_name)
        table = open_table(path)
        with _Signs(run, load, of=table.rows_hint, now=now) as signs:
            by = run.job.asked_by
            found = rehearse_all(load, table, wrong, signs, by=by, at=at)
    except NotATable as fault:
        return Checked(at, problem=fault.problem)
    with run.step(found.rows, found.rows):
        pass  # Somebody may have asked to stop since the last sign.
    return found


class _Signs:
    """Gives signs of life while the work's own transaction is one that never commits.

    They are given from a thread, which has a connection of its own.
    """

    def __init__(self, run: Run, load: Load, *, of: int, now: Clock) -> None:
        self._run, self._load, self._of, self._now = run, load, of, now
        self._done = 0
        self._begun_at: datetime | None = None
        self._fault: BaseException | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._give, name="signs", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def alive(self) -> None:
        """Go on, if that is wanted.

        Raises:
            Cancelled: somebody asked to stop.
            LostLease: another worker took the job over.
        """
        if self._fault is not None:
            raise self._fault

    def told(self, done: int) -> None:
        """Hear how many rows are taken, and go on, if that is wanted."""
        self._begun_at = self._begun_at or self._now()
        self._done = done
        self.alive()

    def _give(self) -> None:
        try:
            self._give_one()
            while not self._over.wait(_EVERY_SECONDS):
                self._give_one()
        except BaseException as fault:  # noqa: BLE001 -- raised again by `alive`
            self._fault = fault
        finally:
            connection.close()

    def _give_one(self) -> None:
        done = self._done
        with self._run.step(done, max(self._of, done)):
            mine = Load.objects.filter(pk=self._load.pk, job=self._run.job)
            checking = mine.filter(state=LoadState.CHECKING)
            if not checking.update(started_at=self._begun_at):
                raise Cancelled
