"""Which action takes the rows of which kind of file."""

from datetime import datetime
from typing import Protocol

from campaigns.actions.merge_outcomes import Outcome, Told
from deals.actions import merge_deals
from foundation.accounts.models import User
from leads.actions import merge_leads


class Merge(Protocol):
    """Takes rows inside a ledger entry and answers for each."""

    def __call__(
        self, told: Told, *, by: User | None, at: datetime, live: bool = False
    ) -> Outcome: ...


MERGES: dict[str, Merge] = {
    "leads": merge_leads.merge,
    "deals": merge_deals.merge,
}
