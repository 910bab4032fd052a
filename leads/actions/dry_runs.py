"""Try a definition out on a window of the past, as durable work.

A run writes nothing but its own rows. It is worked out slice by slice, so that it can
be watched and stopped; a later attempt starts anew.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.documents.models import Version
from foundation.jobs.actions import jobs
from foundation.jobs.actions.running import Cancelled, Run
from foundation.jobs.enums import JobState
from foundation.kernel.errors import DomainError, Invalid
from foundation.ledger import actions as ledger
from leads.domain.criteria.reading import parse
from leads.models import DryRun, DryRunLead
from leads.queries import dry_runs as queries
from leads.queries.definitions import STAGES
from leads.queries.dry_runs import COUNTED, Window
from leads.validators import criteria_of

KIND = "leads.dry_run"
SUBJECT = "leads.dryrun"
MOST_DAYS = 1_100
KEPT = timedelta(days=548)
"""How long a run of a version that was proposed stays: the path and twelve months more.

Until then it tells whether whom both functions agreed on stayed customers for a year.
"""
KEPT_OF_DRAFTS = timedelta(days=90)
"""How long one of a version stays that was never proposed: it decided nothing."""
_CAUSE = "dry_run"

type Clock = Callable[[], datetime]


class WrongWindow(Invalid):
    """The window has no days, too many, or some that have not passed."""

    code = "wrong_window"


class NotGoingOn(DomainError):
    """The run has ended already."""

    code = "dry_run_state"


def ask(
    version: Version, first_on: date, end_on: date, *, by: User | None, at: datetime
) -> DryRun:
    """Have a version tried out on local days from ``first_on`` up to ``end_on``.

    Asking again while the same is being worked out gives that run.

    Raises:
        WrongWindow: the days are none, too many, or have not passed.
        WrongDefinition: its criteria cannot run.
    """
    _check(first_on, end_on, today=workspace.current().today(at))
    with ledger.entry(by=by, at=at, cause=_CAUSE) as entry:
        locked = Version.objects.select_for_update().get(pk=version.pk)
        criteria_of(locked.content.get("criteria"))
        same = {
            "version": locked,
            "revision": locked.revision,
            "first_on": first_on,
            "end_on": end_on,
        }
        open_ = DryRun.objects.filter(**same, cancelled_at=None, job__state__in=_OPEN)
        if (found := open_.select_related("job").first()) is not None:
            return found
        run = DryRun.objects.create(
            **same, criteria=locked.content["criteria"], asked_by=by, asked_at=at
        )
        run.job = jobs.enqueue(KIND, {"run": run.pk}, at=at, by=by)
        run.save(update_fields=["job"])
        entry.record(
            "leads.dry_run.asked",
            subject=(SUBJECT, run.pk),
            data={"version": locked.pk, "first": str(first_on), "end": str(end_on)},
        )
    return run


_OPEN = (JobState.READY, JobState.RUNNING)


def _check(first_on: date, end_on: date, *, today: date) -> None:
    if end_on <= first_on:
        raise WrongWindow(_("The last day is before the first."), field="last_on")
    if (end_on - first_on).days > MOST_DAYS:
        text = ngettext(
            "Choose at most %(most)s day.", "Choose at most %(most)s days.", MOST_DAYS
        )
        raise WrongWindow(text % {"most": MOST_DAYS}, field="first_on")
    if end_on > today:
        raise WrongWindow(_("These days have not all passed."), field="last_on")


def cancel(run: DryRun, *, by: User | None, at: datetime) -> None:
    """Stop a run; nothing of it stays but that it was asked for.

    Cancelling again changes nothing.

    Raises:
        NotGoingOn: it has ended.
    """
    with ledger.entry(by=by, at=at, cause=_CAUSE) as entry:
        row = DryRun.objects.select_for_update().get(pk=run.pk)
        if row.finished_at is not None:
            raise NotGoingOn(_("This dry run has ended already."))
        if row.cancelled_at is not None:
            return
        row.cancelled_at = at
        row.save(update_fields=["cancelled_at"])
        if row.job is not None and row.job.state in _OPEN:
            jobs.cancel(row.job)
        entry.record("leads.dry_run.cancelled", subject=(SUBJECT, row.pk))


def carry_on(job: Run, *, now: Clock) -> None:
    """Judge all leads of a run, slice by slice, and end it.

    Each slice commits with the claim to the job. What an earlier attempt left is
    removed first, so each lead is in one group once.
    """
    run = DryRun.objects.get(pk=job.payload["run"])
    try:
        counts = _judge(run, job)
    except Cancelled:
        DryRunLead.objects.filter(run=run).delete()
        raise
    with job.finishing(), ledger.entry(by=None, at=now(), cause=_CAUSE) as entry:
        row = DryRun.objects.select_for_update().get(pk=run.pk)
        if row.cancelled_at is not None:
            DryRunLead.objects.filter(run=run).delete()
            return
        with connection.cursor() as cursor:
            # Readers join these rows: the planner would take new ones for one row.
            cursor.execute("ANALYZE leads_dryrunlead")
        row.results, row.finished_at = dict(counts), now()
        row.save(update_fields=["results", "finished_at"])
        entry.record("leads.dry_run.finished", subject=(SUBJECT, run.pk), data=counts)


def _judge(run: DryRun, job: Run) -> Counter[str]:
    window = Window(run.first_on, run.end_on, workspace.zone())
    statement, params = queries.judging(
        parse(run.criteria), window, STAGES[run.version.kind]
    )
    parts = queries.slices(window)
    done, total = 0, sum(part.leads for part in parts)
    with job.step(done, total):
        DryRunLead.objects.filter(run=run).delete()
    counts: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))
    for part in parts:
        done += part.leads
        of_part = {"run": run.pk, "low": part.low, "high": part.high}
        with job.step(done, total), connection.cursor() as cursor:
            cursor.execute(statement, {**params, **of_part})
            counts.update(dict(zip(COUNTED, cursor.fetchone(), strict=True)))
    return counts


def delete_next(*, at: datetime) -> bool:
    """Delete the oldest run that has been kept long enough; tell whether there was one.

    One that goes on is left alone.
    """
    run = _old(at).order_by("asked_at", "pk").select_for_update(of=["self"]).first()
    if run is None:
        return False
    with ledger.entry(by=None, at=at, cause=_CAUSE) as entry:
        # Its leads may be a million: they go in one statement, unread.
        leads = DryRunLead.objects.filter(run=run)
        leads._raw_delete(leads.db)  # noqa: SLF001
        DryRun.objects.filter(pk=run.pk).delete()
        entry.record("leads.dry_run.deleted", subject=(SUBJECT, run.pk))
    return True


def _old(at: datetime) -> QuerySet[DryRun]:
    """Return the runs that have been kept long enough and do not go on."""
    of_draft = Q(version__proposed_at=None, asked_at__lt=at - KEPT_OF_DRAFTS)
    rows = DryRun.objects.filter(of_draft | Q(asked_at__lt=at - KEPT))
    return rows.exclude(finished_at=None, cancelled_at=None, job__state__in=_OPEN)
