"""Take campaigns from a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from campaigns.actions.merge_outcomes import Outcome, Told
from campaigns.actions.merge_people import People
from campaigns.actions.merge_records import Records, passes
from campaigns.enums import Channel
from campaigns.models import Campaign
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.ledger import actions as ledger

_BLANK = {
    "external_system": "",
    "external_id": "",
    "name": "",
    "channel": Channel.OTHER.value,
    "starts_on": None,
    "ends_on": None,
    "budget": None,
    "currency": "",
    "owner_id": None,
}


def merge(told: Told, *, by: User | None, at: datetime, live: bool = False) -> Outcome:
    """Take the rows; see `Outcome` for the answer. ``live`` makes no difference.

    The targets are those of files of campaigns (`integrations.domain.kinds.campaigns`).
    A campaign is found by external id, else by name. Blank cells change nothing.
    Taking the same rows again changes nothing. The number of statements is constant.

    Refusals: ``identity_conflict``, ``ends_before_start``, ``owner_too_long``.
    """
    outcome = Outcome()
    with ledger.entry(by=by, at=at, cause="campaigns"):

        def take(places: Sequence[int]) -> list[int]:
            return _Pass(told, outcome, at=at).run(places, by=by)

        passes(range(told.size), take)
    outcome.refusals.sort(key=lambda refusal: refusal.place)
    return outcome


class _Pass:
    def __init__(self, told: Told, outcome: Outcome, *, at: datetime) -> None:
        self.told, self.outcome, self.at = told, outcome, at
        self._records: Records[Campaign] = Records("campaigns.campaign", outcome)
        self._people = People(told.column("owner"))
        self._columns = {
            name: told.column(name) for name in _BLANK if name != "owner_id"
        }
        self._columns["owner_id"] = self._people.column
        self._currency = workspace.current().base_currency
        self._by_name: dict[str, Campaign] = {}
        self._by_id: dict[tuple[str, str], Campaign] = {}
        self._given_up: set[str] = set()
        self._waiting: list[int] = []
        self._told_of: dict[int, set[str]] = {}
        for row in _known(told):
            self._know(row)

    def _know(self, row: Campaign) -> None:
        self._by_name[row.name] = row
        if row.external_id:
            self._by_id[row.external_system, row.external_id] = row

    def run(self, places: Sequence[int], *, by: User | None) -> list[int]:
        """Take the rows and write what they say; return the places that wait."""
        for place in places:
            self._take(place)
        self._write(by)
        return self._waiting

    def _take(self, place: int) -> None:
        given = {n: v for n, c in self._columns.items() if (v := c[place]) is not None}
        own = (given.get("external_system", ""), given.get("external_id", ""))
        if given["name"] in self._given_up:
            self._waiting.append(place)
            return
        row, fault = self._find(given["name"], own)
        values = self._values(given, row)
        fault = fault or self._fault(place, values, given)
        if fault:
            self.outcome.refuse(place, *fault[:2], **fault[2])
        elif row is None:
            row = Campaign(**{**_BLANK, **values}, created_at=self.at)
            self._records.create(row)
            self._know(row)
        else:
            self._change(row, values)

    def _find(
        self, name: str, own: tuple[str, str]
    ) -> tuple[Campaign | None, tuple[str, str, dict[str, str]] | None]:
        by_id = self._by_id.get(own) if own[1] else None
        by_name = self._by_name.get(name)
        row = by_id or by_name
        other = by_id is None and by_name is not None and _is_other(by_name, own)
        if other or (by_id and by_name and by_id is not by_name):
            return row, ("identity_conflict", "external_id" if own[1] else "name", {})
        return row, None

    def _values(self, given: dict[str, Any], row: Campaign | None) -> dict[str, Any]:
        """What the row of the file makes of the campaign."""
        fresh = row is None or row.withdrawn_at is not None
        values = {**_BLANK, **given} if fresh else dict(given)
        if row is not None and row.external_id and not fresh:
            values.pop("external_system", None)
            values.pop("external_id", None)
        budget = values.get("budget", None if fresh or row is None else row.budget)
        if budget is None:
            values.pop("currency", None)
        elif not values.get("currency"):
            values["currency"] = (row.currency if row else "") or self._currency
        return values

    def _fault(
        self, place: int, values: dict[str, Any], given: dict[str, Any]
    ) -> tuple[str, str, dict[str, str]] | None:
        if self.told.column("owner")[place] is not None and "owner_id" not in given:
            return "owner_too_long", "owner", {"limit": People.LIMIT}
        row = self._by_name.get(given["name"])
        starts, ends = (
            values.get(name, getattr(row, name, None))
            for name in ("starts_on", "ends_on")
        )
        if starts and ends and ends < starts:
            return "ends_before_start", "ends_on", {"start": str(starts)}
        return None

    def _change(self, row: Campaign, values: dict[str, Any]) -> None:
        name = row.name
        new = self._records.change(row, values)
        if row.pk and new:
            self._told_of.setdefault(row.pk, set()).update(new)
        if row.name != name:
            self._given_up.add(name)
            del self._by_name[name]
        self._know(row)

    def _write(self, by: User | None) -> None:
        records = self._records
        if not records.taken:
            return
        numbers = {row.owner_id for row in records.taken if row.owner_id}
        self._people.make(numbers, by=by, at=self.at)
        for row in records.taken:
            row.owner_id = self._people.real(row.owner_id)
        records.write(Campaign.objects, list(_BLANK))
        entry = ledger.current()
        entry.record_many(
            "campaigns.campaign.created",
            (
                (("campaigns.campaign", row.pk), {})
                for row in (*records.new, *records.again)
            ),
        )
        entry.record_many(
            "campaigns.campaign.changed",
            (
                (
                    ("campaigns.campaign", pk),
                    {"fields": ",".join(sorted(self._told_of[pk]))},
                )
                for pk in records.changed
            ),
        )


def _is_other(row: Campaign, own: tuple[str, str]) -> bool:
    """Tell whether a campaign has another identifier in the same system."""
    system, external_id = own
    return bool(
        external_id
        and row.external_id
        and row.external_system == system
        and row.external_id != external_id
    )


def _known(told: Told) -> list[Campaign]:
    names = {name for name in told.column("name") if name}
    ids = {external for external in told.column("external_id") if external}
    rows = Campaign.objects.filter(Q(name__in=names) | Q(external_id__in=ids))
    return list(rows.order_by("pk").select_for_update(no_key=True))
