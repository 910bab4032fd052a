"""Take revenue from a file."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from campaigns.actions.merge_outcomes import Outcome, Told
from deals.actions.revenue import (
    REFUSALS,
    Customer,
    NewRevenue,
    customer_of,
    enter_many,
)
from deals.enums import RevenueKind
from deals.models import Deal, RevenueEntry
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.ledger import actions as ledger
from leads.actions.merge_lookups import Reasons, companies_of, leads_of
from leads.enums import ReasonKind
from leads.models import Lead

_TARGETS = {"out_of_order": "starts_on"}
_COMPARED = ("kind", "starts_on", "amount", "currency")


def merge(told: Told, *, by: User | None, at: datetime, live: bool = False) -> Outcome:
    """Take the rows; see `Outcome` for the answer. ``live`` makes no difference.

    The targets are those of files of revenue (`integrations.domain.kinds.revenue`).
    The customer is the company named; else the company of the lead or of the deal's
    lead; else the lead itself. Rows are entered in order of date. Taking the same rows
    again says nothing new. The number of statements is constant.

    Refusals: those of `deals.actions.revenue.enter_many`, ``unknown_company``,
    ``unknown_lead``, ``unknown_deal``, ``identity_conflict``, ``known_otherwise``
    (an identifier is known with another kind, day, amount or currency: facts like
    these are taken back with their load, not changed), ``unknown_reason``.
    """
    outcome = Outcome()
    with ledger.entry(by=by, at=at, cause="revenue"):
        rows = _Rows(told, outcome)
        good = [place for place in range(told.size) if rows.is_good(place)]
        entries = {place: rows.entry(place) for place in good}
        ends = _known_ends(entries.values())
        new = {p: entry for p, entry in entries.items() if _end(entry) not in ends}
        results = enter_many(list(new.values()), by=by, at=at) if new else []
        codes = dict(zip(new, (result.code for result in results), strict=True))
        for place in good:
            _answer(place, codes.get(place, "unchanged"), outcome)
    outcome.refusals.sort(key=lambda refusal: refusal.place)
    return outcome


def _answer(place: int, code: str, outcome: Outcome) -> None:
    if code in REFUSALS:
        outcome.refuse(place, code, _TARGETS.get(code, "amount"))
    else:
        outcome.count(code)


type _End = tuple[Customer, str, date]
"""Who ended paying in which currency on which day."""


def _end(entry: NewRevenue) -> _End | None:
    """Return what a churn without amount and identifier is known again by."""
    whole = entry.kind == RevenueKind.CHURN and entry.amount is None
    if not whole or entry.external_id:
        return None
    return entry.customer, entry.currency, entry.starts_on


def _known_ends(entries: Iterable[NewRevenue]) -> set[_End]:
    days = {end[2] for entry in entries if (end := _end(entry))}
    rows = RevenueEntry.objects.filter(
        kind=RevenueKind.CHURN, starts_on__in=days, in_force=True, is_withdrawal=False
    )
    return {(customer_of(row), row.currency, row.starts_on) for row in rows}


class _Rows:
    """The rows of one batch, with whom and what they name."""

    def __init__(self, told: Told, outcome: Outcome) -> None:
        self.told, self.outcome = told, outcome
        self._base = workspace.current().base_currency
        self._reasons = Reasons([ReasonKind.LOSE, ReasonKind.REFUSE])
        self._companies = companies_of(told, outcome)
        self._leads = leads_of(told, outcome)
        self._deals = self._deals_of()
        of_deals = {deal.lead_id for deal in self._deals.values()}
        ids = [*of_deals, *(pk for pk in self._leads if pk)]
        rows = Lead.objects.filter(pk__in=ids).values_list("pk", "company_id")
        self._company_of = dict(rows)
        self._refused = {refusal.place for refusal in outcome.refusals}
        self._known = self._known_entries()

    def _cell(self, target: str, place: int) -> Any:  # noqa: ANN401 -- any value
        return self.told.column(target)[place]

    def _own(self, place: int, target: str) -> tuple[str, str]:
        system = self._cell("external_system", place) or ""
        return system, self._cell(target, place) or ""

    def _deals_of(self) -> dict[tuple[str, str], Deal]:
        ids = {
            external for external in self.told.column("deal_external_id") if external
        }
        rows = Deal.objects.filter(external_id__in=ids, withdrawn_at__isnull=True)
        return {(row.external_system, row.external_id): row for row in rows}

    def _known_entries(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        ids = {external for external in self.told.column("external_id") if external}
        rows = RevenueEntry.objects.filter(
            external_id__in=ids, in_force=True, is_withdrawal=False
        )
        names = ("external_system", "external_id", *_COMPARED)
        return {row[:2]: row[2:] for row in rows.values_list(*names)}

    def is_good(self, place: int) -> bool:
        """Tell whether a row can be entered; else refuse it."""
        if place in self._refused:
            return False
        if fault := self._fault(place):
            code, target, params = fault
            self.outcome.refuse(place, code, target, **params)
            return False
        own = self._own(place, "external_id")
        if own[1]:
            self._known.setdefault(own, self._values(place))
        return True

    def _fault(self, place: int) -> tuple[str, str, dict[str, str]] | None:
        deal, reason = (
            self._cell("deal_external_id", place),
            self._cell("reason", place),
        )
        if deal and self._own(place, "deal_external_id") not in self._deals:
            return "unknown_deal", "deal_external_id", {}
        if reason is not None and self._reason(place) is None:
            return "unknown_reason", "reason", {"text": reason}
        own = self._own(place, "external_id")
        known = self._known.get(own) if own[1] else None
        if known and not _agree(known, self._values(place)):
            return "known_otherwise", "external_id", {}
        return None

    def _values(self, place: int) -> tuple[Any, ...]:
        kind, day, amount = (self._cell(name, place) for name in _COMPARED[:3])
        return kind, day, amount, self._cell("currency", place) or self._base

    def _reason(self, place: int) -> str | None:
        text = self._cell("reason", place) or ""
        lose = self._reasons.code(ReasonKind.LOSE, text)
        return lose or self._reasons.code(ReasonKind.REFUSE, text)

    def _customer(self, place: int) -> Customer:
        if company := self._companies[place]:
            return "company", company
        deal = self._deals.get(self._own(place, "deal_external_id"))
        lead = self._leads[place]
        if lead is None and deal is not None:
            if deal.company_id:
                return "company", deal.company_id
            lead = deal.lead_id
        lead = lead or 0
        if company := self._company_of[lead]:
            return "company", company
        return "lead", lead

    def entry(self, place: int) -> NewRevenue:
        """Return what a row tells."""
        kind, starts_on, amount, currency = self._values(place)
        system, external_id = self._own(place, "external_id")
        deal = self._deals.get(self._own(place, "deal_external_id"))
        return NewRevenue(
            self._customer(place),
            kind,
            starts_on,
            amount,
            currency,
            deal_id=deal.pk if deal else None,
            reason=self._reason(place) or "",
            external_system=system if external_id else "",
            external_id=external_id,
        )


def _agree(known: tuple[Any, ...], told: tuple[Any, ...]) -> bool:
    """Tell whether a row says what is known; a blank amount contradicts nothing."""
    return all(b is None or a == b for a, b in zip(known, told, strict=True))
