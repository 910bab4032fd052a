"""Take spend from a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from campaigns.actions import campaigns
from campaigns.actions.merge_campaigns import reinstate
from campaigns.actions.merge_outcomes import Outcome, Told
from campaigns.actions.spend import NewSpend, enter_many
from campaigns.models import Campaign
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.ledger import actions as ledger


def merge(told: Told, *, by: User | None, at: datetime, live: bool = False) -> Outcome:
    """Take the rows; see `Outcome` for the answer. ``live`` makes no difference.

    The targets are those of files of spend (`integrations.domain.kinds.spend`). One
    campaign, day, category and external id have one amount; another amount takes its
    place. A campaign that is named and not known yet is made. Taking the same rows
    again changes nothing. The number of statements is constant.

    Refusals: ``unknown_campaign``, ``identity_conflict``.
    """
    outcome = Outcome()
    with ledger.entry(by=by, at=at, cause="spend"):
        book = _Campaigns(told)
        taken = [place for place in range(told.size) if book.is_good(place, outcome)]
        book.make(taken, by=by, at=at)
        entries = list(_entries(told, {place: book.id_of(place) for place in taken}))
        for code in enter_many(entries, by=by, at=at) if entries else []:
            outcome.count(code)
    return outcome


class _Campaigns:
    """The campaigns of a batch: by identifier, else by name."""

    def __init__(self, told: Told) -> None:
        columns = ("external_system", "campaign_external_id", "campaign")
        cells = zip(*map(told.column, columns), strict=True)
        self._named = [tuple(cell or "" for cell in row) for row in cells]
        ids = {external for _, external, _ in self._named if external}
        names = {name for _, _, name in self._named if name}
        rows = Campaign.objects.filter(Q(name__in=names) | Q(external_id__in=ids))
        self._by_id: dict[tuple[str, str], Campaign] = {}
        self._by_name: dict[str, Campaign] = {}
        for row in rows:
            self._by_name[row.name] = row
            if row.external_id:
                self._by_id[row.external_system, row.external_id] = row
        self._made: dict[str, int] = {}

    def is_good(self, place: int, outcome: Outcome) -> bool:
        """Tell whether a row names one campaign, known or not; else refuse it."""
        system, external_id, name = self._named[place]
        by_id = self._by_id.get((system, external_id)) if external_id else None
        by_name = self._by_name.get(name)
        if by_id is None and not name:
            outcome.refuse(place, "unknown_campaign", "campaign_external_id")
            return False
        if by_id and by_name and by_id != by_name:
            outcome.refuse(place, "identity_conflict", "campaign_external_id")
            return False
        return True

    def make(self, places: Sequence[int], *, by: User | None, at: datetime) -> None:
        """Make the campaigns that are not known; count withdrawn ones again."""
        rows = {place: self._row(place) for place in places}
        new = {self._named[place][2] for place, row in rows.items() if row is None}
        self._made = campaigns.named(new, by=by, at=at)
        reinstate([row.pk for row in rows.values() if row], by=by, at=at)

    def _row(self, place: int) -> Campaign | None:
        system, external_id, name = self._named[place]
        by_id = self._by_id.get((system, external_id)) if external_id else None
        return by_id or self._by_name.get(name)

    def id_of(self, place: int) -> int:
        """Return the campaign's id, once it has been made."""
        row = self._row(place)
        return row.pk if row else self._made[self._named[place][2]]


def _entries(told: Told, ids: Mapping[int, int]) -> Iterator[NewSpend]:
    base = workspace.current().base_currency
    columns = (
        *("day", "amount", "currency", "category", "external_system", "external_id"),
    )
    cells = list(zip(*map(told.column, columns), strict=True))
    for place, campaign in ids.items():
        day, amount, currency, category, system, external_id = cells[place]
        yield NewSpend(
            campaign_id=campaign,
            day=day,
            amount=amount,
            currency=currency or base,
            category=category or "",
            external_system=(system or "") if external_id else "",
            external_id=external_id or "",
        )
