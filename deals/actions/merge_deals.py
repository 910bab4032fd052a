"""Take deals from a file: new ones, and what became of known ones.

What is written equals what `deals.actions.deals.save_many` writes for the same deals.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from campaigns.actions.merge_outcomes import Change, Outcome, Told
from campaigns.actions.merge_rows import update_rows
from deals import signals
from deals.actions.deals import DealFacts, change_of, event_of, wishes_of
from deals.actions.merge_deal_rows import REFERRED, WRITTEN, DealRows
from deals.models import Deal, DealChange
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads.actions import stages
from leads.domain.sets import Rows


def merge(told: Told, *, by: User | None, at: datetime, live: bool = False) -> Outcome:
    """Take the rows; see `Outcome` for the answer.

    The targets are those of files of deals (`integrations.domain.kinds.deals`). A deal
    is found by external id, else by lead, closing time and amount. Blank cells change
    nothing; in a new deal they are the lead's. One opened takes its lead to
    *opportunity*, one won to *customer*, one lost to *lost*, at their times; skipped
    stages are implied, and a lead that is further already stays there. Taking the same
    rows again changes nothing. The number of statements is constant.

    Refusals: those of `deals.actions.deals.save_many`, ``unknown_reason``,
    ``identity_conflict``, ``owner_too_long``.
    """
    outcome = Outcome()
    with ledger.entry(by=by, at=at, cause="deals") as entry:
        merger = _Merger(DealRows(told, outcome, at=at), outcome, entry, by, live=live)
        for place in range(told.size):
            merger.take(place)
        merger.write()
    outcome.refusals.sort(key=lambda refusal: refusal.place)
    return outcome


class _Merger:
    def __init__(
        self,
        rows: DealRows,
        outcome: Outcome,
        entry: ledger.Writer,
        by: User | None,
        *,
        live: bool,
    ) -> None:
        self.rows, self.outcome, self.entry = rows, outcome, entry
        self.by, self.live = by, live
        self._new: list[Deal] = []
        self._before: dict[int, tuple[Deal, dict[str, Any]]] = {}
        self._again: dict[int, Deal] = {}
        self._places: list[int] = []
        self._wishes: list[stages.Advance] = []
        self._changes: list[DealChange] = []

    def take(self, place: int) -> None:
        """Take one row, after those before it."""
        deal, facts = self.rows.read(place)
        if facts is None:
            return
        values = self.rows.values(facts, deal)
        if deal is None:
            self._create(place, facts, values)
            return
        old = {n: getattr(deal, n) for n, v in values.items() if getattr(deal, n) != v}
        back = deal.withdrawn_at is not None
        if not old and not back:
            self.outcome.count("unchanged")
            return
        for name in old:
            setattr(deal, name, values[name])
        if back:
            self._reinstate(place, deal, facts)
        else:
            self._update(place, deal, facts, old)

    def _create(self, place: int, facts: DealFacts, values: dict[str, Any]) -> None:
        deal = self.rows.make(facts, values)
        self._new.append(deal)
        self.outcome.count("created")
        self._note(place, deal, facts)

    def _reinstate(self, place: int, deal: Deal, facts: DealFacts) -> None:
        deal.withdrawn_at, deal.lead_id = None, facts.lead_id
        self._again[deal.pk] = deal
        self.outcome.count("created")
        self._note(place, deal, facts)

    def _update(
        self, place: int, deal: Deal, facts: DealFacts, old: dict[str, Any]
    ) -> None:
        if deal.pk and deal.pk not in self._again:
            _, before = self._before.get(deal.pk, (deal, {}))
            self._before[deal.pk] = deal, old | before
        self.outcome.count("updated")
        opened = facts.opened_at if "opened_at" in old else None
        moved = opened or old.keys() & {"outcome", "closed_at"}
        told = replace(facts, opened_at=opened)
        self._note(place, deal, told if moved else None)

    def _note(self, place: int, deal: Deal, facts: DealFacts | None) -> None:
        """Keep what is to be written for a row that says something new."""
        at = self.rows.at
        self._places.append(place)
        self._changes.append(
            change_of(deal, at, self.entry, by=self.by, live=self.live)
        )
        if facts is not None:
            self._wishes += [wish for wish, _ in wishes_of(facts, at, self.by)]

    def write(self) -> None:
        """Write the deals, their changes, and what follows for their leads."""
        if not self._changes:
            return
        self._settle_references()
        Deal.objects.bulk_create(self._new, batch_size=10_000)
        update_rows(self._known(), [*WRITTEN, "lead_id", "withdrawn_at"])
        changes = DealChange.objects.bulk_create(self._changes, batch_size=10_000)
        self.entry.record_many("deals.deal.saved", map(event_of, changes))
        told = self._before.values()
        self.outcome.changes += [_told(deal, old) for deal, old in told]
        self._advance()
        rows = Rows(self.entry.pk, changes[0].pk, changes[-1].pk)
        at = self.rows.at
        signals.deals_changed.send(DealChange, rows=rows, by=self.by, at=at)

    def _known(self) -> list[Deal]:
        return [*(deal for deal, _ in self._before.values()), *self._again.values()]

    def _settle_references(self) -> None:
        """Put ids in the place of provisional numbers."""
        self.rows.make_references(self._places, by=self.by)
        for row in (*self._new, *self._known(), *self._changes):
            for name in REFERRED:
                setattr(row, name, self.rows.real(name, getattr(row, name)))

    def _advance(self) -> None:
        """Take the leads along, in order of time; what cannot be stays as it is."""
        wishes = sorted(self._wishes, key=lambda wish: wish.occurred_at)
        if wishes:
            at, live = self.rows.at, self.live
            stages.advance_many(wishes, by=self.by, at=at, live=live)


def _told(deal: Deal, old: dict[str, Any]) -> Change:
    return Change(
        "deals.deal",
        deal.pk,
        {name: _plain(value) for name, value in old.items()},
        {name: _plain(getattr(deal, name)) for name in old},
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 -- any field's value, as JSON has it
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if value is None or isinstance(value, int) else str(value)
