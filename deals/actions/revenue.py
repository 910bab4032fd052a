"""Enter what customers pay: new, more, less, no longer, or once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from deals import signals
from deals.domain.reductions import Account, replay
from deals.enums import RevenueKind
from deals.models import RevenueEntry
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.currencies.queries import rates
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from leads.domain.sets import Rows

type Customer = tuple[str, int]
type Holding = tuple[Customer, str]
_REDUCES = {RevenueKind.CONTRACTION, RevenueKind.CHURN}


@dataclass(frozen=True)
class NewRevenue:
    """One entry. ``customer`` is ``("company", id)``, or ``("lead", id)`` without one.

    Recurring amounts are per month from ``starts_on``. A churn without an amount ends
    everything the customer pays in that currency.
    """

    customer: Customer
    kind: str
    starts_on: date
    amount: Decimal | None
    currency: str
    deal_id: int | None = None
    reason: str = ""
    external_system: str = ""
    external_id: str = ""


@dataclass(frozen=True)
class Entered:
    """``created``, ``unchanged``, or refused with a code."""

    code: str
    entry_id: int = 0

    @property
    def refused(self) -> bool:
        return self.code in REFUSALS


REFUSALS = {
    "amount_missing": _("Give an amount above zero."),
    "more_than_there_is": _("The customer pays less than is taken away."),
    "nothing_to_end": _("The customer pays nothing that could end."),
    "out_of_order": _("A later entry of this customer is known already."),
}


class NotEntered(DomainError):
    """The one entry was refused; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(REFUSALS[code])
        self.code = code


def enter(new: NewRevenue, *, by: User | None, at: datetime) -> Entered:
    """Enter one. As `enter_many`, but a refusal is raised."""
    entered = enter_many([new], by=by, at=at)[0]
    if entered.refused:
        raise NotEntered(entered.code)
    return entered


def enter_many(
    new: Sequence[NewRevenue],
    *,
    by: User | None,
    at: datetime,
    cause: str = "revenue",
) -> list[Entered]:
    """Enter revenue in order of date, ties in the given order; results as given.

    An entry known by external id, or equal to one in force, is ``unchanged``. Refused
    ones do not stop the others. The number of statements is constant.
    """
    with ledger.entry(by=by, at=at, cause=cause) as entry:
        book = _Book(new)
        order = sorted(range(len(new)), key=lambda i: (new[i].starts_on, i))
        codes = {i: book.take(new[i], at=at, entry=entry.pk) for i in order}
        made = RevenueEntry.objects.bulk_create(book.written)
        if made:
            entry.record_many(
                "deals.revenue.entered",
                (
                    (("deals.revenue", row.pk), {"kind": row.kind, "deal": row.deal_id})
                    for row in made
                ),
            )
            rows = Rows(entry.pk, made[0].pk, made[-1].pk)
            signals.revenue_entered.send(RevenueEntry, rows=rows, by=by, at=at)
    fresh = iter(made)
    ids = {i: next(fresh).pk for i in order if codes[i] == "created"}
    return [Entered(codes[i], ids.get(i, 0)) for i in range(len(new))]


class _Book:
    """The customers' accounts, replayed from what is in force."""

    def __init__(self, new: Sequence[NewRevenue]) -> None:
        self.known = _in_force(new)
        self.accounts: dict[Holding, Account] = {}
        self.last: dict[Holding, date] = {}
        self.seen: set[object] = set()
        for holding, rows in self.known.items():
            self._open(holding, rows)
        pairs = {(item.currency, item.starts_on) for item in new}
        base = workspace.current().base_currency
        self.factors = rates.factors(pairs, to=base)
        self.written: list[RevenueEntry] = []

    def _open(self, holding: Holding, rows: list[RevenueEntry]) -> None:
        self.accounts[holding] = replay((r.kind, r.amount, r.base_amount) for r in rows)
        recurring = [r.starts_on for r in rows if r.kind != RevenueKind.ONE_OFF]
        self.last[holding] = max(recurring, default=date.min)
        self.seen |= {_fingerprint_of(row) for row in rows}
        self.seen |= {(r.external_system, r.external_id) for r in rows if r.external_id}

    def take(self, item: NewRevenue, *, at: datetime, entry: int) -> str:
        external = (item.external_system, item.external_id)
        known = external if item.external_id else _fingerprint(item)
        if known in self.seen:
            return "unchanged"
        holding = (item.customer, item.currency)
        account = self.accounts.setdefault(holding, Account())
        amount = item.amount
        if amount is None and item.kind == RevenueKind.CHURN:
            amount = account.running
        if code := self._refusal(item, amount, holding):
            return code
        base = self._worth(item, amount or Decimal(), account)
        self.written.append(_row(item, amount or Decimal(), base, at=at, entry=entry))
        self.seen |= {known, _fingerprint(item)}
        if item.kind != RevenueKind.ONE_OFF:
            self.last[holding] = item.starts_on
        return "created"

    def _refusal(
        self, item: NewRevenue, amount: Decimal | None, holding: Holding
    ) -> str:
        running = self.accounts[holding].running
        if item.kind == RevenueKind.CHURN and not running:
            return "nothing_to_end"
        if amount is None or amount <= 0:
            return "amount_missing"
        if item.kind in _REDUCES and amount > running:
            return "more_than_there_is"
        late = item.starts_on < self.last.get(holding, date.min)
        return "out_of_order" if late and item.kind in _REDUCES else ""

    def _worth(
        self, item: NewRevenue, amount: Decimal, account: Account
    ) -> Decimal | None:
        if item.kind in _REDUCES:
            return account.reduce(amount)
        worth = rates.convert(amount, self.factors[item.currency, item.starts_on])
        if item.kind != RevenueKind.ONE_OFF:
            account.add(amount, worth)
        return worth


def _fingerprint(item: NewRevenue) -> object:
    deal = (item.deal_id, item.external_system, item.external_id)
    return (item.customer, item.currency, item.kind, item.starts_on, item.amount, deal)


def _fingerprint_of(row: RevenueEntry) -> object:
    deal = (row.deal_id, row.external_system, row.external_id)
    customer = customer_of(row)
    return (customer, row.currency, row.kind, row.starts_on, row.amount, deal)


def customer_of(row: RevenueEntry) -> Customer:
    """Return whose revenue it is: the company, or the lead where there is none."""
    if row.company_id:
        return ("company", row.company_id)
    return ("lead", row.lead_id or 0)


def _in_force(new: Sequence[NewRevenue]) -> dict[Holding, list[RevenueEntry]]:
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, pk in {item.customer for item in new}:
        ids[kind].add(pk)
    rows = RevenueEntry.objects.filter(in_force=True, is_withdrawal=False)
    companies = rows.filter(company__in=ids["company"])
    theirs = companies | rows.filter(lead__in=ids["lead"])
    found: dict[Holding, list[RevenueEntry]] = defaultdict(list)
    for row in theirs.order_by("starts_on", "pk").select_for_update():
        found[customer_of(row), row.currency].append(row)
    return found


def _row(
    item: NewRevenue, amount: Decimal, base: Decimal | None, *, at: datetime, entry: int
) -> RevenueEntry:
    kind, pk = item.customer
    return RevenueEntry(
        entry_id=entry,
        company_id=pk if kind == "company" else None,
        lead_id=pk if kind == "lead" else None,
        deal_id=item.deal_id,
        external_system=item.external_system,
        external_id=item.external_id,
        kind=item.kind,
        starts_on=item.starts_on,
        amount=amount,
        currency=item.currency,
        base_amount=base,
        reason=item.reason,
        recorded_at=at,
    )
