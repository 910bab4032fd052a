"""Exceptions: one side proposes not to count a case, the other side's head decides."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError, Forbidden
from foundation.ledger import actions as ledger
from leads.models import Lead
from sla import rules
from sla.actions import assessing, writing
from sla.enums import ClockState, ExceptionReason, ExcuseState
from sla.models import Clock, Excuse
from sla.queries import facts

_OPEN = [ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED]


class NotYourSide(Forbidden):
    """Only sales and marketing propose, and only the other side's head decides."""

    code = "not_your_side"


class NothingToExcuse(DomainError):
    """The promise was kept or has no object, or is history."""

    code = "nothing_to_excuse"


class NotLoggedLate(DomainError):
    """Nothing was done in time and recorded after it."""

    code = "not_logged_late"


class AlreadyProposed(DomainError):
    """There is an exception for this clock already."""

    code = "already_proposed"


class AlreadyDecided(DomainError):
    """The exception was decided the other way."""

    code = "already_decided"


def propose(clock: Clock, reason: ExceptionReason, *, by: User, at: datetime) -> Excuse:
    """Propose not to count a case; or, with ``logged_late``, to count a late record.

    Proposing the same again changes nothing.

    Raises:
        NotYourSide: ``by`` belongs to neither sales nor marketing.
        NothingToExcuse: the promise was kept, cancelled, or is history.
        NotLoggedLate: the reason is that, but nothing was done in time.
        AlreadyProposed: another reason waits for a decision or was agreed.
    """
    if not rules.may_propose(by) or by.function is None:
        raise NotYourSide(_("Sales and marketing propose exceptions."))
    with ledger.entry(by=by, at=at, cause="excuse") as entry:
        row = _locked(clock)
        known = Excuse.objects.filter(clock=row).exclude(state=ExcuseState.DECLINED)
        if (excuse := known.first()) is not None:
            return _same(excuse, reason)
        _require_case(row, reason)
        excuse = Excuse.objects.create(
            clock=row,
            reason=reason,
            state=ExcuseState.PROPOSED,
            side=by.function,
            proposed_by=by,
            proposed_at=at,
            entry_id=entry.pk,
        )
        _record(entry, "proposed", excuse)
    return excuse


def agree(excuse: Excuse, *, by: User, at: datetime) -> None:
    """Agree to an exception: the case is left out of the numbers and shown apart.

    A late record that is agreed to counts when it happened, so that the promise was
    kept after all. The breach stays on record. Agreeing again changes nothing.

    Raises:
        NotYourSide: ``by`` is not the other side's head.
        AlreadyDecided: it was declined before.
    """
    with ledger.entry(by=by, at=at, cause="excuse") as entry:
        if not _decide(excuse, ExcuseState.AGREED, by=by, at=at):
            return
        clock = excuse.clock
        if excuse.reason == ExceptionReason.LOGGED_LATE:
            writing.mark(clock, entry, late_agreed=True)
            assessing.assess(facts.of_clocks([clock.lead_id]), at=at)
        else:
            writing.mark(clock, entry, excepted=True)
        _record(entry, "agreed", excuse)


def decline(excuse: Excuse, *, by: User, at: datetime) -> None:
    """Decline an exception: the case counts as it is. Declining again changes nothing.

    Raises:
        NotYourSide: ``by`` is not the other side's head.
        AlreadyDecided: it was agreed to before.
    """
    with ledger.entry(by=by, at=at, cause="excuse") as entry:
        if _decide(excuse, ExcuseState.DECLINED, by=by, at=at):
            _record(entry, "declined", excuse)


def _locked(clock: Clock) -> Clock:
    """Lock the lead, as everybody who judges clocks does, and read the clock anew."""
    Lead.objects.select_for_update(no_key=True).get(pk=clock.lead_id)
    return Clock.objects.get(pk=clock.pk)


def _same(excuse: Excuse, reason: ExceptionReason) -> Excuse:
    if excuse.reason != reason:
        raise AlreadyProposed(_("There is an exception for this case already."))
    return excuse


def _require_case(clock: Clock, reason: ExceptionReason) -> None:
    if clock.state not in _OPEN or clock.history:
        raise NothingToExcuse(_("There is nothing to except here."))
    in_time = clock.done_at is not None and clock.done_at <= clock.breach_at
    if reason == ExceptionReason.LOGGED_LATE and not (clock.logged_late and in_time):
        raise NotLoggedLate(_("Nothing was done in time and recorded late."))


def _decide(excuse: Excuse, state: ExcuseState, *, by: User, at: datetime) -> bool:
    """Decide once; tell whether this was it."""
    if not rules.may_decide(by, excuse):
        raise NotYourSide(_("The head of the other side decides."))
    _locked(excuse.clock)
    waiting = Excuse.objects.filter(pk=excuse.pk, state=ExcuseState.PROPOSED)
    decided = waiting.update(state=state, decided_by=by, decided_at=at)
    excuse.refresh_from_db()
    if not decided and excuse.state != state:
        raise AlreadyDecided(_("This was decided already."))
    return bool(decided)


def _record(entry: ledger.Writer, word: str, excuse: Excuse) -> None:
    entry.record(
        f"sla.excuse.{word}",
        subject=("sla.excuse", excuse.pk),
        data={
            "clock": excuse.clock_id,
            "lead": excuse.clock.lead_id,
            "reason": excuse.reason,
        },
    )
