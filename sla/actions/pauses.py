"""Let a clock stand still for a signed reason, with evidence, for a capped time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError, Forbidden, Invalid
from foundation.ledger import actions as ledger
from leads.models import Lead, Touchpoint
from sla import rules
from sla.actions import assessing, writing
from sla.enums import ClockState, PauseReason
from sla.models import Clock, Pause
from sla.queries import facts
from sla.queries import pauses as queries
from sla.queries.clocks import clocks_of


class NotYourClock(Forbidden):
    """The lead belongs to somebody else."""

    code = "not_your_clock"


class NotRunning(DomainError):
    """Only a clock that runs, in time, can pause; only a paused one goes on."""

    code = "not_running"


class NoEvidence(Invalid):
    """A pause needs a touch from the lead or the other side that shows its reason."""

    code = "no_evidence"


class TooManyPauses(DomainError):
    """The clock paused as often as was agreed."""

    code = "too_many_pauses"


class NotAgreed(Invalid):
    """The agreement under which the clock began knows no pause for this reason."""

    code = "pause_not_agreed"


class PauseEndsEarlier(Invalid):
    """A pause lasts until a moment still to come."""

    code = "pause_ends_earlier"


@dataclass(frozen=True)
class Wish:
    """Why, until when, and what shows it."""

    reason: PauseReason
    until_at: datetime
    evidence: Touchpoint | None


def pause(clock: Clock, wish: Wish, *, by: User, at: datetime) -> Pause:
    """Let a clock stand still; it goes on by itself, at the latest at the agreed cap.

    What is due moves by the business time that the pause takes.

    Args:
        clock: one that runs and is in time.
        wish: a signed reason, until when, and a touch of this lead that came from the
            lead or from marketing.
        by: who may work the lead.
        at: now; when the pause begins.

    Raises:
        NotYourClock, NotRunning, NoEvidence, TooManyPauses, NotAgreed,
        PauseEndsEarlier
    """
    with ledger.entry(by=by, at=at, cause="pause") as entry:
        row = _locked(clock)
        _check(row, wish, by, at)
        cap = at + timedelta(days=row.clause.agreement.pause_days)
        made = Pause.objects.create(
            clock=row,
            reason=wish.reason,
            starts_at=at,
            until_at=min(wish.until_at, cap),
            evidence=wish.evidence,
            started_by=by,
            entry_id=entry.pk,
        )
        writing.mark(row, entry, pauses=row.pauses + 1)
        assessing.assess(facts.of_clocks([row.lead_id]), at=at)
        _record(entry, "paused", row)
    return made


def pause_all(lead: Lead, wish: Wish, *, by: User, at: datetime) -> list[Pause]:
    """Let every clock of a lead that can pause stand still, all of them or none.

    Raises:
        NotRunning: none of them can; else as for `pause`.
    """
    with ledger.entry(by=by, at=at, cause="pause"):
        rows = queries.pausable([*clocks_of(lead)], at=at)
        if not rows:
            raise NotRunning(_("None of these clocks can pause now."))
        return [pause(row, wish, by=by, at=at) for row in rows]


def resume_all(lead: Lead, *, by: User, at: datetime) -> None:
    """Let every paused clock of a lead go on now.

    Raises:
        NotRunning: none is paused; else as for `resume`.
    """
    with ledger.entry(by=by, at=at, cause="pause"):
        rows = [row for row in clocks_of(lead) if row.state == ClockState.PAUSED]
        if not rows:
            raise NotRunning(_("This clock is not paused."))
        for row in rows:
            resume(row, by=by, at=at)


def resume(clock: Clock, *, by: User, at: datetime) -> None:
    """Let a paused clock go on now.

    Raises:
        NotYourClock: ``by`` may not work the lead.
        NotRunning: it is not paused.
    """
    with ledger.entry(by=by, at=at, cause="pause") as entry:
        row = _locked(clock)
        if not rules.may_pause(by, row):
            raise NotYourClock(_("This lead belongs to somebody else."))
        open_ = Q(ended_at__isnull=True, until_at__gt=at)
        lasting = Pause.objects.filter(open_, clock=row, starts_at__lte=at)
        if row.state != ClockState.PAUSED or not lasting.update(ended_at=at):
            raise NotRunning(_("This clock is not paused."))
        assessing.assess(facts.of_clocks([row.lead_id]), at=at)
        _record(entry, "resumed", row)


def _locked(clock: Clock) -> Clock:
    Lead.objects.select_for_update(no_key=True).get(pk=clock.lead_id)
    rows = Clock.objects.select_related("lead", "clause__agreement")
    return rows.get(pk=clock.pk)


def _check(clock: Clock, wish: Wish, by: User, at: datetime) -> None:
    if not rules.may_pause(by, clock):
        raise NotYourClock(_("This lead belongs to somebody else."))
    in_time = clock.state == ClockState.RUNNING and at <= clock.breach_at
    if not in_time or clock.history:
        raise NotRunning(_("Only a clock that runs can pause."))
    if wish.reason not in clock.clause.agreement.pause_reasons:
        raise NotAgreed(_("Nobody agreed on a pause for this."), field="reason")
    if clock.pauses >= clock.clause.agreement.pauses_per_clock:
        raise TooManyPauses(_("This clock paused as often as was agreed."))
    if wish.until_at <= at:
        raise PauseEndsEarlier(_("Choose a later time."), field="until_at")
    if not _shows(wish.evidence, clock):
        raise NoEvidence(
            _("Choose a reply of the lead or of marketing."), field="evidence"
        )


def _shows(touch: Touchpoint | None, clock: Clock) -> bool:
    if touch is None:
        return False
    return queries.evidence_of(clock.lead).filter(pk=touch.pk).exists()


def _record(entry: ledger.Writer, word: str, clock: Clock) -> None:
    entry.record(
        f"sla.clock.{word}",
        subject=("sla.clock", clock.pk),
        data={"lead": clock.lead_id, "kind": clock.kind, "round": clock.round},
    )
