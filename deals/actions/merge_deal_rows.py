"""What rows of a file say of deals, beside what is known of these deals already."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from campaigns.actions.merge_campaigns import Campaigns
from campaigns.actions.merge_outcomes import Outcome, Told
from campaigns.actions.merge_people import People
from deals.actions.deals import DealFacts, deal_key, key_of_deal, known_deals
from deals.enums import Outcome as Course
from deals.models import Deal
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.currencies.queries import rates
from leads.actions.merge_lookups import Reasons, leads_of
from leads.enums import ReasonKind
from leads.models import Lead

REFERRED = ("owner_id", "campaign_id")
WRITTEN = (
    *("outcome", "opened_at", "closed_at", "amount", "currency", "base_amount"),
    *("source", "segment", "country", "owner_id", "campaign_id"),
    *("name", "lost_reason"),
)
"""The fields of a deal that rows write."""

type Fault = tuple[str, str, dict[str, str]]
"""A code, the target it is about, and the values of its sentence."""


class DealRows:
    """The rows of one batch, read one after the other."""

    def __init__(self, told: Told, outcome: Outcome, *, at: datetime) -> None:
        self.told, self.outcome, self.at = told, outcome, at
        self._workspace = workspace.current()
        self._lead_ids = leads_of(told, outcome)
        self._leads = Lead.objects.in_bulk([pk for pk in self._lead_ids if pk])
        self._reasons = Reasons([ReasonKind.LOSE])
        self._people = People(told.column("owner"))
        systems = told.column("external_system")
        self._campaigns = Campaigns(systems, told.column("campaign"))
        self._stamped: dict[str, Sequence[Any]] = {
            **{name: told.column(name) for name in ("source", "segment", "country")},
            "owner_id": self._people.column,
            "campaign_id": self._campaigns.column,
        }
        self._namings = {
            place: self._naming(place, pk)
            for place, pk in enumerate(self._lead_ids)
            if pk
        }
        self._deals = {
            key_of_deal(deal): deal
            for deal in known_deals(list(self._namings.values()))
        }
        self._factors = self._convert_at_once()

    def _cell(self, target: str, place: int) -> Any:  # noqa: ANN401 -- any value
        return self.told.column(target)[place]

    def _naming(self, place: int, lead_id: int) -> DealFacts:
        """What tells the row's deal from others."""
        names = ("external_system", "external_id")
        return DealFacts(
            lead_id,
            closed_at=self._course(place, None)[1],
            amount=self._cell("amount", place),
            values={name: self._cell(name, place) or "" for name in names},
        )

    def _course(self, place: int, deal: Deal | None) -> tuple[str, datetime | None]:
        """Return how far the deal has come, and when it closed.

        Without an outcome the later of the times of winning and losing decides. The
        time of closing of an open deal is a plan, and left out.
        """
        told = self._cell("outcome", place)
        won, lost, closed = (
            self._cell(name, place) for name in ("won_at", "lost_at", "closed_at")
        )
        if told is None and (won or lost):
            told = Course.WON if won and not (lost and lost > won) else Course.LOST
        if told is None and deal is not None:
            told, won, lost = deal.outcome, deal.closed_at, deal.closed_at
        if told == Course.WON:
            return Course.WON, won or closed
        if told == Course.LOST:
            return Course.LOST, lost or closed
        return Course.OPEN, None

    def read(self, place: int) -> tuple[Deal | None, DealFacts | None]:
        """Return the deal a row is about, if there is one, and all that it then is.

        The facts are None where the row is refused.
        """
        if place not in self._namings:
            return None, None
        deal = self._deals.get(deal_key(self._namings[place]))
        facts = self._facts(place, _in_use(deal))
        if fault := self._fault(place, facts, deal):
            code, target, params = fault
            self.outcome.refuse(place, code, target, **params)
            return deal, None
        return deal, facts

    def _facts(self, place: int, deal: Deal | None) -> DealFacts:
        naming = self._namings[place]
        outcome, closed_at = self._course(place, deal)
        amount, currency = naming.amount, self._cell("currency", place)
        if deal is not None:
            amount = deal.amount if amount is None else amount
            currency = currency or deal.currency
        return DealFacts(
            naming.lead_id,
            outcome,
            opened_at=self._cell("opened_at", place),
            closed_at=closed_at,
            amount=amount,
            currency=currency or self._workspace.base_currency,
            values={**naming.values, **self._others(place)},
        )

    def _others(self, place: int) -> dict[str, Any]:
        told = {name: column[place] for name, column in self._stamped.items()}
        told["name"] = self._cell("name", place)
        if (reason := self._cell("lost_reason", place)) is not None:
            told["lost_reason"] = self._reasons.code(ReasonKind.LOSE, reason)
        return {name: value for name, value in told.items() if value is not None}

    def _fault(self, place: int, facts: DealFacts, deal: Deal | None) -> Fault | None:
        reason, owner = self._cell("lost_reason", place), self._cell("owner", place)
        if reason is not None and "lost_reason" not in facts.values:
            return "unknown_reason", "lost_reason", {"text": reason}
        if owner is not None and "owner_id" not in facts.values:
            return "owner_too_long", "owner", {"limit": People.LIMIT}
        if _is_of_another(_in_use(deal), facts.lead_id):
            return "identity_conflict", "external_id", {}
        if facts.outcome != Course.OPEN and facts.closed_at is None:
            return "closed_at_missing", "outcome", {}
        return self._out_of_time(place, facts, deal)

    def _out_of_time(
        self, place: int, facts: DealFacts, deal: Deal | None
    ) -> Fault | None:
        names = [n for n in ("won_at", "lost_at", "closed_at") if self._cell(n, place)]
        closing = names[0] if names else "closed_at"
        lead = self._leads[facts.lead_id]
        told = (("opened_at", facts.opened_at), (closing, facts.closed_at))
        for target, moment in told:
            if moment is not None and moment > self.at:
                return "in_future", target, {}
            if moment is not None and moment < lead.created_at:
                return "before_lead_created", target, {}
        opened = self.values(facts, deal)["opened_at"]
        if facts.closed_at is not None and facts.closed_at < opened:
            return "closed_before_opened", closing, {"start": str(opened)}
        return None

    def values(self, facts: DealFacts, deal: Deal | None) -> dict[str, Any]:
        """Return every field that rows write, as the deal then is."""
        known = _in_use(deal)
        source: Lead | Deal = known or self._leads[facts.lead_id]
        own = {name: getattr(known, name) if known else "" for name in _OWN}
        opened = facts.opened_at or (known.opened_at if known else None)
        return {
            **{name: getattr(source, name) for name in self._stamped},
            **own,
            **{
                n: facts.values[n] for n in (*self._stamped, *_OWN) if n in facts.values
            },
            "outcome": facts.outcome,
            "opened_at": opened or facts.closed_at or self.at,
            "closed_at": facts.closed_at,
            "amount": facts.amount,
            "currency": "" if facts.amount is None else facts.currency,
            "base_amount": self._base_amount(facts, known),
        }

    def _base_amount(self, facts: DealFacts, known: Deal | None) -> Decimal | None:
        """Convert at the rate of the event's own day; what was converted stays."""
        if facts.amount is None:
            return None
        pair = self._pair(facts, known)
        if known and known.base_amount is not None:
            same = (known.amount, known.currency) == (facts.amount, facts.currency)
            if same and self._day(known.closed_at or known.opened_at) == pair[1]:
                return known.base_amount
        if pair not in self._factors:
            self._factors |= rates.factors({pair}, to=self._workspace.base_currency)
        return rates.convert(facts.amount, self._factors[pair])

    def _pair(self, facts: DealFacts, known: Deal | None) -> rates.Pair:
        opened = facts.opened_at or (known.opened_at if known else None)
        return facts.currency, self._day(facts.closed_at or opened or self.at)

    def _day(self, moment: datetime) -> date:
        return self._workspace.today(moment)

    def _convert_at_once(self) -> dict[rates.Pair, Decimal | None]:
        pairs = set()
        for place, naming in self._namings.items():
            known = _in_use(self._deals.get(deal_key(naming)))
            facts = self._facts(place, known)
            if facts.amount is not None:
                pairs.add(self._pair(facts, known))
        return rates.factors(pairs, to=self._workspace.base_currency)

    def make(self, facts: DealFacts, values: dict[str, Any]) -> Deal:
        """Return a new deal with these values, known from now on."""
        names = ("external_system", "external_id")
        deal = Deal(
            lead_id=facts.lead_id,
            company_id=self._leads[facts.lead_id].company_id,
            **{name: facts.values[name] for name in names},
            **values,
        )
        self._deals[deal_key(facts)] = deal
        return deal

    def make_references(self, places: Iterable[int], *, by: User | None) -> None:
        """Make the people and campaigns that these rows refer to."""
        places = list(places)
        numbers = {n for p in places if (n := self._people.column[p]) is not None}
        self._people.make(numbers, by=by, at=self.at)
        numbers = {n for p in places if (n := self._campaigns.column[p]) is not None}
        self._campaigns.make(numbers, by=by, at=self.at)

    def real(self, name: str, number: int | None) -> int | None:
        """Return the id for a number of ``owner_id`` or ``campaign_id``."""
        made = self._people if name == "owner_id" else self._campaigns
        return made.real(number)


_OWN = ("name", "lost_reason")


def _in_use(deal: Deal | None) -> Deal | None:
    """Of a deal that was withdrawn with its load nothing is kept."""
    return None if deal is None or deal.withdrawn_at is not None else deal


def _is_of_another(deal: Deal | None, lead_id: int) -> bool:
    """Tell whether a deal's lead is another one, and was not merged into this one."""
    if deal is None or deal.lead_id == lead_id:
        return False
    return deal.lead.merged_into_id != lead_id
