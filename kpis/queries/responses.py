"""SQL about how soon people were contacted: business time, from the clocks of sla."""

from kpis.queries.asks import Ask
from kpis.queries.cells import Placed, split

_NOW = "clocks AS (SELECT id, {columns} FROM sla_clock)"
_AS_OF = """
    clocks AS (
        SELECT c.id, {of_clock} FROM sla_clock c
            JOIN ledger_entry e ON e.id = c.entry_id
        WHERE e.position <= %(as_of)s
        UNION ALL
        SELECT c.clock_id, {of_clock} FROM sla_clockversion c
            JOIN ledger_entry e ON e.id = c.entry_id
            JOIN ledger_entry u ON u.id = c.until_entry_id
        WHERE e.position <= %(as_of)s AND u.position > %(as_of)s
    )
"""
_COLUMNS = (
    *("kind", "history", "excepted", "state"),
    *("started_at", "done_at", "elapsed_seconds"),
    *("source", "campaign_id", "segment", "country", "owner_id"),
)
_ANSWERED = """
    answered AS (
        SELECT c.id, {split} AS split, make_interval(secs => c.elapsed_seconds) AS wait,
            width_bucket(c.started_at, %(bounds)s::timestamptz[]) AS slot,
            c.state = 'met' AS in_time, c.history
        FROM clocks c WHERE c.kind = 'first_response' AND c.done_at IS NOT NULL
            AND NOT c.excepted AND c.state <> 'cancelled'
            AND c.started_at >= %(from)s AND c.started_at < %(until)s
    )
"""


def answered(ask: Ask) -> Placed:
    """Return the first contacts of each period's MQLs, and the business time of each.

    History counts: how long somebody waited does not depend on when we learned of it.
    Agreed exceptions are left out, as they are of the promise.
    """
    if ask.reading.as_of is None:
        relations = _NOW.format(columns=", ".join(_COLUMNS))
    else:
        relations = _AS_OF.format(of_clock=", ".join(f"c.{n}" for n in _COLUMNS))
    params = {
        "as_of": ask.reading.as_of,
        "bounds": ask.bounds,
        "from": ask.bounds[0],
        "until": ask.bounds[-1],
    }
    text = f"{relations}, {_ANSWERED.format(split=split(ask))}"
    return Placed(text, "answered", params)
