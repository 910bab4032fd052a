"""Who and what the rows of a file refer to: people, campaigns, companies.

What is not known yet gets a provisional number below zero; only what rows that are
taken refer to is made, and then has an id.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from campaigns.actions.merge_campaigns import Campaigns
from campaigns.actions.merge_outcomes import Outcome, Told
from foundation.accounts.actions.owners import LONGEST_LABEL, resolve_owners
from foundation.accounts.models import User
from foundation.accounts.queries import people
from leads.actions.merge_companies import Companies, company_keys

REFERRED = ("company_id", "campaign_id", "owner_id")


class People:
    """The people that a column of labels means; one that is too long means nobody."""

    LIMIT = str(LONGEST_LABEL)

    def __init__(self, labels: Sequence[str | None]) -> None:
        distinct = {label for label in labels if label and len(label) <= LONGEST_LABEL}
        known = people.by_label(distinct) if distinct else {}
        unknown = sorted(distinct - known.keys())
        self._labels = {-place: label for place, label in enumerate(unknown, 1)}
        self._numbers = known | {label: n for n, label in self._labels.items()}
        self.column = [None if t is None else self._numbers.get(t) for t in labels]
        self._made: dict[int, int] = {}

    def make(self, numbers: Iterable[int], *, by: User | None, at: datetime) -> None:
        """Make the people of these provisional numbers."""
        labels = {self._labels[n]: n for n in numbers if n in self._labels}
        if labels:
            made = resolve_owners(labels, by=by, at=at)
            self._made |= {labels[label]: pk for label, pk in made.items()}

    def real(self, number: int | None) -> int | None:
        """Return the id for a number."""
        return number if number is None or number > 0 else self._made[number]


class References:
    """Owner, campaign and company of each row, as numbers."""

    def __init__(self, told: Told, *, outcome: Outcome) -> None:
        self.outcome = outcome
        systems = told.column("external_system")
        self.people = People(told.column("owner"))
        self.campaigns = Campaigns(systems, told.column("campaign"))
        self.companies = Companies(company_keys(told))
        self.columns = {
            "owner_id": self.people.column,
            "campaign_id": self.campaigns.column,
            "company_id": self.companies.column,
        }

    def make(self, places: Iterable[int], *, by: User | None, at: datetime) -> None:
        """Make what the rows at these places refer to and nobody knows yet."""
        used = {
            name: {n for place in places if (n := column[place]) is not None}
            for name, column in self.columns.items()
        }
        self.people.make(used["owner_id"], by=by, at=at)
        self.campaigns.make(used["campaign_id"], by=by, at=at)
        self.outcome.changes += self.companies.make(used["company_id"], by=by, at=at)

    def reals(self, field: str) -> Callable[[int | None], int | None]:
        """Return what turns a number of ``field`` into an id."""
        made = {
            "owner_id": self.people.real,
            "campaign_id": self.campaigns.real,
            "company_id": self.companies.real,
        }
        return made[field]
