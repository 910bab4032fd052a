"""Who and what the rows of a file refer to: people, campaigns, companies.

What is not known yet gets a provisional number below zero; only what rows that are
taken refer to is made, and then has an id.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from campaigns.actions.merge_campaigns import Campaigns
from campaigns.actions.merge_outcomes import Change, Told
from campaigns.actions.merge_people import People
from foundation.accounts.models import User
from leads.actions.merge_companies import Companies, company_keys

REFERRED = ("company_id", "campaign_id", "owner_id")


class References:
    """Owner and campaign of each row as numbers, and what it says of its company."""

    def __init__(self, told: Told) -> None:
        systems = told.column("external_system")
        self.people = People(told.column("owner"))
        self.campaigns = Campaigns(systems, told.column("campaign"))
        self.companies = Companies(company_keys(told))

    @property
    def columns(self) -> dict[str, list[int | None]]:
        """The numbers, by the field they belong to."""
        return {
            "owner_id": self.people.column,
            "campaign_id": self.campaigns.column,
        }

    def make(
        self, places: Collection[int], *, by: User | None, at: datetime
    ) -> list[Change]:
        """Make what the rows at these places refer to and nobody knows yet.

        Returns what was changed in companies that were there.
        """
        used = {
            name: {n for place in places if (n := column[place]) is not None}
            for name, column in self.columns.items()
        }
        self.people.make(used["owner_id"], by=by, at=at)
        self.campaigns.make(used["campaign_id"], by=by, at=at)
        return self.companies.make(by=by, at=at)

    def reals(self, field: str) -> Callable[[int | None], int | None]:
        """Return what turns a number of ``field`` into an id."""
        made = {
            "owner_id": self.people.real,
            "campaign_id": self.campaigns.real,
            "company_id": self.companies.real,
        }
        return made[field]
