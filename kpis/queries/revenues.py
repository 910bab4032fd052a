"""SQL about revenue entries and customers, now and as of any position.

The relation ``lines`` has the entries that count, with the customer as one number and
the split values of the entry's deal; ``of_customer`` are those of the first of the
customer's entries that has a deal.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from foundation.kernel.periods import DAY
from kpis.domain.revenue import Day, Flow, flow
from kpis.queries import dealings
from kpis.queries.asks import Ask
from kpis.queries.cells import Placed, split
from kpis.queries.dealings import NOT_BUSINESS
from kpis.queries.journeys import corrected, revoked

CUSTOMER = "coalesce(r.company_id * 2, r.lead_id * 2 + 1)"
"""The customer of an entry ``r`` as one number; also of anything else with both ids."""

SIGN = """CASE WHEN r.kind IN ('new', 'expansion') THEN 1
    WHEN r.kind IN ('contraction', 'churn') THEN -1 ELSE 0 END"""
"""Whether an entry adds to the running sum by which a customer is active, or not."""

COUNTED_NOW = f"""
    counted AS NOT MATERIALIZED (
        SELECT * FROM deals_revenueentry WHERE in_force AND NOT is_withdrawal
    ), strangers AS NOT MATERIALIZED (
        SELECT id AS lead_id FROM leads_lead WHERE exclusion IN {NOT_BUSINESS}
    )
"""  # noqa: S608 -- names are ours
_COUNTED_AS_OF = f"""
    counted AS MATERIALIZED (
        SELECT c.* FROM deals_revenueentry c JOIN ledger_entry e ON e.id = c.entry_id
        WHERE e.position <= %(as_of)s AND NOT c.is_withdrawal
            AND NOT EXISTS ({{corrections}})
    ), strangers AS (SELECT lead_id FROM excluded WHERE value IN {NOT_BUSINESS})
"""  # noqa: S608 -- names are ours
_LINES = f"""
    stamped AS (
        SELECT r.id, r.kind, r.starts_on, r.amount, r.base_amount, r.currency,
            {CUSTOMER} AS customer, c.id AS deal_id, {SIGN} AS sign,
            coalesce({{split}}, '') AS split
        FROM counted r LEFT JOIN deals_deal d ON d.id = r.deal_id
            LEFT JOIN deals c ON c.id = r.deal_id
        WHERE NOT EXISTS (
            SELECT FROM strangers s WHERE s.lead_id = coalesce(r.lead_id, d.lead_id))
    ), lines AS (
        SELECT *, first_value(split) OVER (PARTITION BY customer
            ORDER BY (deal_id IS NULL), starts_on, id) AS of_customer
        FROM stamped
    )
"""  # noqa: S608 -- names are ours
_ENTERED = """
    entered AS (
        SELECT id, kind, base_amount, split,
            width_bucket(starts_on, %(cuts)s::date[]) AS slot
        FROM stamped WHERE starts_on >= %(from_day)s AND starts_on < %(until_day)s
    )
"""
_EARNED = """
    earned AS (
        SELECT id, split, 1 AS slot FROM stamped WHERE starts_on < %(until_day)s
            AND (kind <> 'one_off' OR starts_on >= %(from_day)s)
    )
"""
_CUSTOMERS = """
    spans AS (
        SELECT * FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) WITH ORDINALITY
            AS spans(first_day, end_day, slot)
    ), holdings AS (
        SELECT s.slot, l.customer, l.of_customer AS split, min(l.id) AS id,
            coalesce(sum(sign * amount) FILTER (WHERE starts_on < first_day), 0) > 0
                AS was, coalesce(sum(sign * amount), 0) > 0 AS remains,
            sum(sign * amount * (end_day - greatest(first_day, starts_on))) > 0
                OR bool_or(kind = 'one_off' AND starts_on >= first_day) AS paid,
            coalesce(sum(sign * base_amount) FILTER (WHERE starts_on < first_day), 0)
                AS start,
            {changes},
            count(*) FILTER (WHERE base_amount IS NULL AND kind <> 'one_off') AS missing
        FROM spans s JOIN lines l ON l.starts_on < s.end_day
        GROUP BY s.slot, l.customer, l.of_customer, l.currency
    ), customers AS (
        SELECT slot, split, customer, min(id) AS id, bool_or(was) AS was,
            bool_or(remains) AS remains, bool_or(paid) AS paid, sum(start) AS start,
            sum(expansion) AS expansion, sum(contraction) AS contraction,
            sum(churn) AS churn, sum(missing) AS missing
        FROM holdings GROUP BY slot, split, customer
    )
"""
_CHANGES = ", ".join(
    f"""coalesce(sum(base_amount) FILTER (
        WHERE starts_on >= first_day AND kind = '{kind}'), 0) AS {kind}"""
    for kind in ("expansion", "contraction", "churn")
)
_DAYS = """
    SELECT {whole}, {value}, starts_on,
        coalesce(sum(sign * base_amount), 0),
        coalesce(sum(base_amount) FILTER (WHERE sign = 0), 0),
        count(*) FILTER (WHERE sign <> 0), count(*) FILTER (WHERE sign = 0),
        count(*) FILTER (WHERE sign <> 0 AND base_amount IS NULL),
        count(*) FILTER (WHERE sign = 0 AND base_amount IS NULL)
    FROM stamped WHERE starts_on < %(until_day)s GROUP BY GROUPING SETS ({sets})
"""


def spans(ask: Ask) -> list[tuple[date, date]]:
    """Return the days of each period that have come; what is ahead earns nothing."""
    ahead = ask.reading.today + DAY
    return [(p.first, max(p.first, min(p.end, ahead))) for p in ask.periods]


def flows(ask: Ask) -> dict[str | None, Flow]:
    """Return by split, None being the total, when what customers pay changed."""
    relations, params = _prelude(ask)
    text = _DAYS.format(
        whole="GROUPING(split) = 1" if ask.by else "true",
        value="split" if ask.by else "NULL",
        sets="(starts_on), (starts_on, split)" if ask.by else "(starts_on)",
    )
    found: dict[str | None, list[Day]] = defaultdict(list)
    rows = ask.reading.rows(f"WITH {relations} {text}", params)
    for whole, value, day, monthly, once, *n in rows:
        line = Day(day, monthly, once, (n[0], n[1]), (n[2], n[3]))
        found[None if whole else value].append(line)
    return {value: flow(days) for value, days in found.items()}


def entered(ask: Ask) -> Placed:
    """Return the entries that begin in each period."""
    relations, params = _prelude(ask)
    return Placed(f"{relations}, {_ENTERED}", "entered", params)


def earned(ask: Ask) -> Placed:
    """Return the entries that revenue of the one period is made of."""
    relations, params = _prelude(ask)
    return Placed(f"{relations}, {_EARNED}", "earned", params)


def customers(ask: Ask) -> Placed:
    """Return each customer in each period, by the first of its entries.

    ``was`` and ``remains`` active at the start and at the end, which is a running sum
    above zero in one of its own currencies; ``paid`` anything in between.
    """
    relations, params = _prelude(ask)
    text = _CUSTOMERS.format(changes=_CHANGES)
    return Placed(f"{relations}, {text}", "customers", params)


def _prelude(ask: Ask) -> tuple[str, dict[str, Any]]:
    relations, params = dealings.prelude(ask.reading)
    counted = COUNTED_NOW
    if ask.reading.as_of is not None:
        table = "deals_revenueentry"
        params["revoked_revenue"] = revoked(table, ask.reading.as_of)
        corrections = corrected(table, "revoked_revenue")
        counted = _COUNTED_AS_OF.format(corrections=corrections)
    days = spans(ask)
    params |= {
        "as_of": ask.reading.as_of,
        "cuts": ask.params["cuts"],
        "from_day": ask.periods[0].first,
        "until_day": ask.periods[-1].end,
        "firsts": [first for first, _ in days],
        "lasts": [end for _, end in days],
    }
    return f"{relations}, {counted}, {_LINES.format(split=split(ask))}", params
