"""What people write down while they meet: notes, decisions and actions."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import Forbidden, Invalid
from foundation.ledger import actions as ledger
from meetings import rules, signals
from meetings.actions.claims import claim_item
from meetings.enums import MeetingState
from meetings.models import Action, AgendaItem, Decision, Note
from meetings.queries.kpis import is_known


class Wrong(Invalid):
    """What was written cannot stand like this; ``field`` says where."""

    code = "wrong_record"


class NotYours(Forbidden):
    """Only whoever wrote it, or who leads the meeting, takes it back."""

    code = "record_not_yours"


def write_note(item: AgendaItem, text: str, *, by: User, at: datetime) -> Note:
    """Keep what was said about an item of a running meeting.

    Raises:
        NotNow: the meeting does not run.
        Wrong: there are no words.
    """
    words = _words(text)
    with ledger.entry(by=by, at=at, cause="web") as entry:
        row = claim_item(item, [MeetingState.RUNNING])
        note = Note.objects.create(item=row, text=words, written_by=by, written_at=at)
        entry.record("meetings.note.written", subject=("meetings.note", note.pk))
    return note


def decide(
    item: AgendaItem,
    text: str,
    *,
    by: User,
    at: datetime,
    help_by: date | None = None,
    help_kpi: str = "",
) -> Decision:
    """Keep what both teams settled about an item of a running meeting.

    With ``help_by``, a local date, the decision comes back on the first agenda from
    then on with the number ``help_kpi`` before and after.

    Raises:
        NotNow: the meeting does not run.
        Wrong: there are no words, there is a number without a date, or no such number.
    """
    words = _words(text)
    if help_kpi and help_by is None:
        raise Wrong(_("Say by when it should have helped."), field="help_by")
    if help_kpi and not is_known(help_kpi):
        raise Wrong(_("There is no such number."), field="help_kpi")
    with ledger.entry(by=by, at=at, cause="web") as entry:
        row = claim_item(item, [MeetingState.RUNNING])
        decision = Decision.objects.create(
            item=row,
            text=words,
            help_by=help_by,
            help_kpi=help_kpi,
            taken_by=by,
            taken_at=at,
        )
        entry.record(
            "meetings.decision.taken",
            subject=("meetings.decision", decision.pk),
            data={
                "help_by": help_by.isoformat() if help_by else None,
                "help_kpi": help_kpi or None,
            },
        )
    return decision


def agree(
    item: AgendaItem, text: str, *, owner: User, due_on: date, by: User, at: datetime
) -> Action:
    """Keep who does what by which local date, agreed about an item.

    Raises:
        NotNow: the meeting does not run.
        Wrong: there are no words, or the owner cannot sign in.
    """
    words = _words(text)
    if not owner.is_active:
        raise Wrong(_("The owner has left."), field="owner")
    with ledger.entry(by=by, at=at, cause="web") as entry:
        row = claim_item(item, [MeetingState.RUNNING])
        action = Action.objects.create(
            item=row,
            text=words,
            owner=owner,
            due_on=due_on,
            agreed_by=by,
            agreed_at=at,
        )
        entry.record(
            "meetings.action.agreed",
            subject=("meetings.action", action.pk),
            data={"owner": owner.pk, "due_on": due_on.isoformat()},
        )
        signals.action_changed.send(Action, action=action, by=by, at=at)
    return action


def take_back(record: Note | Decision | Action, *, by: User, at: datetime) -> None:
    """Take back what was just written, while the meeting still runs.

    Raises:
        NotNow: the meeting does not run (any more).
        NotYours: somebody else wrote it, and leads the meeting neither.
        Wrong: it is an action that was changed since.
    """
    name = record._meta.model_name
    with ledger.entry(by=by, at=at, cause="web") as entry:
        item = claim_item(record.item, [MeetingState.RUNNING])
        if not rules.may_take_back(by, record, item.meeting):
            raise NotYours(_("Only who wrote this can take it back."))
        if isinstance(record, Action) and record.changes.exists():
            raise Wrong(_("This action was changed since; drop it instead."))
        type(record)._default_manager.filter(pk=record.pk).delete()
        entry.record(
            f"meetings.{name}.withdrawn", subject=(f"meetings.{name}", record.pk)
        )


def _words(text: str) -> str:
    if not text.strip():
        raise Wrong(_("Write something first."), field="text")
    return text.strip()
