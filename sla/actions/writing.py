"""Write judged clocks, one or hundreds of thousands, in one statement each.

The statements also keep the versions before, flag breaches once and record the events,
because a row per clock in Python would cost more than all the rest.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from django.db import connection

from foundation.ledger import actions as ledger
from sla import models
from sla.domain.clocks import Clock, Found

type _Parameter = str | int | datetime

# What is sent of a clock; the rest is taken from its stage change or does not change.
_TYPES = {
    "id": "bigint",
    "change": "bigint",
    "kind": "text",
    "clause": "bigint",
    "calendar": "bigint",
    "owner": "bigint",
    "due_at": "bigint",
    "breach_at": "bigint",
    "warn_at": "bigint",
    "state": "text",
    "waiting": "boolean",
    "done_at": "bigint",
    "done_by": "text",
    "ended_at": "bigint",
    "elapsed": "bigint",
    "late": "bigint",
    "cancelled_reason": "text",
    "marks": "smallint",
    "resumes_at": "bigint",
    "segments": "smallint",
}
FEW = 5_000
"""Up to so many new clocks are written by a small statement."""

_ENDS = {"met", "cancelled"}
_SENT = [(Clock._fields.index(name), type_) for name, type_ in _TYPES.items()]
_GIVEN = f"""
    SELECT * FROM unnest({"".join(f"%s::{type_}[], " for type_ in _TYPES.values())}
        %s::smallint[], %s::bigint[]) AS given({", ".join(_TYPES)}, flag, flag_owner)
"""  # noqa: S608 -- names are ours
_MOMENT = "timestamptz 'epoch' + {0} * interval '1 microsecond'"
_JUDGED = {
    "change_id": "g.change",
    "clause_id": "g.clause",
    "calendar_id": "g.calendar",
    "owner_id": "g.owner",
    "state": "g.state",
    "history": "c.history",
    "waiting": "g.waiting",
    "started_at": "c.occurred_at",
    "due_at": _MOMENT.format("g.due_at"),
    "breach_at": _MOMENT.format("g.breach_at"),
    "warn_at": _MOMENT.format("g.warn_at"),
    "done_at": _MOMENT.format("g.done_at"),
    "done_by": "g.done_by",
    "ended_at": _MOMENT.format("g.ended_at"),
    "elapsed_seconds": "g.elapsed",
    "late_seconds": "g.late",
    "cancelled_reason": "g.cancelled_reason",
    "logged_late": "g.marks & 1 > 0",
    "self_reported": "g.marks & 2 > 0",
    "by_silence": "g.marks & 4 > 0",
    "although_met": "g.marks & 8 > 0",
    "by_hand": "c.cause = 'hand'",
    "resumes_at": _MOMENT.format("g.resumes_at"),
    "segments": "g.segments",
    "source": "c.source",
    "campaign_id": "c.campaign_id",
    "segment": "c.segment",
    "country": "c.country",
    "entry_id": "%s",
}
_KEPT = """
    kind, round, clause_id, change_id, calendar_id, owner_id, state, history, waiting,
    started_at, due_at, breach_at, done_at, done_by, ended_at, elapsed_seconds,
    late_seconds, cancelled_reason, logged_late, self_reported, by_silence, by_hand,
    although_met, excepted, late_agreed, pauses, source, campaign_id, segment, country,
    entry_id, lead_id
"""
_KEEP_ONE = f"""
    INSERT INTO sla_clockversion ({_KEPT}, clock_id, until_entry_id)
    SELECT {_KEPT}, id, %s FROM sla_clock
    WHERE id = %s AND ended_at IS NOT NULL AND entry_id <> %s
"""  # noqa: S608 -- names are ours
_KEEP = f"""
    INSERT INTO sla_clockversion ({_KEPT}, clock_id, until_entry_id)
    SELECT {", ".join(f"k.{name.strip()}" for name in _KEPT.split(","))}, k.id, %s
    FROM sla_clock k JOIN given USING (id)
    WHERE k.ended_at IS NOT NULL AND k.entry_id <> %s
"""  # noqa: S608 -- names are ours


def payload(row: str, **more: str) -> str:
    """Return SQL for what events tell of a clock, and ``more``, each an expression."""
    told = {"kind": f"{row}.kind", "round": f"{row}.round", **more}
    parts = (f"'{name}', {value}" for name, value in told.items())
    return f"jsonb_build_object('lead', {row}.lead_id, {', '.join(parts)})"


_FLAG = """
    INSERT INTO sla_breach (clock_id, owner_id, breach_at, flagged_at, quiet, entry_id)
    SELECT w.id, g.flag_owner, w.breach_at, %s, g.flag = 2, %s
    FROM written w JOIN given g ON {join} WHERE g.flag > 0
    ON CONFLICT (clock_id) DO NOTHING
    RETURNING clock_id, quiet
"""
_RECORD = f"""
    INSERT INTO ledger_event (entry_id, kind, subject_type, subject_id, payload)
    SELECT %s, 'sla.clock.' || told.word, 'sla.clock', told.id, told.payload FROM (
        SELECT w.id, 0 AS place, 'started' AS word, {payload("w")} AS payload
        FROM written w WHERE w.is_new AND NOT w.history
        UNION ALL
        SELECT w.id, 1, w.state, {payload("w")}
        FROM written w
        WHERE NOT w.history AND w.state IN ('met', 'cancelled')
            AND w.state IS DISTINCT FROM w.before
        UNION ALL
        SELECT w.id, 1, 'breached', {payload("w")}
            || jsonb_build_object('quiet', f.quiet)
        FROM written w JOIN flagged f ON f.clock_id = w.id
    ) AS told ORDER BY told.id, told.place
"""  # noqa: S608 -- names are ours
_INSERT = f"""
    INSERT INTO sla_clock (lead_id, round, kind, excepted, late_agreed, pauses,
        {", ".join(_JUDGED)})
    SELECT c.lead_id, c.round, g.kind, false, false, 0, {", ".join(_JUDGED.values())}
    FROM given g JOIN leads_stagechange c ON c.id = g.change
    RETURNING id, lead_id, round, kind, state, history, breach_at, change_id
"""  # noqa: S608 -- names are ours
_FEW_NEW = f"WITH given AS ({_GIVEN}) {_INSERT}"
_NEW = f"""
    WITH given AS MATERIALIZED ({_GIVEN}), made AS ({_INSERT}),
    written AS (SELECT *, true AS is_new, NULL AS before FROM made), flagged AS (
        {_FLAG.format(join="g.change = w.change_id AND g.kind = w.kind")}
    )
    {_RECORD}
"""  # noqa: S608 -- names are ours
_ANEW = f"""
    WITH given AS MATERIALIZED ({_GIVEN}), kept AS ({_KEEP}), written AS (
        UPDATE sla_clock k SET
            {", ".join(f"{name} = {value}" for name, value in _JUDGED.items())}
        FROM given g JOIN leads_stagechange c ON c.id = g.change
            JOIN sla_clock o ON o.id = g.id
        WHERE k.id = g.id
        RETURNING k.id, k.lead_id, k.round, k.kind, k.state, k.history, k.breach_at,
            false AS is_new, o.state AS before
    ), flagged AS (
        {_FLAG.format(join="g.id = w.id")}
    )
    {_RECORD}
"""  # noqa: S608 -- names are ours
_HAND = """
    INSERT INTO sla_segment (clock_id, owner_id, calendar_id, starts_at, entry_id)
    SELECT clock, owner, calendar, timestamptz 'epoch'
        + starts_at * interval '1 microsecond', %s
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS handed(clock, owner, calendar, starts_at)
"""


def insert(found: Sequence[Found], entry: ledger.Writer) -> None:
    """Store new clocks; flag breaches and record events of what is no history."""
    if not found:
        return
    if len(found) <= FEW and not any(item.flag for item in found):
        _insert_few(found, entry)
        return
    entry.flush()
    _execute(_NEW, [*_columns(found), entry.pk, entry.at, entry.pk, entry.pk])
    entry.topics.add("sla")


def _insert_few(found: Sequence[Found], entry: ledger.Writer) -> None:
    """As `insert`, with the events written beside those of the lead.

    A lead that qualifies starts two clocks; planning the large statement for them
    would take longer than all else that is done in the database.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FEW_NEW, [*_columns(found), entry.pk])
        rows = sorted(cursor.fetchall())
    for pk, lead, round_, kind, state, history, *_ in rows:
        told = {"lead": lead, "kind": kind, "round": round_}
        if not history:
            words = ["started", *({state} & _ENDS)]
            for word in words:
                entry.record(f"sla.clock.{word}", subject=("sla.clock", pk), data=told)


def record_history(clocks: int, entry: ledger.Writer) -> None:
    """Record in one event how many new clocks are history, if any."""
    if clocks:
        entry.record(
            "sla.clocks.evaluated",
            subject=("ledger.entry", entry.pk),
            data={"clocks": clocks},
        )


def update(found: Sequence[Found], entry: ledger.Writer) -> None:
    """Store clocks that were judged anew, and keep how they had ended before."""
    if not found:
        return
    entry.flush()
    parameters: list[_Parameter] = [entry.pk] * 3
    parameters += [entry.at, entry.pk, entry.pk]
    _execute(_ANEW, [*_columns(found), *parameters])
    entry.topics.add("sla")
    _hand_over([item for item in found if item.segments], entry)


def mark(clock: models.Clock, entry: ledger.Writer, **changes: bool | int) -> None:
    """Change what people agreed about one clock, and keep how it had ended before."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_ONE, [entry.pk, clock.pk, entry.pk])
    models.Clock.objects.filter(pk=clock.pk).update(entry_id=entry.pk, **changes)


def _hand_over(found: Sequence[Found], entry: ledger.Writer) -> None:
    if not found:
        return
    clocks = [item.clock.id for item in found for _ in item.segments]
    rows = chain.from_iterable(item.segments for item in found)
    columns = [_numbers(column) for column in zip(*rows, strict=True)]
    _execute(_HAND, [entry.pk, _numbers(clocks), *columns])


def _numbers(values: Iterable[int | None]) -> str:
    """Return the text form of an array of numbers, truth values or nulls.

    One text is read many times faster than an expression with an element for each.
    """
    return "{" + str(list(values))[1:-1].replace("None", "NULL") + "}"


def _words(values: Iterable[str]) -> str:
    """Return the text form of an array of code words, which hold no quotes."""
    return '{"' + '","'.join(values) + '"}'


def _columns(found: Sequence[Found]) -> list[str]:
    columns = list(zip(*(item.clock for item in found), strict=True))
    sent = [
        _words(columns[place]) if kind == "text" else _numbers(columns[place])
        for place, kind in _SENT
    ]
    flags = (item.flag for item in found), (item.flag_owner for item in found)
    return [*sent, *map(_numbers, flags)]


def _execute(sql: str, parameters: Sequence[_Parameter]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
