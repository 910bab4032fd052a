"""What becomes of actions after the meeting that agreed them."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError, Invalid
from foundation.ledger import actions as ledger
from meetings import signals
from meetings.enums import ActionState
from meetings.models import Action, ActionChange


class Closed(DomainError):
    """Somebody finished or dropped the action already."""

    code = "action_closed"


class WrongChange(Invalid):
    """The change cannot be made like this; ``field`` says where."""

    code = "wrong_change"


def finish(action: Action, *, by: User, at: datetime) -> Action:
    """Tick an action off. Again changes nothing.

    Raises:
        Closed: it was dropped.
    """
    return _close(action, ActionState.DONE, by=by, at=at)


def drop(action: Action, *, reason: str, by: User, at: datetime) -> Action:
    """Record that an action is not needed any more, and why. Again changes nothing.

    Raises:
        Closed: it is done.
        WrongChange: there is no reason.
    """
    if not reason.strip():
        raise WrongChange(_("Say why it is not needed any more."), field="reason")
    return _close(action, ActionState.DROPPED, by=by, at=at, reason=reason.strip())


def reopen(action: Action, *, by: User, at: datetime) -> Action:
    """Take back that an action was done or dropped. Again changes nothing."""
    if _now(action).state == ActionState.OPEN:
        return action
    with ledger.entry(by=by, at=at, cause="web"):
        row = _locked(action)
        if row.state == ActionState.OPEN:
            return row
        return _change(row, "reopened", by=by, at=at, state=ActionState.OPEN)


def move(
    action: Action, *, owner: User, due_on: date, by: User, at: datetime
) -> Action:
    """Give an open action another owner or date. The same as before: nothing.

    Raises:
        Closed: it is done or dropped.
        WrongChange: the owner cannot sign in.
    """
    if not owner.is_active:
        raise WrongChange(_("The owner has left."), field="owner")
    if _is_so(_now(action), owner, due_on):
        return action
    with ledger.entry(by=by, at=at, cause="web"):
        row = _locked(action)
        if row.state != ActionState.OPEN:
            raise Closed(_("This action is closed; open it again first."))
        if _is_so(row, owner, due_on):
            return row
        return _change(row, "moved", by=by, at=at, owner_id=owner.pk, due_on=due_on)


def _close(
    action: Action, state: ActionState, *, by: User, at: datetime, reason: str = ""
) -> Action:
    if _now(action).state == state:
        return action
    with ledger.entry(by=by, at=at, cause="web"):
        row = _locked(action)
        if row.state == state:
            return row
        if row.state != ActionState.OPEN:
            raise Closed(_("This action is closed; open it again first."))
        return _change(row, state, by=by, at=at, reason=reason, state=state)


def _now(action: Action) -> Action:
    action.refresh_from_db()
    return action


def _is_so(action: Action, owner: User, due_on: date) -> bool:
    wanted = (ActionState.OPEN, owner.pk, due_on)
    return (action.state, action.owner_id, action.due_on) == wanted


def _locked(action: Action) -> Action:
    return Action.objects.select_for_update(no_key=True).get(pk=action.pk)


def _change(
    row: Action,
    what: str,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    **after: object,
) -> Action:
    """Change a locked row, keep what it was, and tell."""
    state, owner, due_on = row.state, row.owner_id, row.due_on
    for name, value in after.items():
        setattr(row, name, value)
    row.closed_at = None if row.state == ActionState.OPEN else (row.closed_at or at)
    row.save(update_fields=["state", "owner", "due_on", "closed_at"])
    entry = ledger.current()
    ActionChange.objects.create(
        action=row,
        state_before=state,
        state_after=row.state,
        owner_before_id=owner,
        owner_after_id=row.owner_id,
        due_before=due_on,
        due_after=row.due_on,
        reason=reason,
        changed_by=by,
        changed_at=at,
        entry_id=entry.pk,
    )
    data: ledger.Payload = {"owner": row.owner_id, "due_on": row.due_on.isoformat()}
    entry.record(
        f"meetings.action.{what}", subject=("meetings.action", row.pk), data=data
    )
    signals.action_changed.send(Action, action=row, by=by, at=at)
    return row
