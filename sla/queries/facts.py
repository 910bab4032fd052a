"""What clocks are judged by, read for any number of leads in few statements.

A lead stays its owner's during a vacation, but whoever stands in has its clocks: in
what is read here the owner is that person. History keeps who it was.

Moments come as microseconds since 1970 (`sla.domain.terms.Moment`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from foundation.accounts.models import User
from leads.domain.sets import Rows
from leads.models import StageChange
from sla.domain.clocks import Clock, Segment
from sla.domain.passages import Change, Passage, Touch, read
from sla.domain.terms import Moment
from sla.domain.timing import to_moment


@dataclass(frozen=True)
class Keys:
    """Which leads and rounds to look at: SQL that selects both, and its parameters."""

    sql: str
    parameters: Sequence[Any]


def of_changes(rows: Rows) -> Keys:
    """Return the rounds in which a set of stage changes happened."""
    return Keys(
        """
        SELECT DISTINCT lead_id, round FROM leads_stagechange
        WHERE id BETWEEN %s AND %s AND entry_id = %s AND round > 0
        """,
        (rows.first, rows.last, rows.entry),
    )


def of_leads(lead_ids: Collection[int]) -> Keys:
    """Return all rounds that leads have, or had before a correction."""
    return Keys(
        """
        SELECT DISTINCT lead_id, round FROM leads_stagechange
        WHERE lead_id = ANY(%s) AND round > 0
        """,
        (sorted(lead_ids),),
    )


def of_clocks(lead_ids: Collection[int]) -> Keys:
    """Return the rounds in which leads have clocks."""
    return Keys(
        "SELECT DISTINCT lead_id, round FROM sla_clock WHERE lead_id = ANY(%s)",
        (sorted(lead_ids),),
    )


_CHANGES = """
    WITH keys AS MATERIALIZED ({keys}), leads AS (
        SELECT k.lead_id, k.round, l.priority, l.exclusion,
            coalesce(o.stood_in_by_id, l.owner_id) AS owner_id,
            CASE WHEN s.id IS NULL THEN o.team_id ELSE s.team_id END AS team_id,
            CASE WHEN l.do_not_contact THEN coalesce((
                SELECT a.occurred_at FROM leads_attributechange a
                WHERE a.subject = 'lead' AND a.subject_id = l.id
                    AND a.field = 'do_not_contact' AND lower(a.value) = 'true'
                    AND a.in_force AND NOT a.is_withdrawal
                ORDER BY a.id DESC LIMIT 1), l.created_at) END AS barred_at,
            EXISTS (SELECT FROM sla_clock x
                WHERE x.lead_id = k.lead_id AND x.round = k.round) AS has_clock,
            EXISTS (SELECT FROM leads_touchpoint t
                WHERE t.lead_id = k.lead_id) AS has_touch
        FROM keys k JOIN leads_lead l ON l.id = k.lead_id
        LEFT JOIN accounts_user o ON o.id = l.owner_id
        LEFT JOIN accounts_user s ON s.id = o.stood_in_by_id
    )
    SELECT k.lead_id, k.round, k.has_clock, k.has_touch, k.priority,
        (extract(epoch FROM k.barred_at) * 1000000)::bigint, k.exclusion, k.owner_id,
        k.team_id, c.id, c.round < k.round, c.to_stage,
        c.implied, c.cause, (extract(epoch FROM c.occurred_at) * 1000000)::bigint,
        (extract(epoch FROM c.recorded_at) * 1000000)::bigint, c.history,
        c.although_met, c.source, c.segment,
        coalesce(s.id, c.owner_id),
        CASE WHEN s.id IS NULL THEN o.team_id ELSE s.team_id END
    FROM leads k LEFT JOIN (
        leads_stagechange c LEFT JOIN accounts_user o ON o.id = c.owner_id
        LEFT JOIN accounts_user s ON s.id = o.stood_in_by_id
            AND NOT c.history AND o.stood_in_since_at <= c.recorded_at
    ) ON c.lead_id = k.lead_id AND c.in_force AND NOT c.is_withdrawal AND (
        c.round = k.round
        OR c.round = k.round - 1 AND c.to_stage IN ('recycled', 'disqualified', 'lost'))
    ORDER BY k.lead_id, k.round, c.occurred_at, c.id
"""
_TOUCHES = """
    SELECT lead_id, (extract(epoch FROM occurred_at) * 1000000)::bigint,
        (extract(epoch FROM recorded_at) * 1000000)::bigint, proof = 'self_reported'
    FROM leads_touchpoint
    WHERE lead_id = ANY(%s) AND in_force AND NOT is_withdrawal
        AND team = 'sales' AND direction = 'outbound' AND NOT automatic
"""
_CLOCKS = """
    SELECT id, lead_id, round, kind, clause_id, calendar_id, owner_id, change_id,
        (extract(epoch FROM started_at) * 1000000)::bigint,
        (extract(epoch FROM due_at) * 1000000)::bigint,
        (extract(epoch FROM breach_at) * 1000000)::bigint,
        (extract(epoch FROM warn_at) * 1000000)::bigint, state, waiting, history,
        (extract(epoch FROM done_at) * 1000000)::bigint, done_by,
        (extract(epoch FROM ended_at) * 1000000)::bigint, elapsed_seconds,
        late_seconds, cancelled_reason, logged_late::int + 2 * self_reported::int
            + 4 * by_silence::int + 8 * although_met::int,
        (extract(epoch FROM resumes_at) * 1000000)::bigint, segments, pauses,
        late_agreed
    FROM sla_clock WHERE lead_id = ANY(%s)
"""
_SEGMENTS = """
    SELECT clock_id, owner_id, calendar_id,
        (extract(epoch FROM starts_at) * 1000000)::bigint
    FROM sla_segment WHERE clock_id = ANY(%s) ORDER BY clock_id, starts_at, id
"""
_PAUSES = """
    SELECT clock_id, (extract(epoch FROM starts_at) * 1000000)::bigint,
        (extract(epoch FROM coalesce(ended_at, until_at)) * 1000000)::bigint
    FROM sla_pause WHERE clock_id = ANY(%s) ORDER BY clock_id, starts_at
"""


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def passages(keys: Keys) -> list[Passage]:
    """Return the passages of leads and rounds, in order, without their touches."""
    found = _rows(_CHANGES.format(keys=keys.sql), keys.parameters)
    return list(read(_changes(found)))


def passages_of_new(changes: Sequence[StageChange]) -> list[Passage]:
    """Return the passages of leads that were not there before, from their changes.

    The changes come by lead and time. Such leads have no touches and no clocks. One
    statement for their owners and who stands in for them, if they have any.
    """
    owners = {change.owner_id for change in changes if change.owner_id is not None}
    known: dict[int | None, _Owner] = {}
    if owners:
        names = ("pk", "team_id", "stood_in_by_id", "stood_in_by__team_id")
        rows = User.objects.filter(pk__in=owners).values_list(*names)
        known = {pk: _Owner(pk, *more) for pk, *more in rows}
    return list(read(_new(change, known) for change in changes if change.round))


class _Owner(NamedTuple):
    """Somebody with their team, and who stands in for them now with theirs."""

    id: int | None = None
    team: int | None = None
    other: int | None = None
    others_team: int | None = None

    @property
    def holding(self) -> tuple[int | None, int | None]:
        """Return who has the clocks, with their team."""
        here = self.other is None
        return (self.id, self.team) if here else (self.other, self.others_team)


def _new(change: StageChange, known: Mapping[int | None, _Owner]) -> Change:
    lead = change.lead
    owns = known.get(lead.owner_id, _Owner(lead.owner_id))
    began = known.get(change.owner_id, _Owner(change.owner_id))
    owner, team = (began.id, began.team) if change.history else began.holding
    lead_owner, lead_team = owns.holding
    barred_at = to_moment(lead.created_at) if lead.do_not_contact else None
    return Change(
        lead=lead.pk,
        round=change.round,
        has_clock=False,
        has_touch=False,
        priority=lead.priority,
        barred_at=barred_at,
        exclusion=lead.exclusion,
        lead_owner=lead_owner,
        lead_team=lead_team,
        id=change.pk,
        to=change.to_stage,
        implied=change.implied,
        cause=change.cause,
        at=to_moment(change.occurred_at),
        recorded_at=to_moment(change.recorded_at),
        history=change.history,
        although_met=change.although_met,
        source=change.source,
        segment=change.segment,
        owner=owner,
        team=team,
    )


def _changes(rows: Iterable[tuple[Any, ...]]) -> Iterable[Change]:
    """Give the rows their names; a round without changes has nulls after the lead."""
    for row in rows:
        yield Change(*row[:9]) if row[9] is None else Change._make(row)


def touches(lead_ids: Collection[int]) -> dict[int, list[Touch]]:
    """Return each lead's human outbound touches of sales, in no order."""
    found: dict[int, list[Touch]] = defaultdict(list)
    if lead_ids:
        for lead, *touch in _rows(_TOUCHES, [sorted(lead_ids)]):
            found[lead].append(Touch._make(touch))
    return found


def clocks(lead_ids: Collection[int]) -> dict[tuple[int, int, str], Clock]:
    """Return the clocks of leads by lead, round and kind."""
    if not lead_ids:
        return {}
    rows = map(Clock._make, _rows(_CLOCKS, [sorted(lead_ids)]))
    return {(row.lead, row.round, row.kind): row for row in rows}


def segments(clocks: Iterable[Clock]) -> dict[int, list[Segment]]:
    """Return who had each clock that was handed over, in order of time."""
    found: dict[int, list[Segment]] = defaultdict(list)
    ids = [clock.id for clock in clocks if clock.segments]
    if ids:
        for clock, *segment in _rows(_SEGMENTS, [ids]):
            found[clock].append(Segment._make(segment))
    return found


def pauses(clocks: Iterable[Clock]) -> dict[int, list[tuple[Moment, Moment]]]:
    """Return the pauses of each clock that had any, in order of time."""
    found: dict[int, list[tuple[Moment, Moment]]] = defaultdict(list)
    ids = [clock.id for clock in clocks if clock.pauses]
    if ids:
        for clock, since, until in _rows(_PAUSES, [ids]):
            found[clock].append((since, until))
    return found
