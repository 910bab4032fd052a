"""What rows of a file say of touches."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from campaigns.actions.merge_campaigns import Campaigns
from campaigns.actions.merge_outcomes import Outcome, Told
from campaigns.actions.merge_people import People
from campaigns.enums import Channel
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from leads.actions.merge_lookups import leads_of
from leads.enums import Direction, Proof, TouchType

WHOLE_KEY = (
    *("lead_id", "occurred_at", "channel", "type", "direction", "team", "campaign_id"),
)
"""What tells a touch without identifier from others."""

DEFAULTS: Mapping[str, Any] = {
    "external_system": "",
    "external_id": "",
    "channel": Channel.OTHER.value,
    "type": TouchType.OTHER.value,
    "team": "",
    "campaign_id": None,
    "automatic": False,
    "actor_id": None,
    "utm_source": "",
    "utm_medium": "",
    "utm_campaign": "",
    "cost": None,
    "currency": "",
    "proof": Proof.SELF_REPORTED.value,
    "proof_reference": "",
}
_BY_THE_LEAD = frozenset(
    {
        TouchType.VISIT,
        TouchType.FORM,
        TouchType.DEMO_REQUEST,
        TouchType.DOWNLOAD,
        TouchType.WEBINAR,
        TouchType.CLICK,
    }
)

type Values = dict[str, Any]
type Key = tuple[Any, ...]


class TouchRows:
    """The touches of one batch: what each row gives, and who and what it names."""

    def __init__(self, told: Told, outcome: Outcome, *, at: datetime) -> None:
        self.told, self.at = told, at
        self._people = People(told.column("actor"))
        systems = told.column("external_system")
        self._campaigns = Campaigns(systems, told.column("campaign"))
        self._columns: dict[str, Sequence[Any]] = {
            **{name: told.column(name) for name in DEFAULTS},
            "lead_id": leads_of(told, outcome),
            "occurred_at": told.column("occurred_at"),
            "direction": told.column("direction"),
            "campaign_id": self._campaigns.column,
            "actor_id": self._people.column,
        }
        self._base_currency = workspace.current().base_currency
        self.given = {
            place: self._given(place)
            for place in range(told.size)
            if self._is_good(place, outcome)
        }

    def _is_good(self, place: int, outcome: Outcome) -> bool:
        if self._columns["lead_id"][place] is None:
            return False
        actor = self.told.column("actor")[place]
        if actor is not None and self._people.column[place] is None:
            outcome.refuse(place, "owner_too_long", "actor", limit=People.LIMIT)
            return False
        if self._columns["occurred_at"][place] > self.at:
            outcome.refuse(place, "in_future", "occurred_at")
            return False
        return True

    def _given(self, place: int) -> Values:
        cells = {name: column[place] for name, column in self._columns.items()}
        given = {name: value for name, value in cells.items() if value is not None}
        if "external_id" not in given:
            given.pop("external_system", None)
        if "cost" in given:
            given.setdefault("currency", self._base_currency)
        else:
            given.pop("currency", None)
        return given

    def key(self, place: int) -> Key:
        """Return what tells the row's touch from others."""
        given = self.given[place]
        return key_of(given if "external_id" in given else self.complete(given))

    def complete(self, given: Values) -> Values:
        """Return a new touch: blank cells take what is usual.

        Without a direction, what leads do by themselves came from the lead, and so did
        everything that names no team of ours; the rest went out.
        """
        values = {**DEFAULTS, **given}
        ours = values["team"] and values["type"] not in _BY_THE_LEAD
        usual = Direction.OUTBOUND if ours else Direction.INBOUND
        values.setdefault("direction", usual.value)
        return values

    def make(self, places: Collection[int], *, by: User | None) -> None:
        """Make the people and campaigns that these rows name and nobody knows yet."""
        people = {n for p in places if (n := self._people.column[p]) is not None}
        self._people.make(people, by=by, at=self.at)
        named = {n for p in places if (n := self._campaigns.column[p]) is not None}
        self._campaigns.make(named, by=by, at=self.at)

    def settled(self, values: Values) -> Values:
        """Put ids in the place of provisional numbers."""
        actor, campaign = values["actor_id"], values["campaign_id"]
        return {
            **values,
            "actor_id": self._people.real(actor),
            "campaign_id": self._campaigns.real(campaign),
        }


def key_of(values: Values) -> Key:
    """Return what tells a touch apart: its identifier, else whose, when and what."""
    if values["external_id"]:
        return values.get("external_system", ""), values["external_id"]
    return tuple(values[name] for name in WHOLE_KEY)
