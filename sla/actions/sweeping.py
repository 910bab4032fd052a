"""Flag what went past its time: in batches, each a transaction with its ledger entry.

Several workers may sweep at once and any of them may die at any moment. A batch takes
clocks that nobody else holds, together with their leads, and commits everything about
them or nothing; a clock that is not running is never taken; and a breach row is unique.
So each breach is flagged exactly once and none is lost. Nothing here waits for a lock
while it holds another, so it never stands in the way of people.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from foundation.ledger import actions as ledger
from leads.actions import stages
from leads.enums import Cause, Stage
from sla.actions import assessing
from sla.actions.writing import payload
from sla.queries import due, facts

BATCH = 2_000


class _NothingDue(Exception):
    """Ends an entry that would be empty."""


def sweep(*, at: datetime, limit: int = BATCH) -> int:
    """Do one batch of what is due, and return how many clocks it was; 0 at the end.

    First breaches, with acceptance by silence: the lead becomes SAL at the moment the
    agreed time ran out. Then pauses that end. Then warnings to owners. Clocks of
    history change without event, silence or notice.

    Args:
        at: now; what ran out before it is flagged.
        limit: the most clocks in one transaction.
    """
    for kind, batch in _BATCHES.items():
        if due.is_due(kind, at=at) and (found := _in_an_entry(batch, at, limit)):
            return found
    return 0


def _in_an_entry(
    batch: Callable[[ledger.Writer, int], int], at: datetime, limit: int
) -> int:
    try:
        with ledger.entry(by=None, at=at, cause="sla.sweep") as entry:
            entry.topics.add("sla")
            return _some(batch(entry, limit))
    except _NothingDue:
        return 0


def _some(found: int) -> int:
    if not found:
        raise _NothingDue
    return found


_NEEDED = "c.id, c.lead_id, c.kind, c.round, c.history"
_LOCKED = "FOR UPDATE OF c SKIP LOCKED FOR NO KEY UPDATE OF l SKIP LOCKED"
_RECORD = """
    INSERT INTO ledger_event (entry_id, kind, subject_type, subject_id, payload)
    SELECT %(entry)s, 'sla.clock.{word}', 'sla.clock', id, {payload}
    FROM due {which} ORDER BY id
"""
_TELL_BREACH = _RECORD.format(
    word="breached",
    payload=payload("due", quiet="false"),
    which="JOIN flagged ON clock_id = id",
)


def _tell(word: str) -> str:
    return _RECORD.format(word=word, payload=payload("due"), which="WHERE NOT history")


_BREACH = f"""
    WITH due AS MATERIALIZED (
        SELECT {_NEEDED}, c.owner_id, c.breach_at, c.kind = 'acceptance'
            AND NOT c.history AND l.stage = 'mql' AND l.round = c.round AS silence
        FROM sla_clock c JOIN leads_lead l ON l.id = c.lead_id
        WHERE c.state = 'running' AND c.breach_at < %(at)s
        ORDER BY c.breach_at LIMIT %(limit)s {_LOCKED}
    ), written AS (
        UPDATE sla_clock SET state = 'breached', ended_at = due.breach_at,
            by_silence = due.silence, entry_id = %(entry)s
        FROM due WHERE sla_clock.id = due.id
    ), flagged AS (
        INSERT INTO sla_breach
            (clock_id, owner_id, breach_at, flagged_at, quiet, entry_id)
        SELECT id, owner_id, breach_at, %(at)s, false, %(entry)s
        FROM due WHERE NOT history
        ON CONFLICT (clock_id) DO NOTHING RETURNING clock_id
    ), told AS (
        {_TELL_BREACH}
    )
    SELECT count(*), array_agg(lead_id ORDER BY lead_id) FILTER (WHERE silence),
        array_agg(breach_at ORDER BY lead_id) FILTER (WHERE silence)
    FROM due
"""  # noqa: S608 -- names are ours
_RESUME = f"""
    WITH due AS MATERIALIZED (
        SELECT {_NEEDED} FROM sla_clock c JOIN leads_lead l ON l.id = c.lead_id
        WHERE c.state = 'paused' AND c.resumes_at <= %(at)s
        ORDER BY c.resumes_at LIMIT %(limit)s {_LOCKED}
    ), written AS (
        UPDATE sla_clock SET state = 'running', resumes_at = NULL, entry_id = %(entry)s
        FROM due WHERE sla_clock.id = due.id
    ), told AS ({_tell("resumed")})
    SELECT count(*) FROM due
"""  # noqa: S608 -- names are ours
_WARN = f"""
    WITH due AS MATERIALIZED (
        SELECT {_NEEDED} FROM sla_clock c JOIN leads_lead l ON l.id = c.lead_id
        WHERE c.state = 'running' AND c.warned_at IS NULL AND c.warn_at <= %(at)s
        ORDER BY c.warn_at LIMIT %(limit)s {_LOCKED}
    ), written AS (
        UPDATE sla_clock SET warned_at = %(at)s FROM due WHERE sla_clock.id = due.id
    ), told AS ({_tell("warned")})
    SELECT count(*) FROM due
"""  # noqa: S608 -- names are ours


def _breach(entry: ledger.Writer, limit: int) -> int:
    count, lead_ids, moments = _one_row(_BREACH, entry, limit)
    if lead_ids:
        _accept_by_silence(lead_ids, moments, at=entry.at)
    return int(count)


def _resume(entry: ledger.Writer, limit: int) -> int:
    return int(_one_row(_RESUME, entry, limit)[0])


def _warn(entry: ledger.Writer, limit: int) -> int:
    return int(_one_row(_WARN, entry, limit)[0])


_BATCHES = {"breach": _breach, "resume": _resume, "warn": _warn}


def _accept_by_silence(
    lead_ids: Sequence[int], moments: Sequence[datetime], *, at: datetime
) -> None:
    wishes = [
        stages.Advance(pk, Stage.SAL, moment, Cause.SILENCE)
        for pk, moment in zip(lead_ids, moments, strict=True)
    ]
    results = stages.advance_many(wishes, by=None, at=at)
    refused = [result.lead_id for result in results if result.refused]
    if refused:
        assessing.assess(facts.of_clocks(refused), at=at)


def _one_row(sql: str, entry: ledger.Writer, limit: int) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"at": entry.at, "limit": limit, "entry": entry.pk})
        row: tuple[Any, ...] = cursor.fetchone()
        return row
