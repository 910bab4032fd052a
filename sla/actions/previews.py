"""Try an agreement out on the last 90 days, as durable work.

Each clock is judged anew by the facts, under the clause that the version has for it; so
the answer is what the product itself would have found (docs/decisions/sla-preview.md).
A preview writes nothing but its own rows; a later attempt starts anew.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta

from django.db import connection

from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.documents.models import Version
from foundation.jobs.actions import jobs
from foundation.jobs.actions.running import Cancelled, Run
from foundation.jobs.enums import JobState
from foundation.kernel.periods import DAY, start_of
from foundation.ledger import actions as ledger
from sla.actions.agreements import promised
from sla.domain import timing
from sla.domain.anew import fitting, replayed
from sla.domain.terms import ClauseTerms, Moment, Terms
from sla.enums import LEAD_CLOCKS
from sla.models import Clock, Preview, PreviewClock
from sla.queries import judged, terms
from sla.validators import form_of

KIND = "sla.preview"
SUBJECT = "sla.preview"
DAYS = 90
BATCH = 1_000
_CAUSE = "preview"
_OPEN = (JobState.READY, JobState.RUNNING)
_COUNTING = {"met", "breached"}
_FURTHEST = timedelta(days=4_000)
_LEADS = """
    SELECT DISTINCT lead_id FROM sla_clock
    WHERE NOT history AND NOT excepted AND started_at < %(end)s AND (
        ended_at IS NULL OR ended_at >= %(first)s OR started_at >= %(since)s
        OR pauses > 0 OR segments > 0)
    ORDER BY lead_id
"""

type Now = Callable[[], datetime]
type Row = tuple[int, int, str, str]


def ask(version: Version, *, by: User | None, at: datetime) -> Preview:
    """Have a version tried out on the 90 local days before today.

    Asking again while the same is being worked out gives that one.

    Raises:
        WrongAgreementText: it cannot be promised or measured.
    """
    today = workspace.current().today(at)
    with ledger.entry(by=by, at=at, cause=_CAUSE) as entry:
        locked = Version.objects.select_for_update().get(pk=version.pk)
        form = form_of(locked.content)
        same = {
            "version": locked,
            "revision": locked.revision,
            "first_on": today - DAYS * DAY,
            "end_on": today,
        }
        open_ = Preview.objects.filter(**same, cancelled_at=None, job__state__in=_OPEN)
        if (found := open_.select_related("job").first()) is not None:
            return found
        row = Preview.objects.create(**same, form=form, asked_by=by, asked_at=at)
        row.job = jobs.enqueue(KIND, {"preview": row.pk}, at=at, by=by)
        row.save(update_fields=["job"])
        entry.record(
            "sla.preview.asked", subject=(SUBJECT, row.pk), data={"version": locked.pk}
        )
    return row


def cancel(preview: Preview, *, by: User | None, at: datetime) -> None:
    """Stop a preview; nothing of it stays. Stopping it again changes nothing."""
    with ledger.entry(by=by, at=at, cause=_CAUSE) as entry:
        row = Preview.objects.select_for_update().get(pk=preview.pk)
        if row.finished_at is not None or row.cancelled_at is not None:
            return
        row.cancelled_at = at
        row.save(update_fields=["cancelled_at"])
        if row.job is not None and row.job.state in _OPEN:
            jobs.cancel(row.job)
        entry.record("sla.preview.cancelled", subject=(SUBJECT, row.pk))


def carry_on(job: Run, *, now: Now) -> None:
    """Judge all clocks of a preview, slice by slice, and end it."""
    preview = Preview.objects.select_related("version").get(pk=job.payload["preview"])
    try:
        counts = _judge(preview, job)
    except Cancelled:
        PreviewClock.objects.filter(preview=preview).delete()
        raise
    with job.finishing(), ledger.entry(by=None, at=now(), cause=_CAUSE) as entry:
        row = Preview.objects.select_for_update().get(pk=preview.pk)
        if row.cancelled_at is not None:
            PreviewClock.objects.filter(preview=row).delete()
            return
        row.results = {"counts": [[*key, n] for key, n in sorted(counts.items())]}
        row.finished_at = now()
        row.save(update_fields=["results", "finished_at"])
        entry.record("sla.preview.finished", subject=(SUBJECT, row.pk))


def _judge(preview: Preview, job: Run) -> Counter[tuple[int, str, str]]:
    tried = _Tried(preview)
    leads = tried.leads()
    with job.step(0, len(leads)):
        PreviewClock.objects.filter(preview=preview).delete()
    counts: Counter[tuple[int, str, str]] = Counter()
    for n in range(0, len(leads), BATCH):
        some = leads[n : n + BATCH]
        with job.step(n + len(some), len(leads)):
            rows = list(tried.rows(some))
            PreviewClock.objects.bulk_create(
                PreviewClock(
                    preview=preview, place=place, clock_id=clock, was=was, would=would
                )
                for place, clock, was, would in rows
            )
            counts.update((place, was, would) for place, _, was, would in rows)
    return counts


class _Tried:
    """A version's clauses, and the window in which they are tried."""

    def __init__(self, preview: Preview) -> None:
        zone = workspace.zone()
        self.first = start_of(preview.first_on, zone)
        self.end = start_of(preview.end_on, zone)
        self.now = timing.to_moment(preview.asked_at)
        clauses = _clauses(preview)
        self.clauses = clauses
        self.terms: Terms = terms.current().with_clauses(clauses)

    def leads(self) -> list[int]:
        """Return the leads with a clock that may count in the window on either side."""
        longest = max((clause.target for clause in self.clauses), default=0)
        since = min(
            (self._since(pk, longest) for pk in self.terms.calendars),
            default=self.first,
        )
        window = {"first": self.first, "end": self.end, "since": since}
        with connection.cursor() as cursor:
            cursor.execute(_LEADS, window)
            return [pk for (pk,) in cursor.fetchall()]

    def _since(self, calendar: int, target: int) -> datetime:
        """Return a day before which a clock's time was surely past by the window."""
        hours, day = self.terms.calendars[calendar], DAY
        first = timing.to_moment(self.first)
        while day < _FURTHEST:
            begun = timing.to_moment(self.first - day)
            if timing.between(hours, begun, first) > target:
                break
            day *= 2
        return self.first - day

    def rows(self, leads: Collection[int]) -> Iterator[Row]:
        """Judge the clocks of leads; those that count nowhere are left out."""
        excepted = set(
            Clock.objects.filter(lead__in=leads, excepted=True).values_list(
                "pk", flat=True
            )
        )
        for passage, stored in judged.of_leads(leads):
            clock = stored.clock
            if clock.history or clock.id in excepted or clock.kind not in LEAD_CLOCKS:
                continue
            was = self._counted(clock.state, clock.ended_at)
            clause = fitting(passage, clock.kind, self.clauses)
            place, would = -1, ""
            if clause is not None:
                place = _place(clause)
                would = self._counted(
                    *replayed(passage, stored, clause, self.terms, self.now)
                )
            if was or would:
                yield place, clock.id, was, would

    def _counted(self, state: str, ended_at: Moment | None) -> str:
        if state not in _COUNTING or ended_at is None:
            return ""
        return state if self.first <= timing.to_instant(ended_at) < self.end else ""


def _clauses(preview: Preview) -> list[ClauseTerms]:
    """Return the clauses that run clocks; their ids are below those of any row."""
    version = preview.version
    version.content = preview.form
    draft = promised(version)
    return [
        ClauseTerms(
            -place - 1,
            str(promise.kind),
            int(promise.target.total_seconds()),
            round(promise.target.total_seconds() * float(draft.warning_share)),
            promise.source,
            promise.segment,
            promise.priority,
        )
        for place, promise in enumerate(draft.promises)
        if promise.kind in LEAD_CLOCKS and promise.target is not None
    ]


def _place(clause: ClauseTerms) -> int:
    return -clause.id - 1
