from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from foundation.jobs.actions.waking import wake_on_commit
from foundation.jobs.domain.registry import HANDLERS
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.kernel.errors import DomainError

type Primitive = str | int | bool | None


class NotWaiting(DomainError):
    """The job has ended already, or has not."""

    code = "job_state"


def enqueue(
    kind: str,
    payload: Mapping[str, Primitive] | None = None,
    *,
    at: datetime,
    by: AbstractBaseUser | None = None,
) -> Job:
    """Make a piece of work, in the transaction that makes it necessary.

    Args:
        kind: a registered kind.
        payload: primitives; the worker reads the rows again.
        at: when it is due.
        by: who asked, to whom its progress is shown.
    """
    row = _job(kind, payload, at, by)
    row.save(force_insert=True)
    wake_on_commit(row.lane)
    return row


def enqueue_many(
    kind: str, payloads: Sequence[Mapping[str, Primitive]], *, at: datetime
) -> None:
    """Make a piece of work for each payload, as `enqueue` does, in one statement."""
    if payloads:
        Job.objects.bulk_create(_job(kind, payload, at, None) for payload in payloads)
        wake_on_commit(HANDLERS[kind].lane)


def enqueue_once(
    kind: str,
    slot: str,
    payload: Mapping[str, Primitive] | None = None,
    *,
    at: datetime,
) -> Job | None:
    """Make the one job that this kind has in a slot, for ever.

    Asking again, or at the same moment from elsewhere, makes none and returns None.
    """
    if Job.objects.filter(kind=kind, slot=slot).exists():
        return None
    row = _job(kind, payload, at, None)
    row.slot = slot
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    wake_on_commit(row.lane)
    return row


def _job(
    kind: str,
    payload: Mapping[str, Primitive] | None,
    at: datetime,
    by: AbstractBaseUser | None,
) -> Job:
    return Job(
        kind=kind,
        lane=HANDLERS[kind].lane,
        payload=dict(payload or {}),
        due_at=at,
        created_at=at,
        asked_by_id=by.pk if by else None,
    )


def cancel(job: Job) -> None:
    """Stop a job: one that waits at once, one that runs at its next step.

    Cancelling again changes nothing.

    Raises:
        NotWaiting: it has ended.
    """
    waiting = Job.objects.filter(pk=job.pk, state=JobState.READY)
    if waiting.update(state=JobState.CANCELLED, finished_at=Now()):
        return
    running = Job.objects.filter(pk=job.pk, state=JobState.RUNNING)
    if running.update(cancel_asked=True):
        return
    job.refresh_from_db()
    if job.state != JobState.CANCELLED:
        raise NotWaiting(_("This work has ended already."))


def replay(job: Job, *, at: datetime) -> None:
    """Give a job that was given up a new set of tries.

    Raises:
        NotWaiting: it was not given up.
    """
    dead = Job.objects.filter(pk=job.pk, state=JobState.DEAD)
    if not dead.update(
        state=JobState.READY, attempt=0, due_at=at, error="", finished_at=None
    ):
        raise NotWaiting(_("Only work that was given up can be tried again."))
    wake_on_commit(job.lane)
