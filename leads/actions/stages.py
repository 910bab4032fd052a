"""Move leads along their path, one or thousands at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from leads import signals
from leads.actions import snapshots
from leads.domain import path
from leads.domain.sets import Rows
from leads.enums import Cause, ReasonKind, Stage
from leads.models import Lead, StageChange
from leads.queries import reasons

BACK_DATED = timedelta(hours=24)
_REASON_KIND = {
    Stage.RECYCLED: ReasonKind.REFUSE,
    Stage.DISQUALIFIED: ReasonKind.DISQUALIFY,
    Stage.LOST: ReasonKind.LOSE,
}


@dataclass(frozen=True)
class Advance:
    """A wish: this lead reached that stage then.

    ``recorded_at`` is when it was learnt, where that is not now: a connected system
    tells in one batch what it recorded over the day. ``although_met`` marks a refusal
    of a lead that met all criteria; whoever asks has looked at them. ``definition_id``
    is the version by which it was judged.
    """

    lead_id: int
    to: str
    occurred_at: datetime
    cause: str = Cause.HAND
    reason: str = ""
    actor_id: int | None = None
    re_entry_on: date | None = None
    recorded_at: datetime | None = None
    although_met: bool = False
    definition_id: int | None = None


@dataclass(frozen=True)
class Result:
    """What became of one wish: ``advanced``, ``unchanged``, or refused with a code."""

    lead_id: int
    code: str = "advanced"

    @property
    def refused(self) -> bool:
        return self.code not in {"advanced", "unchanged"}


REFUSALS = {
    "unknown_lead": _("There is no such lead."),
    "before_lead_created": _("This happened before the lead was created."),
    "in_future": _("This has not happened yet."),
    "out_of_order": _("A later change of this lead is known already."),
    "no_way": _("A lead cannot go from its stage to that one."),
    "already_there": _("The lead reached this stage already, at another time."),
    "unknown_reason": _("This reason is not on the agreed list."),
    "reason_required": _("Choose a reason from the agreed list."),
    "no_refusal": _("Only an MQL can be refused although it met all criteria."),
}


class NotAdvanced(DomainError):
    """The one change that was asked for was refused; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(REFUSALS[code])
        self.code = code


def advance(wish: Advance, *, by: User | None, at: datetime) -> Result:
    """Move one lead. As `advance_many`, but a refusal is raised.

    Raises:
        NotAdvanced: with one of the codes in ``REFUSALS``.
    """
    result = advance_many([wish], by=by, at=at)[0]
    if result.refused:
        raise NotAdvanced(result.code)
    return result


def advance_many(
    wishes: Sequence[Advance],
    *,
    by: User | None,
    at: datetime,
    live: bool = True,
    cause: str = "web",
) -> list[Result]:
    """Write that leads reached stages, and bring their rows up to date.

    Skipped stages are implied at the same instant; a real change learnt later takes
    the place of an implied or a silent one. Wishes are taken in the given
    order; one that is refused does not stop the others. Telling the same twice leaves
    everything as it is (``unchanged``). The number of statements is constant.

    Args:
        wishes: what happened; ``occurred_at`` is aware.
        by: who tells us; None for the product itself.
        at: now. What happened more than 24 hours ago is history and fires nothing.
        live: False marks everything as history (imports).
        cause: the ledger entry's cause, if none is open.
    """
    with ledger.entry(by=by, at=at, cause=cause) as entry:
        book = Book(wishes, at=at, live=live, entry=entry.pk)
        results = [book.take(wish) for wish in wishes]
        if book.written:
            rows = StageChange.objects.bulk_create(book.written, batch_size=10_000)
            snapshots.supersede([row.corrects_id for row in rows if row.corrects_id])
            snapshots.save([book.leads[pk] for pk in sorted(book.moved)])
            entry.record_many(
                "leads.stage.changed",
                ((("leads.lead", row.lead_id), coded(row)) for row in rows),
            )
            span = Rows(entry.pk, rows[0].pk, rows[-1].pk)
            signals.stages_changed.send(StageChange, rows=span, by=by, at=at)
    return results


def coded(row: StageChange) -> dict[str, str | int | bool | None]:
    """Return what the ledger's event says of a stage change."""
    return {
        "change": row.pk,
        "from": row.from_stage,
        "to": row.to_stage,
        "round": row.round,
        "cause": row.cause,
        "implied": row.implied,
        "reason": row.reason,
    }


class Book:
    """The leads of one batch, locked and moved in memory, and the rows to write.

    ``written`` are the changes to store, ``moved`` the leads whose rows differ now.
    """

    def __init__(
        self, wishes: Sequence[Advance], *, at: datetime, live: bool, entry: int
    ) -> None:
        self.at, self.live, self.entry = at, live, entry
        ids = {wish.lead_id for wish in wishes}
        rows = Lead.objects.filter(pk__in=ids).order_by("pk").select_for_update()
        self.leads = {row.pk: row for row in rows}
        self.reasons = reasons.codes(list(_REASON_KIND.values()))
        self.written: list[StageChange] = []
        self.moved: set[int] = set()
        self.known = snapshots.changes_in_force(self._needing_history(wishes))

    def _needing_history(self, wishes: Sequence[Advance]) -> set[int]:
        """Leads of which a stage is told that their row shows as reached already."""
        return {
            wish.lead_id
            for wish in wishes
            if (lead := self.leads.get(wish.lead_id))
            and (
                wish.occurred_at < lead.stage_since_at
                or path.steps(lead.stage, lead.round, wish.to) is None
                or wish.to in path.EXITS
            )
        }

    def take(self, wish: Advance) -> Result:
        """Take one wish after those before it; one that is refused changes nothing."""
        lead = self.leads.get(wish.lead_id)
        if lead is None:
            return Result(wish.lead_id, "unknown_lead")
        if code := self._refusal(lead, wish):
            return Result(lead.pk, code)
        if earlier := self._told_before(lead, wish):
            return self._tell_again(lead, wish, earlier)
        if wish.occurred_at < lead.stage_since_at:
            return Result(lead.pk, "out_of_order")
        found = path.steps(lead.stage, lead.round, wish.to)
        if found is None:
            return Result(lead.pk, "no_way")
        for step in found:
            self._write(lead, wish, step)
        return Result(lead.pk)

    def _refusal(self, lead: Lead, wish: Advance) -> str:
        if wish.occurred_at < lead.created_at:
            return "before_lead_created"
        if max(wish.occurred_at, wish.recorded_at or wish.occurred_at) > self.at:
            return "in_future"
        kind = _REASON_KIND.get(Stage(wish.to))
        if wish.reason and kind and (kind, wish.reason) not in self.reasons:
            return "unknown_reason"
        if kind and not wish.reason and wish.cause not in {Cause.IMPORT, Cause.DEAL}:
            return "reason_required"
        if wish.although_met and not _is_refusal(lead, wish):
            return "no_refusal"
        return ""

    def _told_before(self, lead: Lead, wish: Advance) -> StageChange | None:
        """The change of this round that says the same, or that this one is about."""
        known = [c for c in self.known.get(lead.pk, []) if c.to_stage == wish.to]
        same = [c for c in known if c.occurred_at == wish.occurred_at]
        in_round = [c for c in known if c.round in {lead.round, 0}]
        if wish.to in path.EXITS or lead.stage in path.EXITS:
            in_round = []
        about = same or in_round
        return about[-1] if about else None

    def _tell_again(self, lead: Lead, wish: Advance, told: StageChange) -> Result:
        if not _gives_way(told, wish):
            same = told.occurred_at == wish.occurred_at
            return Result(lead.pk, "unchanged" if same else "already_there")
        changes = self.known[lead.pk]
        if not _fits(changes, told, wish.occurred_at):
            return Result(lead.pk, "out_of_order")
        row = self._row(lead, wish, _as_told(told))
        row.corrects_id, row.from_stage = told.pk, told.from_stage
        self._put(lead, row)
        changes[changes.index(told)] = row
        snapshots.apply(lead, changes)
        return Result(lead.pk)

    def _write(self, lead: Lead, wish: Advance, step: path.Step) -> None:
        row = self._row(lead, wish, step)
        self._put(lead, row)
        self.known.setdefault(lead.pk, []).append(row)
        snapshots.advance(lead, row)
        lead.re_entry_on = wish.re_entry_on if step.to_stage == "recycled" else None

    def _put(self, lead: Lead, row: StageChange) -> None:
        self.written.append(row)
        self.moved.add(lead.pk)

    def _row(self, lead: Lead, wish: Advance, step: path.Step) -> StageChange:
        return row_of(lead, wish, step, at=self.at, live=self.live, entry=self.entry)


def row_of(
    lead: Lead,
    wish: Advance,
    step: path.Step,
    *,
    at: datetime,
    live: bool,
    entry: int,
) -> StageChange:
    """Return the fact of one step, not yet stored, with the lead's present splits."""
    learnt = wish.recorded_at or at
    return StageChange(
        entry_id=entry,
        lead_id=lead.pk,
        round=step.round,
        from_stage=step.from_stage,
        to_stage=step.to_stage,
        occurred_at=wish.occurred_at,
        recorded_at=learnt,
        actor_id=wish.actor_id,
        cause=wish.cause,
        definition_id=None if step.implied else wish.definition_id,
        reason="" if step.implied else wish.reason,
        although_met=wish.although_met and not step.implied,
        implied=step.implied,
        history=not live or learnt - wish.occurred_at > BACK_DATED,
        source=lead.source,
        campaign_id=lead.campaign_id,
        segment=lead.segment,
        country=lead.country,
        owner_id=lead.owner_id,
    )


def _is_refusal(lead: Lead, wish: Advance) -> bool:
    """Tell whether sales gives an MQL back, or did: also one that silence accepted."""
    given_back = {Stage.RECYCLED, Stage.DISQUALIFIED}
    return wish.to in given_back and lead.stage in {Stage.MQL, Stage.SAL, wish.to}


def _gives_way(told: StageChange, wish: Advance) -> bool:
    """Tell whether a known change is replaced by a real one learnt later.

    An implied stage is, and an acceptance by silence: the explicit one counts, at its
    own, later time.
    """
    silent = told.cause == Cause.SILENCE and wish.cause != Cause.SILENCE
    return told.implied or silent


def _as_told(told: StageChange) -> path.Step:
    return path.Step(told.from_stage, told.to_stage, told.round, implied=False)


def _fits(changes: list[StageChange], told: StageChange, moment: datetime) -> bool:
    """Tell whether a stage learnt later lies between its neighbours in time."""
    place = changes.index(told)
    before = changes[place - 1].occurred_at if place else moment
    after = changes[place + 1].occurred_at if place + 1 < len(changes) else moment
    return before <= moment <= after
