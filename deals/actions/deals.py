"""Open, win and lose deals; a won deal makes its lead a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deals import signals
from deals.enums import Outcome
from deals.models import Deal, DealChange
from foundation.accounts.models import User, Workspace
from foundation.accounts.queries import workspace
from foundation.currencies.queries import rates
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from leads.actions import stages
from leads.domain.sets import Rows
from leads.enums import Cause, Stage
from leads.models import Lead

_STAMPED = ("owner_id", "source", "campaign_id", "segment", "country")
_FACTS = (
    *("outcome", "opened_at", "closed_at", "amount", "currency", "base_amount"),
    *("lost_reason", *_STAMPED),
)
_HARMLESS = {"already_there", "out_of_order", "no_way"}


@dataclass(frozen=True)
class DealFacts:
    """A deal as somebody tells it.

    ``opened_at`` is None where only the end is known; then the lead's opportunity
    stage is implied. ``values`` are further fields of the row (name, owner_id, …);
    source, campaign, segment, country and owner not given are the lead's.
    ``recorded_at`` is when it was written down, where that is not now.
    """

    lead_id: int
    outcome: str = Outcome.OPEN
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    amount: Decimal | None = None
    currency: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class Saved:
    """``created``, ``updated``, ``unchanged``, or refused with a code."""

    code: str
    deal_id: int = 0

    @property
    def refused(self) -> bool:
        return self.code in REFUSALS


REFUSALS = {
    "unknown_lead": _("There is no such lead."),
    "before_lead_created": _("This happened before the lead was created."),
    "in_future": _("This has not happened yet."),
    "closed_at_missing": _("A deal that is won or lost needs the time of closing."),
    "closed_before_opened": _("A deal cannot close before it opens."),
    "currency_missing": _("An amount needs its currency."),
    "customer_goes_nowhere": _("The lead cannot reach this stage."),
}


class NotSaved(DomainError):
    """The one deal was refused; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(REFUSALS[code])
        self.code = code


def save(facts: DealFacts, *, by: User | None, at: datetime) -> Saved:
    """Create or change one deal. As `save_many`, but a refusal is raised."""
    saved = save_many([facts], by=by, at=at)[0]
    if saved.refused:
        raise NotSaved(saved.code)
    return saved


def save_many(
    facts: Sequence[DealFacts],
    *,
    by: User | None,
    at: datetime,
    live: bool = True,
    cause: str = "deals",
    named: Deal | None = None,
) -> list[Saved]:
    """Create or change deals, found by external id, else by lead, closing and amount.

    A deal opened takes its lead to *opportunity*, one won to *customer*, one lost to
    *lost*; skipped stages are implied. A lead that is further already stays there.
    Amounts are converted at the rate of the event's own local day and stay so.
    Refused ones do not stop the others. The number of statements is constant.
    ``named`` says which deal the facts are about, where that is known.
    """
    with ledger.entry(by=by, at=at, cause=cause) as entry:
        book = _Book(facts, at=at, named=named)
        codes = [book.refusal(item) for item in facts]
        _advance(facts, codes, by=by, at=at, live=live)
        results = [
            Saved(code) if code else book.take(item)
            for item, code in zip(facts, codes, strict=True)
        ]
        return _write(book, results, entry, by=by, live=live)


def change(
    deal: Deal, told: Mapping[str, Any], *, by: User | None, at: datetime
) -> Saved:
    """Tell what became of one deal; what is not told stays. Repeating is harmless.

    Raises:
        NotSaved: with one of the codes in ``REFUSALS``.
    """
    facts = DealFacts(
        lead_id=deal.lead_id,
        outcome=told.get("outcome", deal.outcome),
        opened_at=told.get("opened_at", deal.opened_at),
        closed_at=told.get("closed_at", deal.closed_at),
        amount=told.get("amount", deal.amount),
        currency=told.get("currency", deal.currency) or "",
        values={
            name: told.get(name, getattr(deal, name)) for name in (*_STAMPED, *_OWN)
        },
    )
    saved = save_many([facts], by=by, at=at, named=deal)[0]
    if saved.refused:
        raise NotSaved(saved.code)
    return saved


class _Book:
    def __init__(
        self, facts: Sequence[DealFacts], *, at: datetime, named: Deal | None = None
    ) -> None:
        self.at, self.workspace = at, workspace.current()
        leads = Lead.objects.filter(pk__in={item.lead_id for item in facts})
        self.leads = {row.pk: row for row in leads}
        self.known = {key_of_deal(row): row for row in known_deals(facts)}
        if named is not None:
            row = Deal.objects.select_for_update().get(pk=named.pk)
            self.known = {deal_key(item): row for item in facts}
        self.factors = _factors(facts, self.workspace, at)
        self.new: dict[tuple[Any, ...], Deal] = {}
        self.learnt: dict[int, datetime] = {}
        self.changed: dict[int, Deal] = {}

    def refusal(self, item: DealFacts) -> str:
        lead = self.leads.get(item.lead_id)
        if lead is None:
            return "unknown_lead"
        if item.outcome != Outcome.OPEN and item.closed_at is None:
            return "closed_at_missing"
        if item.amount is not None and not item.currency:
            return "currency_missing"
        return self._out_of_time(item, lead)

    def _out_of_time(self, item: DealFacts, lead: Lead) -> str:
        moments = [m for m in (item.opened_at, item.closed_at) if m is not None]
        if item.recorded_at is not None and item.recorded_at > self.at:
            return "in_future"
        if any(moment > self.at for moment in moments):
            return "in_future"
        if any(moment < lead.created_at for moment in moments):
            return "before_lead_created"
        if moments != sorted(moments):
            return "closed_before_opened"
        return ""

    def take(self, item: DealFacts) -> Saved:
        key = deal_key(item)
        row = self.known.get(key) or self.new.get(key)
        if row is not None and row.withdrawn_at is not None:
            return self._bring_back(row, item)
        wanted = self._values(item, row)
        if row is None:
            made = Deal(**_identity(item), lead_id=item.lead_id, **wanted)
            made.company_id = made.company_id or self.leads[item.lead_id].company_id
            self.new[key] = made
            self.learnt[id(made)] = item.recorded_at or self.at
            return Saved("created")
        if all(getattr(row, name) == value for name, value in wanted.items()):
            return Saved("unchanged", row.pk or 0)
        for name, value in wanted.items():
            setattr(row, name, value)
        self.learnt[id(row)] = item.recorded_at or self.at
        if row.pk:
            self.changed[row.pk] = row
        return Saved("updated", row.pk or 0)

    def _bring_back(self, row: Deal, item: DealFacts) -> Saved:
        """Make a deal that was withdrawn with its load anew, in its old row."""
        wanted = {"name": "", "lost_reason": "", **self._values(item, None)}
        wanted.setdefault("company_id", self.leads[item.lead_id].company_id)
        for name, value in wanted.items():
            setattr(row, name, value)
        row.withdrawn_at, row.lead_id = None, item.lead_id
        self.learnt[id(row)] = item.recorded_at or self.at
        self.changed[row.pk] = row
        return Saved("created", row.pk)

    def _values(self, item: DealFacts, row: Deal | None) -> dict[str, Any]:
        source: Lead | Deal = row or self.leads[item.lead_id]
        stamped = {n: item.values.get(n, getattr(source, n)) for n in _STAMPED}
        others = {k: v for k, v in item.values.items() if k in _OWN}
        opened = item.opened_at or (row.opened_at if row else None)
        factor = self.factors.get(_pair(item, self.workspace, self.at))
        base = None if item.amount is None else rates.convert(item.amount, factor)
        return {
            **stamped,
            **others,
            "outcome": item.outcome,
            "opened_at": opened or item.closed_at or self.at,
            "closed_at": None if item.outcome == Outcome.OPEN else item.closed_at,
            "amount": item.amount,
            "currency": item.currency if item.amount is not None else "",
            "base_amount": base,
        }


_OWN = {"name", "lost_reason", "company_id"}


def _identity(item: DealFacts) -> dict[str, str]:
    names = ("external_system", "external_id")
    return {name: item.values.get(name, "") for name in names}


def deal_key(item: DealFacts) -> tuple[Any, ...]:
    """Return what tells a deal apart: its identifier, else lead, closing and amount."""
    external = item.values.get("external_id")
    if external:
        return ("id", item.values.get("external_system", ""), external)
    return ("deal", item.lead_id, item.closed_at, item.amount)


def key_of_deal(row: Deal) -> tuple[Any, ...]:
    """Return the same of a deal that is stored."""
    if row.external_id:
        return ("id", row.external_system, row.external_id)
    return ("deal", row.lead_id, row.closed_at, row.amount)


def known_deals(facts: Sequence[DealFacts]) -> list[Deal]:
    """Return, locked, the deals that facts may mean; withdrawn ones come first."""
    ids = {item.values.get("external_id") for item in facts} - {None, ""}
    nameless = {item.lead_id for item in facts if not item.values.get("external_id")}
    wanted = Q(external_id__in=ids) | Q(external_id="", lead__in=nameless)
    rows = Deal.objects.filter(wanted).order_by(
        F("withdrawn_at").desc(nulls_last=True), "pk"
    )
    return list(rows.select_for_update())


def _pair(item: DealFacts, here: Workspace, at: datetime) -> rates.Pair:
    moment = item.closed_at or item.opened_at or at
    return item.currency, here.today(moment)


def _factors(
    facts: Sequence[DealFacts], here: Workspace, at: datetime
) -> dict[rates.Pair, Decimal | None]:
    pairs = {_pair(item, here, at) for item in facts if item.amount is not None}
    return rates.factors({p for p in pairs if p[0]}, to=here.base_currency)


def _advance(
    facts: Sequence[DealFacts],
    codes: list[str],
    *,
    by: User | None,
    at: datetime,
    live: bool,
) -> None:
    """Take the leads along; a stage that cannot be refuses its deal."""
    wishes: list[stages.Advance] = []
    owners: list[tuple[int, bool]] = []
    for index, item in enumerate(facts):
        if not codes[index]:
            for wish, decisive in wishes_of(item, at, by):
                wishes.append(wish)
                owners.append((index, decisive))
    if not wishes:
        return
    results = stages.advance_many(wishes, by=by, at=at, live=live)
    for (index, decisive), result in zip(owners, results, strict=True):
        if decisive and result.refused and result.code not in _HARMLESS:
            codes[index] = result.code


def wishes_of(
    item: DealFacts, at: datetime, by: User | None
) -> list[tuple[stages.Advance, bool]]:
    """Return how a deal moves its lead, and whether the deal stands or falls with it.

    One that was opened makes an opportunity, one that ended a customer or a loss.
    """
    actor = by.pk if by else None
    opened = item.opened_at or (at if item.outcome == Outcome.OPEN else None)
    found = []
    if opened is not None:
        found.append((Stage.OPPORTUNITY, opened, item.outcome == Outcome.OPEN))
    if item.closed_at is not None and item.outcome != Outcome.OPEN:
        end = Stage.CUSTOMER if item.outcome == Outcome.WON else Stage.LOST
        found.append((end, item.closed_at, True))
    reason = item.values.get("lost_reason", "")
    return [
        (
            stages.Advance(
                item.lead_id,
                stage,
                moment,
                Cause.DEAL,
                reason if stage == Stage.LOST else "",
                actor,
                recorded_at=max(item.recorded_at, moment) if item.recorded_at else None,
            ),
            decisive,
        )
        for stage, moment, decisive in found
    ]


def _write(
    book: _Book,
    results: list[Saved],
    entry: ledger.Writer,
    *,
    by: User | None,
    live: bool,
) -> list[Saved]:
    made = Deal.objects.bulk_create(book.new.values())
    if book.changed:
        names = [*_FACTS, *sorted(_OWN), "lead_id", "withdrawn_at"]
        Deal.objects.bulk_update(book.changed.values(), names)
    touched = [*made, *book.changed.values()]
    changes = DealChange.objects.bulk_create(
        [
            change_of(deal, book.learnt[id(deal)], entry, by=by, live=live)
            for deal in touched
        ]
    )
    if changes:
        entry.record_many("deals.deal.saved", (event_of(change) for change in changes))
        rows = Rows(entry.pk, changes[0].pk, changes[-1].pk)
        signals.deals_changed.send(DealChange, rows=rows, by=by, at=book.at)
    fresh = iter(made)
    return [
        Saved(r.code, next(fresh).pk) if r.code == "created" and not r.deal_id else r
        for r in results
    ]


def event_of(change: DealChange) -> tuple[tuple[str, int], ledger.Payload]:
    """Return the subject and what the ledger's event says of a stored change."""
    return ("deals.deal", change.deal_id), {
        "change": change.pk,
        "outcome": change.outcome,
        "lead": change.deal.lead_id,
    }


def change_of(
    deal: Deal, at: datetime, entry: ledger.Writer, *, by: User | None, live: bool
) -> DealChange:
    """Return the fact, not yet stored, of what a deal is since it was learnt at ``at``.

    What happened more than a day before, and what is loaded as such, is history.
    """
    moment = deal.closed_at or deal.opened_at
    return DealChange(
        entry_id=entry.pk,
        deal=deal,
        occurred_at=moment,
        recorded_at=at,
        actor_id=by.pk if by else None,
        history=not live or at - moment.astimezone(UTC) > stages.BACK_DATED,
        **{name: getattr(deal, name) for name in _FACTS},
    )
