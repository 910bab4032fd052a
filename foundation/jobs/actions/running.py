"""Claim, do and finish jobs. All times are the database's, never the host's."""

import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from foundation.jobs.domain.registry import HANDLERS, Kind
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job

logger = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(minutes=10)


class LostLease(Exception):
    """Another worker took the job over, or it ended; this one must stop."""


class Cancelled(Exception):
    """Somebody asked to stop."""


class Hopeless(Exception):
    """Trying again cannot help: the job is given up at once, and says this."""


@dataclass(frozen=True)
class Run:
    """One attempt at a job, as its handler sees it."""

    job: Job
    kind: Kind

    @property
    def payload(self) -> Mapping[str, Any]:
        payload: Mapping[str, Any] = self.job.payload
        return payload

    def extend(self) -> None:
        """Give a sign of life: the lease runs anew from now.

        Raises:
            LostLease: the job is not ours any more.
        """
        self._hold(leased_until_at=self._lease())

    @contextmanager
    def step(self, done: int, of: int = 0) -> Iterator[None]:
        """Do one part of the work in a transaction that is ours alone.

        The progress and the longer lease commit with the part's effect. ``done`` is
        kept, so a later attempt can go on from ``run.job.done_steps``.

        Raises:
            LostLease: the job is not ours any more; nothing of the part stays.
            Cancelled: somebody asked to stop.
        """
        with transaction.atomic():
            self._hold(done_steps=done, all_steps=of, leased_until_at=self._lease())
            if Job.objects.values_list("cancel_asked", flat=True).get(pk=self.job.pk):
                raise Cancelled
            yield

    @contextmanager
    def finishing(self, result: Mapping[str, Any] | None = None) -> Iterator[None]:
        """End the job in the transaction of its effect.

        Raises:
            LostLease: the job is not ours any more; nothing of the effect stays.
        """
        with transaction.atomic():
            self._hold(
                state=JobState.DONE,
                leased_until_at=None,
                finished_at=Now(),
                result=dict(result or {}),
                error="",
            )
            yield

    def _lease(self) -> Any:  # noqa: ANN401 -- an SQL expression
        return Now() + self.kind.lease

    def _hold(self, **changes: object) -> None:
        mine = Job.objects.filter(
            pk=self.job.pk, state=JobState.RUNNING, attempt=self.job.attempt
        )
        if not mine.update(**changes):
            raise LostLease


_CLAIM = """
    UPDATE jobs_job SET state = 'running', attempt = attempt + 1,
        leased_until_at = now() + interval '15 seconds',
        started_at = coalesce(started_at, now())
    WHERE id = (
        SELECT id FROM jobs_job
        WHERE lane = %(lane)s AND (
            state = 'ready' AND due_at <= now()
            OR state = 'running' AND leased_until_at < now())
        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *
"""


def run_next(lane: str) -> bool:
    """Do the next due job of ``lane``; tell whether there was one.

    A job whose lease ran out is taken over. After its last try a job is *given up*,
    which is visible and can be undone with `jobs.replay`.
    """
    claimed = list(Job.objects.raw(_CLAIM, {"lane": lane}))
    if not claimed:
        return False
    job = claimed[0]
    kind = HANDLERS.get(job.kind)
    if kind is None:
        _give_up(job, f"No handler is registered for {job.kind}.")
    elif job.attempt > kind.attempts:
        _give_up(job, job.error or "Every worker that tried it died.")
    else:
        _run(Run(job, kind))
    return True


def _run(run: Run) -> None:
    try:
        run.extend()
        run.kind.handle(run)
        with_end = Job.objects.filter(pk=run.job.pk, state=JobState.RUNNING)
        if with_end.filter(attempt=run.job.attempt).exists():
            with run.finishing():
                pass
    except LostLease:
        logger.info("Job %s went to another worker.", run.job.pk)
    except Cancelled:
        _end(run.job, state=JobState.CANCELLED, finished_at=Now())
    except Hopeless as reason:
        _give_up(run.job, str(reason))
    except Exception:
        logger.exception("Job %s (%s) failed.", run.job.pk, run.kind.name)
        _retry(run, traceback.format_exc(limit=-8))


def _retry(run: Run, error: str) -> None:
    _forget_broken_connection()
    if run.job.attempt >= run.kind.attempts:
        _give_up(run.job, error)
        return
    wait = min(timedelta(seconds=2**run.job.attempt), _LONGEST_WAIT)
    _end(run.job, state=JobState.READY, due_at=Now() + wait, error=error)


def _give_up(job: Job, error: str) -> None:
    logger.error("Job %s (%s) was given up.", job.pk, job.kind)
    _end(job, state=JobState.DEAD, finished_at=Now(), error=error)


def _end(job: Job, **changes: object) -> None:
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt)
    mine.update(leased_until_at=None, **changes)


def _forget_broken_connection() -> None:
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
