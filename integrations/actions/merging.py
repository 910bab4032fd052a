"""Which action takes the rows of which kind of file."""

from datetime import datetime
from typing import Protocol

from campaigns.actions import merge_campaign_rows, merge_spend
from campaigns.actions.merge_outcomes import Outcome, Told
from deals.actions import merge_deals, merge_revenue
from foundation.accounts.models import User
from integrations.actions import rates
from leads.actions import (
    merge_company_rows,
    merge_leads,
    merge_stage_changes,
    merge_touchpoints,
)


class Merge(Protocol):
    """Takes rows inside a ledger entry and answers for each."""

    def __call__(
        self, told: Told, *, by: User | None, at: datetime, live: bool = False
    ) -> Outcome: ...


MERGES: dict[str, Merge] = {
    "companies": merge_company_rows.merge,
    "campaigns": merge_campaign_rows.merge,
    "leads": merge_leads.merge,
    "stage-changes": merge_stage_changes.merge,
    "touchpoints": merge_touchpoints.merge,
    "deals": merge_deals.merge,
    "exchange-rates": rates.merge,
    "spend": merge_spend.merge,
    "revenue": merge_revenue.merge,
}
