"""Which leads a dry run judges, each at which moment, and what its path said then.

What counts as the moment is in `docs/decisions/definitions-dry-run.md`. Each statement
gives the columns of `leads.queries.criteria_then.COLUMNS` and ``qualified``, for the
leads of a slice.
"""

from leads.enums import Stage

_VALUES = ("source", "campaign_id", "segment", "country", "owner_id")
_CHANGES = """
    SELECT DISTINCT ON (c.lead_id) c.* FROM leads_stagechange c
    WHERE {which} AND c.in_force AND NOT c.is_withdrawal
        AND c.occurred_at < %(until_at)s
        AND c.lead_id >= %(low)s AND c.lead_id < %(high)s
    ORDER BY c.lead_id, {order}
"""
_FIRST, _LAST = "c.occurred_at, c.id", "c.occurred_at DESC, c.id DESC"
_ENTERED = "c.to_stage = '{stage}' AND c.occurred_at >= %(from_at)s"


def _stamp(*relations: str) -> str:
    """Return the values of the stage change that ``w.by`` names, if it names one."""
    return ", ".join(
        f"CASE w.by {' '.join(f"WHEN '{r}' THEN {r}.{name}" for r in relations)} END"
        f" AS {name}"
        for name in _VALUES
    )


# Who would be MQL

_PAST_MQL = """least(p.first_mql_at, p.first_sal_at, p.first_sql_at,
    p.first_opportunity_at, p.first_customer_at)"""
_MQL = _CHANGES.format(which=_ENTERED.format(stage="mql"), order=_FIRST)
_LEFT = "c.to_stage = 'disqualified' AND c.from_stage = 'lead'"
_OF_MQL = f"""
    SELECT p.id AS lead_id, coalesce(NOT q.implied, false) AS qualified,
        CASE WHEN NOT q.implied THEN q.occurred_at
            ELSE least({_PAST_MQL}, d.occurred_at, %(until_at)s) END AS at,
        w.by <> '' AS stamped, {_stamp("q", "d")},
        CASE w.by WHEN 'q' THEN q.from_stage ELSE 'lead' END AS stage,
        CASE WHEN w.by = 'q' AND q.from_stage <> 'lead'
            THEN coalesce(d.occurred_at, p.created_at)
            ELSE p.created_at END AS stage_since_at
    FROM leads_lead p
        LEFT JOIN ({_MQL}) AS q ON q.lead_id = p.id
        LEFT JOIN ({_CHANGES.format(which=_LEFT, order=_FIRST)}) AS d
            ON d.lead_id = p.id
        CROSS JOIN LATERAL (SELECT CASE WHEN NOT q.implied THEN 'q'
            WHEN d.occurred_at <= coalesce({_PAST_MQL}, 'infinity') THEN 'd'
            WHEN q.occurred_at = {_PAST_MQL} THEN 'q' ELSE '' END AS by) AS w
    WHERE p.created_at < %(until_at)s AND p.exclusion = ''
        AND p.id >= %(low)s AND p.id < %(high)s
        AND coalesce({_PAST_MQL}, 'infinity') >= %(from_at)s
        AND (NOT q.implied OR coalesce(d.occurred_at, 'infinity') >= %(from_at)s)
"""  # noqa: S608 -- names are ours
"""``q`` is a lead's first entry into MQL, if that was in the window; ``d`` that it was
disqualified before any. Without a real entry it is judged when it left ``lead``
otherwise, or at the end of the window if it stood there still.
"""


# Who would be SQL

_PAST_SQL = "least(p.first_sql_at, p.first_opportunity_at, p.first_customer_at)"
_SQL = _CHANGES.format(which=_ENTERED.format(stage="sql"), order=_FIRST)
_LEFT_FOR_AN_EXIT = "e.to_stage IN ('recycled', 'disqualified', 'lost')"
_OF_SQL = f"""
    SELECT p.id AS lead_id, w.by = 'q' AND NOT q.implied AS qualified, w.at,
        w.by <> '' AS stamped, {_stamp("q", "e")},
        coalesce(b.to_stage, 'lead') AS stage,
        coalesce(b.occurred_at, p.created_at) AS stage_since_at
    FROM leads_lead p
        LEFT JOIN ({_SQL}) AS q ON q.lead_id = p.id
        JOIN ({_CHANGES.format(which="true", order=_LAST)}) AS e ON e.lead_id = p.id
        CROSS JOIN LATERAL (SELECT
            CASE WHEN q.id IS NOT NULL THEN 'q'
                WHEN e.to_stage IN ('mql', 'sal') THEN '' ELSE 'e' END AS by,
            CASE WHEN q.id IS NOT NULL THEN q.occurred_at
                WHEN e.to_stage IN ('mql', 'sal') THEN %(until_at)s
                ELSE e.occurred_at END AS at) AS w
        LEFT JOIN LATERAL (
            SELECT c.to_stage, c.occurred_at FROM leads_stagechange c
            WHERE c.lead_id = p.id AND c.in_force AND NOT c.is_withdrawal
                AND c.occurred_at < w.at
            ORDER BY c.occurred_at DESC, c.id DESC LIMIT 1) AS b ON true
    WHERE p.first_mql_at < %(until_at)s AND p.exclusion = ''
        AND p.id >= %(low)s AND p.id < %(high)s
        AND coalesce({_PAST_SQL}, 'infinity') >= %(from_at)s
        AND w.at >= %(from_at)s AND (w.by <> 'e' OR {_LEFT_FOR_AN_EXIT})
        AND (q.implied IS NOT TRUE OR b.to_stage IN ('mql', 'sal'))
"""  # noqa: S608 -- names are ours
"""``q`` is a lead's first entry into SQL, if that was in the window; ``e`` the last of
its changes in it. Without an entry it is judged when it left MQL or SAL for the last
time, or at the end of the window if it stood there; ``b`` is where it stood before.
"""

MOMENTS = {Stage.MQL: _OF_MQL, Stage.SQL: _OF_SQL}
"""For the definition of each stage."""
