"""SQL about spend, now and as of any position."""

from typing import Any

from kpis.queries.asks import Ask
from kpis.queries.cells import Placed
from kpis.queries.journeys import corrected, revoked

_NOW = (
    "spent AS (SELECT * FROM campaigns_spendentry WHERE in_force AND NOT is_withdrawal)"
)
_AS_OF = """
    spent AS (
        SELECT c.* FROM campaigns_spendentry c JOIN ledger_entry e ON e.id = c.entry_id
        WHERE e.position <= %(as_of)s AND NOT c.is_withdrawal
            AND NOT EXISTS ({corrections})
    )
"""
_PLACED = """
    spending AS (
        SELECT id, base_amount, campaign_id::text AS split,
            width_bucket(day, %(cuts)s::date[]) AS slot
        FROM spent WHERE day >= %(from_day)s AND day < %(until_day)s
    )
"""


def spending(ask: Ask) -> Placed:
    """Return the spend of each period; its only split is the campaign."""
    text, params = _prelude(ask)
    params |= {
        "as_of": ask.reading.as_of,
        "cuts": ask.params["cuts"],
        "from_day": ask.periods[0].first,
        "until_day": ask.periods[-1].end,
    }
    return Placed(f"{text}, {_PLACED}", "spending", params)


def _prelude(ask: Ask) -> tuple[str, dict[str, Any]]:
    if ask.reading.as_of is None:
        return _NOW, {}
    table = "campaigns_spendentry"
    text = _AS_OF.format(corrections=corrected(table, "revoked_spend"))
    return text, {"revoked_spend": revoked(table, ask.reading.as_of)}
