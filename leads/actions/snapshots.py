"""Keep the lead rows equal to what their stage changes in force add up to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from leads.domain import path
from leads.models import Lead, StageChange

_TIMES = [
    f"{kind}_{stage}_at" for kind in ("first", "round") for stage in path.ORDER[1:]
]


def changes_in_force(lead_ids: Collection[int]) -> dict[int, list[StageChange]]:
    """Return each lead's changes in force, in order of time, ties by id."""
    found: dict[int, list[StageChange]] = defaultdict(list)
    if lead_ids:
        rows = StageChange.objects.filter(
            lead_id__in=lead_ids, in_force=True, is_withdrawal=False
        )
        for row in rows.order_by("lead_id", "occurred_at", "pk"):
            found[row.lead_id].append(row)
    return found


def advance(lead: Lead, row: StageChange) -> None:
    """Bring a lead in memory up to date with one further, latest change."""
    if row.round != lead.round and row.round:
        lead.round = row.round
        for stage in path.ORDER[1:]:
            setattr(lead, f"round_{stage}_at", None)
    lead.stage, lead.stage_since_at = row.to_stage, row.occurred_at
    if path.rank(row.to_stage) > 0:
        for kind in ("first", "round"):
            name = f"{kind}_{row.to_stage}_at"
            if getattr(lead, name) is None:
                setattr(lead, name, row.occurred_at)


def apply(lead: Lead, changes: Iterable[StageChange]) -> None:
    """Set a lead in memory to what all its changes in force add up to."""
    now = path.snapshot(
        path.Change(row.to_stage, row.occurred_at, row.round, row.implied)
        for row in changes
    )
    lead.stage, lead.round = now.stage or "lead", now.round
    lead.stage_since_at = now.since or lead.created_at
    for stage in path.ORDER[1:]:
        setattr(lead, f"first_{stage}_at", now.first.get(stage))
        setattr(lead, f"round_{stage}_at", now.in_round.get(stage))


def save(leads: Sequence[Lead]) -> None:
    """Write the path columns of many leads in one statement."""
    columns = ["stage", "round", "stage_since_at", "re_entry_on", *_TIMES]
    types = ["text", "int", "timestamptz", "date", *["timestamptz"] * len(_TIMES)]
    arrays = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in types)])
    sets = ", ".join(f"{name} = new.{name}" for name in columns)
    names = ", ".join(["id", *columns])
    values = [[lead.pk for lead in leads]]
    values += [[getattr(lead, name) for lead in leads] for name in columns]
    statement = (
        f"UPDATE leads_lead SET {sets} FROM unnest({arrays}) AS new({names}) "  # noqa: S608 -- names are ours
        "WHERE leads_lead.id = new.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def supersede(change_ids: Sequence[int]) -> None:
    """Put changes out of force that a later row corrects."""
    if change_ids:
        StageChange.objects.filter(pk__in=change_ids).update(in_force=False)


def rebuild(lead_ids: Collection[int]) -> None:
    """Work many leads' rows out again from their changes in force."""
    leads = list(
        Lead.objects.filter(pk__in=lead_ids).order_by("pk").select_for_update()
    )
    changes = changes_in_force([lead.pk for lead in leads])
    for lead in leads:
        apply(lead, changes.get(lead.pk, []))
    if leads:
        save(leads)
