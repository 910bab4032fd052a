"""SQL about deals, now and as of any position; see `journeys` for the pattern.

The relation ``deals`` has one row for each deal that counts, as it stands: those of
leads that are test records, spam or withdrawn are left out, those of known customers
are not (`docs/decisions/kpis-counting.md`). ``while_open`` is what was last said of a
deal's worth while it was open.
"""

from typing import Any

from kpis.queries.asks import Ask
from kpis.queries.cells import Placed, split
from kpis.queries.journeys import corrected, excluded, revoked
from kpis.queries.reading import Reading

NOT_BUSINESS = "('test', 'spam', 'withdrawn')"
_NOW = f"""
    deals AS NOT MATERIALIZED (
        SELECT d.* FROM deals_deal d JOIN leads_lead l ON l.id = d.lead_id
        WHERE d.withdrawn_at IS NULL AND l.exclusion NOT IN {NOT_BUSINESS}
    ), while_open AS NOT MATERIALIZED (
        SELECT DISTINCT ON (deal_id) deal_id, amount, base_amount
        FROM deals_dealchange WHERE in_force AND NOT is_withdrawal AND outcome = 'open'
        ORDER BY deal_id, id DESC
    )
"""  # noqa: S608 -- names are ours
_AS_OF = f"""
    deal_changes AS MATERIALIZED (
        SELECT c.* FROM deals_dealchange c JOIN ledger_entry e ON e.id = c.entry_id
        WHERE e.position <= %(as_of)s AND NOT c.is_withdrawal
            AND NOT EXISTS ({{corrections}})
    ), deals AS MATERIALIZED (
        SELECT DISTINCT ON (c.deal_id) c.deal_id AS id, d.lead_id, c.outcome,
            c.opened_at, c.closed_at, c.amount, c.base_amount, c.source, c.campaign_id,
            c.segment, c.country, c.owner_id
        FROM deal_changes c JOIN deals_deal d ON d.id = c.deal_id
        WHERE d.lead_id NOT IN (
            SELECT lead_id FROM excluded WHERE value IN {NOT_BUSINESS})
        ORDER BY c.deal_id, c.id DESC
    ), while_open AS (
        SELECT DISTINCT ON (deal_id) deal_id, amount, base_amount
        FROM deal_changes WHERE outcome = 'open' ORDER BY deal_id, id DESC
    )
"""  # noqa: S608 -- names are ours
_WORTH = """
    CASE WHEN w.deal_id IS NULL THEN c.amount ELSE w.amount END AS amount,
    CASE WHEN w.deal_id IS NULL THEN c.base_amount ELSE w.base_amount END AS base_amount
"""
_WAS_OPEN = "(c.closed_at IS NULL OR c.closed_at > c.opened_at)"
_CLOSED = """
    closed AS (
        SELECT c.id, c.outcome, c.amount, c.base_amount, {split} AS split,
            width_bucket(c.closed_at, %(bounds)s::timestamptz[]) AS slot,
            c.closed_at - c.opened_at AS wait
        FROM deals c WHERE c.closed_at >= %(from)s AND c.closed_at < %(until)s
    )
"""
_OPENED = f"""
    opened AS (
        SELECT c.id, {{split}} AS split, {_WORTH},
            width_bucket(c.opened_at, %(bounds)s::timestamptz[]) AS slot
        FROM deals c LEFT JOIN while_open w ON w.deal_id = c.id
        WHERE c.opened_at >= %(from)s AND c.opened_at < %(until)s AND {_WAS_OPEN}
    )
"""  # noqa: S608 -- names are ours
_OPEN = f"""
    open AS (
        SELECT c.id, {{split}} AS split, {_WORTH}, ends.slot
        FROM unnest(%(ends)s::timestamptz[]) WITH ORDINALITY AS ends(at, slot)
            JOIN deals c ON c.opened_at < ends.at
                AND (c.closed_at IS NULL OR c.closed_at >= ends.at)
            LEFT JOIN while_open w ON w.deal_id = c.id
    )
"""  # noqa: S608 -- names are ours


def prelude(reading: Reading) -> tuple[str, dict[str, Any]]:
    """Return the relations ``deals`` and ``while_open``, and their parameters.

    The parameter ``as_of`` is the caller's.
    """
    if reading.as_of is None:
        return _NOW, {}
    table = "deals_dealchange"
    left_out, params = excluded(reading.as_of)
    params["revoked_deals"] = revoked(table, reading.as_of)
    text = _AS_OF.format(corrections=corrected(table, "revoked_deals"))
    return f"{left_out}, {text}", params


def closed(ask: Ask) -> Placed:
    """Return the deals won or lost in each period, with how long they were open."""
    return _placed(ask, _CLOSED, "closed")


def opened(ask: Ask) -> Placed:
    """Return the deals opened in each period, at what they were worth while open.

    Deals of which only the end is known were never in the pipeline.
    """
    return _placed(ask, _OPENED, "opened")


def open_at_end(ask: Ask) -> Placed:
    """Return the deals open as each period ended (or are now, where it has not)."""
    return _placed(ask, _OPEN, "open")


def _placed(ask: Ask, text: str, source: str) -> Placed:
    relations, more = prelude(ask.reading)
    params = {
        **more,
        "as_of": ask.reading.as_of,
        "bounds": ask.bounds,
        "ends": ask.bounds[1:],
        "from": ask.bounds[0],
        "until": ask.bounds[-1],
    }
    return Placed(f"{relations}, {text.format(split=split(ask))}", source, params)
