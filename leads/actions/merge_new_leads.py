"""Write new leads with their stage changes and events, in sets.

What is written equals what `leads.actions.leads.create_many` writes for the same leads.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from campaigns.actions.merge_outcomes import Told
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads import signals
from leads.actions import snapshots
from leads.actions.leads import change_many
from leads.actions.merge_paths import REACHED, NewPath
from leads.actions.merge_references import REFERRED, References
from leads.actions.merge_staging import stage_columns
from leads.actions.stages import BACK_DATED
from leads.domain.sets import Rows
from leads.enums import Cause, Exclusion, Stage
from leads.models import StageChange

TEXTS = (
    *("external_system", "external_id", "email", "phone", "first_name", "last_name"),
    *("job_title", "language", "source", "segment", "country"),
)
_STAGED = {
    "id": "bigint",
    "again": "boolean NOT NULL DEFAULT false",
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(("company_id", "owner_id", "campaign_id"), "bigint"),
    "priority": "int",
    "do_not_contact": "boolean",
    "created_at": "timestamptz",
    **{f"{stage_}_at": "timestamptz" for stage_ in REACHED},
    "implied": "int",
    "left_for": "text",
}
_TABLE = "merged_new_leads"


class NewLead(NamedTuple):
    """A row that makes a lead: its place, the lead's id, and the company's number."""

    place: int
    id: int
    company: int | None
    path: NewPath
    there_before: bool = False


def write(
    told: Told,
    found: Sequence[NewLead],
    references: References,
    *,
    by: User | None,
    at: datetime,
    live: bool,
) -> Rows | None:
    """Write the leads found to be new, inside a ledger entry.

    Those that were there before were withdrawn with the load that made them, and are
    made anew in their old rows. What they refer to has been made. Returns the stage
    changes.
    """
    if not found:
        return None
    entry = ledger.current()
    back = [new.id for new in found if new.there_before]
    change_many(back, "exclusion", Exclusion.NONE.value, by=by, at=at)
    stage_columns(_TABLE, _STAGED, _columns(told, found, references))
    with connection.cursor() as cursor:
        cursor.execute(_INSERT)
        cursor.execute(_TELL_CREATED, [entry.pk])
        if back:
            cursor.execute(_REPLACE)
        cursor.execute(_CHANGES, _params(entry, by=by, at=at, live=live))
        first, last = cursor.fetchone()
    entry.topics.add("leads")
    _heed_what_stayed(back, entry.pk)
    rows = Rows(entry.pk, first, last, of_new_leads=not back)
    signals.stages_changed.send(StageChange, rows=rows, by=by, at=at)
    return rows


def _heed_what_stayed(lead_ids: Sequence[int], entry: int) -> None:
    """Work out leads again that have changes of another origin in force."""
    if lead_ids:
        others = StageChange.objects.filter(
            lead_id__in=lead_ids, in_force=True, is_withdrawal=False
        ).exclude(entry_id=entry)
        snapshots.rebuild(set(others.values_list("lead_id", flat=True)))


def _columns(
    told: Told,
    found: Sequence[NewLead],
    references: References,
) -> dict[str, Sequence[object]]:
    places, ids, companies, paths, again = zip(*found, strict=True)
    everything = len(found) == told.size

    def taken(column: Sequence[Any]) -> Sequence[Any]:
        # New leads come in the order of their rows.
        return column if everything else [column[place] for place in places]

    columns: dict[str, Sequence[object]] = {"id": ids}
    if any(again):
        columns["again"] = again
    for name in (*TEXTS, "priority", "do_not_contact"):
        if name in told:
            columns[name] = taken(told.column(name))
    columns["company_id"] = list(map(references.reals("company_id"), companies))
    for name, numbers in references.columns.items():
        columns[name] = list(map(references.reals(name), taken(numbers)))
    columns |= zip(_PATH, zip(*map(_path, paths), strict=True), strict=True)
    return columns


_PATH = ("created_at", "implied", "left_for", *(f"{stage_}_at" for stage_ in REACHED))


def _path(path: NewPath) -> tuple[object, ...]:
    """Return what is staged of a path; blank words are left to the table."""
    return path.created_at, path.implied, path.left_for or None, *path.times


def _params(
    entry: ledger.Writer, *, by: User | None, at: datetime, live: bool
) -> dict[str, Any]:
    return {
        "entry": entry.pk,
        "actor": by.pk if by else None,
        "at": at,
        "history_before": at - BACK_DATED,
        "history": not live,
    }


_MOMENTS = ("created_at", *(f"{stage_}_at" for stage_ in REACHED))
_SINCE = f"greatest({', '.join(_MOMENTS)})"
"""Moments of a path only rise; whoever left did so at the last of them."""
_LAST = "CASE {} ELSE 'lead' END".format(
    " ".join(
        f"WHEN {stage_}_at IS NOT NULL THEN '{stage_}'" for stage_ in reversed(REACHED)
    )
)
_VALUES = {
    **{name: name for name in (*TEXTS, *REFERRED)},
    "email_folded": "email",
    "priority": "coalesce(priority, 0)",
    "do_not_contact": "coalesce(do_not_contact, false)",
    "exclusion": "''",
    "stage": f"CASE left_for WHEN '' THEN {_LAST} ELSE left_for END",
    "round": "CASE WHEN mql_at IS NULL THEN 0 ELSE 1 END",
    "stage_since_at": _SINCE,
    "created_at": "created_at",
    **{f"first_{stage_}_at": f"{stage_}_at" for stage_ in REACHED},
    **{f"round_{stage_}_at": f"{stage_}_at" for stage_ in REACHED},
}
_NAMES = ", ".join(_VALUES)
_INSERT = f"""
    INSERT INTO leads_lead (id, {_NAMES})
    SELECT id, {", ".join(_VALUES.values())}
    FROM {_TABLE} WHERE NOT again ORDER BY id
"""  # noqa: S608 -- names are ours
_REPLACE = f"""
    UPDATE leads_lead SET {", ".join(f"{name} = new.{name}" for name in _VALUES)},
        re_entry_on = NULL
    FROM (SELECT id, {", ".join(f"{v} AS {n}" for n, v in _VALUES.items())}
          FROM {_TABLE} WHERE again) AS new
    WHERE leads_lead.id = new.id
"""  # noqa: S608 -- names are ours
_TELL_CREATED = f"""
    INSERT INTO ledger_event (entry_id, kind, subject_type, subject_id, payload)
    SELECT %s, 'leads.lead.created', 'leads.lead', id,
        jsonb_build_object('source', source)
    FROM {_TABLE} ORDER BY id
"""  # noqa: S608 -- names are ours
_ENTERED = "CASE WHEN mql_at IS NULL THEN 0 ELSE 1 END"
_STEPS = {
    # rank: (round, from, to, moment, cause, implied)
    0: ("0", "''", f"'{Stage.LEAD}'", "created_at", Cause.CREATED, "false"),
    **{
        rank: (
            *("1", f"'{before}'", f"'{to}'", f"{to}_at", Cause.IMPORT),
            f"implied & {1 << rank - 1} > 0",
        )
        for rank, (before, to) in enumerate(
            zip(("lead", *REACHED), REACHED, strict=False), 1
        )
    },
    9: (
        *(_ENTERED, _LAST, "left_for"),
        *(f"CASE left_for WHEN '' THEN NULL ELSE {_SINCE} END", Cause.IMPORT, "false"),
    ),
}
_ALL_STEPS = " UNION ALL ".join(
    f"""SELECT {rank} AS rank, {round_} AS round, {before} AS from_stage,
        {to} AS to_stage, {moment} AS at, '{cause}' AS cause, {implied} AS implied,
        id, source, segment, country, campaign_id, owner_id
    FROM {_TABLE} WHERE {moment} IS NOT NULL"""  # noqa: S608 -- names are ours
    for rank, (round_, before, to, moment, cause, implied) in _STEPS.items()
)
_CHANGES = f"""
    WITH made AS (
        INSERT INTO leads_stagechange (is_withdrawal, in_force, round, from_stage,
            to_stage, occurred_at, recorded_at, cause, reason, although_met, implied,
            history, source, segment, country, actor_id, campaign_id, entry_id,
            lead_id, owner_id)
        SELECT false, true, round, from_stage, to_stage, at, %(at)s, cause, '', false,
            implied, %(history)s OR at < %(history_before)s, source, segment, country,
            %(actor)s, campaign_id, %(entry)s, id, owner_id
        FROM ({_ALL_STEPS}) AS step ORDER BY id, rank
        RETURNING id, lead_id, from_stage, to_stage, round, cause, implied
    ), told AS (
        INSERT INTO ledger_event (entry_id, kind, subject_type, subject_id, payload)
        SELECT %(entry)s, 'leads.stage.changed', 'leads.lead', lead_id,
            -- Words of ours, so nothing is to be quoted, in half the time.
            ('{{"change": ' || id || ', "round": ' || round
                || ', "implied": ' || implied || ', "from": "' || from_stage
                || '", "to": "' || to_stage || '", "cause": "' || cause
                || '", "reason": ""}}')::jsonb
        FROM made WHERE cause <> '{Cause.CREATED}' ORDER BY id
    )
    SELECT min(id), max(id) FROM made
"""  # noqa: S608 -- names are ours
