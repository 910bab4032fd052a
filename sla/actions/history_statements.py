"""The statements of `sla.actions.judging_history`."""

_ENDS = "('recycled', 'disqualified', 'lost', 'customer')"
# What decided a round is the first change after its MQL; what ended it is the last.
# Each step has a table of its own, so that the planner knows how many rows there are:
# nobody has counted those of the entry that is being written.
ROUNDS = f"""
    DROP TABLE IF EXISTS sla_rounds;
    CREATE TEMP TABLE sla_rounds ON COMMIT DROP AS
    SELECT lead_id, round,
        min(id) FILTER (WHERE to_stage = 'mql') AS mql,
        min(id) FILTER (WHERE to_stage = 'sal') AS sal,
        min(id) FILTER (WHERE to_stage <> 'mql') AS decided,
        min(occurred_at) FILTER (WHERE to_stage <> 'mql') AS decided_at,
        max(id) FILTER (WHERE to_stage IN {_ENDS}) AS over,
        max(occurred_at) FILTER (WHERE to_stage IN {_ENDS}) AS over_at,
        count(*) FILTER (WHERE to_stage = 'mql') = 1
            AND count(*) FILTER (WHERE to_stage = 'sal') <= 1
            AND bool_and(history AND in_force AND NOT is_withdrawal
                AND corrects_id IS NULL AND cause <> 'silence') AS plain
    FROM leads_stagechange
    WHERE id BETWEEN %(first)s AND %(last)s AND entry_id = %(entry)s AND round > 0
    GROUP BY lead_id, round
"""  # noqa: S608 -- names are ours

# The order of ids is that of time, or else the round is left out here.
PLAIN_ROUNDS_OF_NEW_LEADS = """
    DROP TABLE IF EXISTS sla_plain_rounds;
    CREATE TEMP TABLE sla_plain_rounds ON COMMIT DROP AS
    SELECT r.lead_id, r.round, c.id AS change, c.occurred_at,
        ceil(date_part('epoch', c.occurred_at)) AS start, c.cause, c.source,
        c.campaign_id, c.segment, c.country, c.owner_id, u.team_id, l.priority,
        r.decided_at, d.to_stage AS decided_to, d.although_met, r.over_at,
        v.to_stage AS over_to,
        d.to_stage IN ('sal', 'recycled', 'disqualified') AND NOT d.implied AS answered
    FROM sla_rounds r
    JOIN leads_stagechange c ON c.id = r.mql AND NOT c.implied
    JOIN leads_lead l ON l.id = r.lead_id AND l.exclusion = '' AND NOT l.do_not_contact
    LEFT JOIN accounts_user u ON u.id = c.owner_id
    LEFT JOIN leads_stagechange d ON d.id = r.decided
    LEFT JOIN leads_stagechange v ON v.id = r.over
    WHERE r.plain
        AND r.decided_at IS NOT DISTINCT FROM d.occurred_at
        AND r.over_at IS NOT DISTINCT FROM v.occurred_at
        AND (r.sal IS NULL OR r.sal = r.decided)
"""

PLAIN_ROUNDS = f"""{PLAIN_ROUNDS_OF_NEW_LEADS}
        AND NOT EXISTS (SELECT FROM leads_touchpoint t WHERE t.lead_id = r.lead_id)
        AND NOT EXISTS (SELECT FROM sla_clock k
            WHERE k.lead_id = r.lead_id AND k.round = r.round)
        AND NOT EXISTS (SELECT FROM leads_stagechange o
            WHERE o.lead_id = r.lead_id AND o.round = r.round
                AND (o.entry_id <> %(entry)s
                    OR o.id NOT BETWEEN %(first)s AND %(last)s))
"""  # noqa: S608 -- names are ours

OTHER_ROUNDS = """
    DROP TABLE IF EXISTS sla_other_rounds;
    CREATE TEMP TABLE sla_other_rounds ON COMMIT DROP AS
    SELECT lead_id, round FROM sla_rounds
    EXCEPT SELECT lead_id, round FROM sla_plain_rounds
"""

_GROUP = (
    "CASE WHEN r.owner_id = ANY(%(people)s) THEN r.owner_id END",
    "CASE WHEN r.team_id = ANY(%(teams)s) THEN r.team_id END",
    "CASE WHEN r.source = ANY(%(sources)s) THEN r.source ELSE '' END",
    "CASE WHEN r.segment = ANY(%(segments)s) THEN r.segment ELSE '' END",
    "CASE WHEN r.priority = ANY(%(priorities)s) THEN r.priority END",
)
GROUPS = f"""
    SELECT {", ".join(_GROUP)},
        (extract(epoch FROM min(occurred_at)) * 1000000)::bigint,
        (extract(epoch FROM max(occurred_at)) * 1000000)::bigint
    FROM sla_plain_rounds r GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608 -- names are ours
_OF_GROUP = " AND ".join(
    f"({value}) IS NOT DISTINCT FROM %({name})s"
    for value, name in zip(
        _GROUP, ("owner", "team", "source", "segment", "priority"), strict=True
    )
)

_DEEDS = {
    "acceptance": """
        CASE WHEN r.answered THEN r.decided_at END AS deed_at,
        CASE r.decided_to WHEN 'sal' THEN 'accepted' ELSE r.decided_to END AS deed_by,
        CASE WHEN NOT r.answered THEN r.decided_at END AS stop_at,
        CASE r.decided_to WHEN 'lost' THEN 'lost' ELSE 'implied' END AS stop_for
    """,
    "first_response": """
        NULL::timestamptz AS deed_at, '' AS deed_by,
        r.over_at AS stop_at, r.over_to AS stop_for
    """,
}


def _look_up(table: str, bucket: str, moment: str) -> str:
    """Return SQL for a piece's value at a moment (`sla.domain.pieces`)."""
    value, slope = f"%({table}_value)s::float8[]", f"%({table}_slope)s::float8[]"
    return f"(({value})[{bucket}] + ({slope})[{bucket}] * {moment})"


def _bucket(table: str, moment: str) -> str:
    return f"width_bucket({moment}, %({table}_since)s::float8[])"


# Each step adds columns to the one before; OFFSET 0 keeps them from being worked out
# again wherever they are named.
_INSERT = f"""
    INSERT INTO sla_clock (lead_id, round, kind, change_id, clause_id, calendar_id,
        owner_id, state, history, waiting, started_at, due_at, breach_at, done_at,
        done_by, ended_at, elapsed_seconds, late_seconds, cancelled_reason, logged_late,
        self_reported, by_silence, although_met, by_hand, excepted, late_agreed, pauses,
        segments, source, campaign_id, segment, country, entry_id)
    SELECT lead_id, round, %(kind)s, change, %(clause)s, %(calendar)s, owner_id, state,
        true, false, occurred_at, due_at, breach_at, done_at,
        CASE WHEN done_at IS NULL THEN '' ELSE deed_by END,
        CASE state WHEN 'met' THEN done_at WHEN 'cancelled' THEN stop_at
            WHEN 'breached' THEN breach_at END,
        elapsed, CASE WHEN state = 'breached' AND elapsed IS NOT NULL
            THEN greatest(0, elapsed - %(target)s) END,
        CASE state WHEN 'cancelled' THEN stop_for ELSE '' END, false,
        false, false, done_at IS NOT NULL AND although_met, cause = 'hand', false,
        false, 0, 0, source, campaign_id, segment, country, %(entry)s
    FROM (
        SELECT *, CASE WHEN done_at IS NOT NULL THEN greatest(0,
                {_look_up("passed", "done_bucket", "done_second")}
                - {_look_up("passed", "start_bucket", "start")}) END AS elapsed
        FROM (
            SELECT *, {_bucket("passed", "done_second")} AS done_bucket,
                CASE WHEN done_at IS NOT NULL THEN {_bucket("passed", "start")} END
                    AS start_bucket
            FROM (
                SELECT *, CASE WHEN state <> 'cancelled' THEN deed_at END AS done_at,
                    CASE WHEN state <> 'cancelled'
                        THEN ceil(date_part('epoch', deed_at)) END AS done_second
                FROM (
                    SELECT *, CASE WHEN deed_at <= breach_at THEN 'met'
                        WHEN stop_at <= breach_at THEN 'cancelled'
                        WHEN deed_at IS NOT NULL OR breach_at < %(now)s THEN 'breached'
                        ELSE 'running' END AS state
                    FROM (
                        SELECT *,
                            to_timestamp({_look_up("due", "due", "start")}) AS due_at,
                            to_timestamp({_look_up("over", "over", "start")} - 1)
                                AS breach_at
                        FROM (
                            SELECT r.*, {{deeds}}, {_bucket("due", "start")} AS due,
                                {_bucket("over", "start")} AS over
                            FROM sla_plain_rounds r
                            WHERE {_OF_GROUP}
                                AND r.occurred_at BETWEEN %(since)s AND %(until)s
                            ORDER BY r.lead_id, r.round OFFSET 0
                        ) AS placed OFFSET 0
                    ) AS timed OFFSET 0
                ) AS judged OFFSET 0
            ) AS done OFFSET 0
        ) AS counted OFFSET 0
    ) AS told
"""  # noqa: S608 -- names are ours
INSERTS = {kind: _INSERT.format(deeds=deeds) for kind, deeds in _DEEDS.items()}
