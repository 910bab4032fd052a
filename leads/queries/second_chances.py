"""What became of refused leads that were worked all the same, beside accepted ones."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True)
class Group:
    """How many leads there were, and how many reached what in that round."""

    leads: int
    sqls: int
    customers: int


_RESULTS = """
    WITH sample AS (
        SELECT e.lead_id, e.round, s.id FROM leads_secondchance s
        JOIN leads_stagechange e ON e.id = s.entered_id
        WHERE e.occurred_at >= %(since)s AND e.occurred_at < %(until)s
    ), decided AS (
        SELECT sample.lead_id, sample.round FROM sample WHERE EXISTS (
            SELECT FROM leads_stagechange d
            WHERE d.lead_id = sample.lead_id AND d.round = sample.round
                AND d.to_stage <> 'mql' AND d.in_force AND NOT d.is_withdrawal)
    ), accepted AS (
        SELECT DISTINCT a.lead_id, a.round FROM leads_stagechange a
        JOIN leads_lead l ON l.id = a.lead_id AND l.exclusion = ''
        WHERE a.to_stage = 'sal' AND a.cause = 'accepted' AND NOT a.implied
            AND a.in_force AND NOT a.is_withdrawal
            AND a.occurred_at >= %(since)s AND a.occurred_at < %(until)s
            AND NOT EXISTS (SELECT FROM sample
                WHERE sample.lead_id = a.lead_id AND sample.round = a.round)
    )
    SELECT which, count(*), count(*) FILTER (WHERE reached.sqls),
        count(*) FILTER (WHERE reached.customers)
    FROM (SELECT 'sample' AS which, * FROM decided
        UNION ALL SELECT 'accepted', * FROM accepted) AS cases
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(r.to_stage = 'sql'), false) AS sqls,
            coalesce(bool_or(r.to_stage = 'customer'), false) AS customers
        FROM leads_stagechange r
        WHERE r.lead_id = cases.lead_id AND r.round = cases.round
            AND r.in_force AND NOT r.is_withdrawal) AS reached
    GROUP BY which
"""


def results(*, since: datetime, until: datetime) -> dict[str, Group]:
    """Compare the sample with leads that sales accepted, both entered in a time.

    ``sample`` are the drawn leads that sales has decided about again (before that
    nobody is told which they are), ``accepted`` those accepted in so many words.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESULTS, {"since": since, "until": until})
        found = {which: Group(*counts) for which, *counts in cursor.fetchall()}
    nobody = Group(0, 0, 0)
    return {which: found.get(which, nobody) for which in ("sample", "accepted")}
