"""What sales decides about an MQL: accept, send back, rule out; and qualifying by hand.

Accepting a lead that silence accepted before is still possible: the real decision
takes the silent one's place, at its own, later time.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from leads import rules
from leads.actions import assignments, qualifying, second_chances, stages
from leads.actions.leads import NotYours
from leads.actions.notes import write_note
from leads.enums import Cause, Exclusion, ReasonKind, Stage
from leads.models import Lead, StageChange
from leads.queries import definitions, reasons
from leads.queries.definitions import Definition


class NotWaiting(DomainError):
    """The lead does not wait for this decision."""

    code = "not_waiting"


def accept(lead: Lead, *, by: User, at: datetime) -> None:
    """Take an MQL on: it becomes SAL, and belongs to ``by`` if it was nobody's.

    Safe to repeat. Of two people who accept at once one gets the lead and the other
    is refused.

    Raises:
        NotYours: ``by`` may not decide about this lead.
        NotWaiting: it is not an MQL (any more).
    """
    with ledger.entry(by=by, at=at, cause="decision"):
        row = _locked(lead, by)
        if _accepted_by(row, by):
            return
        _require(row, Stage.MQL, Stage.SAL)
        wish = stages.Advance(row.pk, Stage.SAL, at, Cause.ACCEPTED, actor_id=by.pk)
        stages.advance(wish, by=by, at=at)
        if row.owner_id is None:
            assignments.assign([row.pk], owner=by, by=by, at=at)


def refuse(
    lead: Lead,
    *,
    reason: str,
    by: User,
    at: datetime,
    re_entry_on: date | None = None,
    note: str = "",
) -> None:
    """Send a lead back to nurture, with a reason from the agreed list.

    Raises:
        NotYours: ``by`` may not decide about this lead.
        NotWaiting: it is not worked now.
        stages.NotAdvanced: the reason is missing or not on the list.
    """
    _leave(lead, Stage.RECYCLED, reason, by, at, re_entry_on=re_entry_on, note=note)


def disqualify(
    lead: Lead, *, reason: str, by: User, at: datetime, note: str = ""
) -> None:
    """Rule a lead out for good, with a reason from the agreed list.

    Raises: as `refuse`.
    """
    _leave(lead, Stage.DISQUALIFIED, reason, by, at, note=note)


def qualify(
    lead: Lead, to: Stage, *, reason: str, by: User, at: datetime, note: str = ""
) -> None:
    """Make a lead MQL, or SQL, by hand. The reason is kept and the change is marked.

    Raises:
        stages.NotAdvanced: no reason from the list, or the lead cannot get there.
        NotYours: ``by`` may not change this lead; for SQL, not decide about it.
    """
    with ledger.entry(by=by, at=at, cause="decision"):
        _require_by_hand(reason)
        row = _locked(lead, by, may=_right_to(to))
        wish = stages.Advance(
            row.pk, to, at, Cause.HAND, reason, by.pk, definition_id=_stamp(to, at)
        )
        stages.advance(wish, by=by, at=at)
        write_note(row, note, by=by, at=at)


def tell(  # noqa: PLR0913 -- a stage change is that much
    lead_id: int,
    to: Stage,
    *,
    occurred_at: datetime,
    reason: str,
    cause: str,
    by: User,
    at: datetime,
    re_entry_on: date | None = None,
    although_met: bool = False,
) -> StageChange:
    """Write a stage change that somebody tells of, at its own time.

    People need a listed reason to qualify by hand, and sales its own leads to decide
    about; programs (``cause`` is ``api``) tell what happened elsewhere, and only they
    mark a refusal as one of a lead that met all criteria (``although_met``), because
    they looked at the criteria and are no party to it. Of a refusal by a person that is
    worked out. A lead refused within the last day may be drawn for a second chance,
    whoever tells of it.

    Raises:
        NotYours: ``by`` may not decide about this lead, or not mark its refusal.
        stages.NotAdvanced: the reason or the change is refused.
    """
    with ledger.entry(by=by, at=at, cause="decision"):
        lead = Lead.objects.filter(pk=lead_id).select_for_update().first()
        if lead is None or lead.exclusion == Exclusion.WITHDRAWN:
            raise stages.NotAdvanced("unknown_lead")
        if cause != Cause.API:
            if although_met:
                raise NotYours(_("Programs that check the criteria mark this."))
            cause = _cause_by_person(lead, to, reason, by)
        held = _held(lead, at) if _gives_back(lead, to) else None
        met = held is not None and cause != Cause.API and _meets(lead, held, at)
        wish = stages.Advance(
            lead.pk, to, occurred_at, cause, reason, by.pk, re_entry_on
        )
        stamp = _stamp(to, at) if cause == Cause.HAND else None
        wish = replace(wish, although_met=although_met or met, definition_id=stamp)
        result = stages.advance(wish, by=by, at=at)
        changes = StageChange.objects.filter(
            lead=lead, to_stage=to, occurred_at=occurred_at, in_force=True
        )
        change = changes.latest("pk")
        if held is not None and result.code == "advanced" and not change.history:
            second_chances.consider(change, held, at=at)
        return change


def _gives_back(lead: Lead, to: Stage) -> bool:
    """Tell whether sales gives an MQL back, or one that it had accepted."""
    left = to in {Stage.RECYCLED, Stage.DISQUALIFIED}
    return left and lead.stage in {Stage.MQL, Stage.SAL}


def _stamp(to: Stage, at: datetime) -> int | None:
    """Return the version by which a stage is reached by hand, if it is defined."""
    held = definitions.in_force(to, at=at) if to in definitions.KINDS else None
    return held.version.pk if held else None


def _meets(lead: Lead, held: Definition, at: datetime) -> bool:
    return qualifying.meets(lead.pk, held, at=at)


def _cause_by_person(lead: Lead, to: Stage, reason: str, by: User) -> Cause:
    if not _right_to(to)(by, lead):
        raise NotYours(_("This lead belongs to somebody else."))
    if to == Stage.SAL:
        return Cause.ACCEPTED
    if to in {Stage.MQL, Stage.SQL}:
        _require_by_hand(reason)
    left = to in {Stage.RECYCLED, Stage.DISQUALIFIED}
    return Cause.REFUSED if left and lead.stage == Stage.MQL else Cause.HAND


def _require_by_hand(reason: str) -> None:
    if (ReasonKind.BY_HAND, reason) not in reasons.codes([ReasonKind.BY_HAND]):
        raise stages.NotAdvanced("unknown_reason" if reason else "reason_required")


def _leave(  # noqa: PLR0913
    lead: Lead,
    to: Stage,
    reason: str,
    by: User,
    at: datetime,
    *,
    note: str,
    re_entry_on: date | None = None,
) -> None:
    with ledger.entry(by=by, at=at, cause="decision"):
        row = _locked(lead, by)
        if row.stage == to:
            return
        _require(row, Stage.LEAD, Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY)
        cause = Cause.REFUSED if _gives_back(row, to) else Cause.HAND
        held = _held(row, at) if cause == Cause.REFUSED else None
        wish = stages.Advance(
            row.pk,
            to,
            at,
            cause,
            reason,
            by.pk,
            re_entry_on=re_entry_on,
            although_met=held is not None and _meets(row, held, at),
        )
        stages.advance(wish, by=by, at=at)
        if held is not None:
            second_chances.consider(_last(row), held, at=at)
        write_note(row, note, by=by, at=at)


def _held(row: Lead, at: datetime) -> Definition | None:
    """Return the version by which a lead came to sales, else the one in force."""
    came = StageChange.objects.filter(
        lead=row, round=row.round, to_stage=Stage.MQL, in_force=True
    )
    stamped = came.values_list("definition_id", flat=True).first()
    return definitions.by_id(stamped) or definitions.in_force(Stage.MQL, at=at)


def _last(row: Lead) -> StageChange:
    return StageChange.objects.filter(lead=row, in_force=True).latest("pk")


type _Right = Callable[[User, Lead], bool]


def _right_to(stage: Stage) -> _Right:
    """Return what moving a lead there takes: MQL is told, all else is decided."""
    return rules.may_edit if stage == Stage.MQL else rules.may_work


def _locked(lead: Lead, by: User, *, may: _Right = rules.may_work) -> Lead:
    row = Lead.objects.select_for_update().get(pk=lead.pk)
    if not may(by, row):
        raise NotYours(_("This lead belongs to somebody else."))
    return row


def _require(row: Lead, *allowed: Stage) -> None:
    if row.stage not in allowed:
        raise NotWaiting(_("This lead was decided already."))


def _accepted_by(row: Lead, by: User) -> bool:
    """Tell whether ``by`` accepted the lead already, in so many words."""
    spoken = StageChange.objects.filter(
        lead=row,
        round=row.round,
        to_stage=Stage.SAL,
        in_force=True,
        is_withdrawal=False,
    ).exclude(cause=Cause.SILENCE)
    theirs = row.owner_id == by.pk or row.owner_id in by.stands_in_for
    return row.stage == Stage.SAL and theirs and spoken.exists()
