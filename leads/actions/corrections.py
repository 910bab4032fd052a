"""Take facts back by facts: nothing is deleted, and what was known then stays known."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger
from foundation.ledger.models import Fact
from leads import signals
from leads.actions import snapshots
from leads.actions.stages import NotAdvanced
from leads.domain.sets import Rows
from leads.enums import Cause, ReasonKind
from leads.models import Lead, StageChange, Touchpoint
from leads.queries import reasons


class NothingToCorrect(Invalid):
    """The fact is not in force (any more)."""

    code = "nothing_to_correct"


def withdraw_change(
    change: StageChange, *, reason: str, by: User, at: datetime
) -> StageChange:
    """Take one stage change back, and what it implied with it.

    Raises:
        NothingToCorrect: it was corrected already.
        NotAdvanced: the reason is not on the agreed list.
    """
    if (ReasonKind.CORRECT, reason) not in reasons.codes([ReasonKind.CORRECT]):
        raise NotAdvanced("unknown_reason")
    with ledger.entry(by=by, at=at, cause="correction"):
        Lead.objects.select_for_update().get(pk=change.lead_id)
        wanted = StageChange.objects.filter(
            lead_id=change.lead_id,
            in_force=True,
            is_withdrawal=False,
            entry_id=change.entry_id,
            occurred_at=change.occurred_at,
            implied=True,
            to_stage__in=_skipped_before(change),
        ).values_list("pk", flat=True)
        rows = withdraw_changes([change.pk, *wanted], reason=reason, by=by, at=at)
        if rows is None:
            raise NothingToCorrect(_("This change was corrected already."))
        return StageChange.objects.get(corrects=change, entry_id=rows.entry)


def _skipped_before(change: StageChange) -> list[str]:
    if change.implied:
        return []
    return ["mql", "sal", "sql", "opportunity"]


def withdraw_changes(
    ids: Collection[int], *, by: User | None, at: datetime, reason: str = ""
) -> Rows | None:
    """Take many stage changes back in sets; None if none of them was in force.

    The leads' rows are worked out again and the product follows: clocks are judged
    anew and the numbers of the days that were touched are recomputed.
    """
    with ledger.entry(by=by, at=at, cause="correction") as entry:
        pairs = StageChange.objects.filter(pk__in=ids, in_force=True)
        lead_ids = sorted(set(pairs.values_list("lead_id", flat=True)))
        before = _entry_times(lead_ids)
        extra = {"cause": Cause.CORRECTION, "reason": reason, "recorded_at": at}
        rows = _withdraw(StageChange, ids, entry, extra=extra, actor=by)
        if rows is None:
            return None
        snapshots.rebuild(lead_ids)
        signals.stages_corrected.send(
            StageChange, lead_ids=lead_ids, before=before, rows=rows, by=by, at=at
        )
    return rows


def withdraw_touches(
    ids: Collection[int], *, by: User | None, at: datetime
) -> Rows | None:
    """Take many touches back in sets; None if none of them was in force."""
    with ledger.entry(by=by, at=at, cause="correction") as entry:
        rows = _withdraw(Touchpoint, ids, entry, extra={"recorded_at": at}, actor=by)
        if rows is not None:
            signals.touches_withdrawn.send(Touchpoint, rows=rows, by=by, at=at)
    return rows


def _entry_times(lead_ids: Collection[int]) -> dict[int, dict[str, datetime]]:
    fields = ["created_at", *(f"first_{s}_at" for s in _REACHED)]
    rows = Lead.objects.filter(pk__in=lead_ids).values_list("pk", *fields)
    return {
        pk: {
            stage: moment
            for stage, moment in zip(["lead", *_REACHED], moments, strict=True)
            if moment
        }
        for pk, *moments in rows
    }


_REACHED = ("mql", "sal", "sql", "opportunity", "customer")


def _withdraw(
    model: type[Fact],
    ids: Collection[int],
    entry: ledger.Writer,
    *,
    extra: dict[str, object],
    actor: User | None,
) -> Rows | None:
    return withdraw_facts(
        model, ids, entry, changes={**extra, "actor_id": actor.pk if actor else None}
    )


def withdraw_facts(
    model: type[Fact],
    ids: Collection[int],
    entry: ledger.Writer,
    *,
    changes: dict[str, object],
) -> Rows | None:
    """Write one withdrawal for each fact in force, in two statements.

    A withdrawal is a copy of the fact that names it; ``changes`` are columns that the
    copy has otherwise. What a withdrawn fact had corrected is in force again.
    Returns the withdrawals, or None.
    """
    fields = [f for f in model._meta.local_concrete_fields if not f.primary_key]
    columns = [str(f.column) for f in fields]
    given = {
        **changes,
        "entry_id": entry.pk,
        "is_withdrawal": True,
        "in_force": True,
    }
    chosen = ", ".join(
        "id" if c == "corrects_id" else "%s" if c in given else c for c in columns
    )
    params: list[Any] = [given[c] for c in columns if c in given]
    table = model._meta.db_table
    statement = (
        f"WITH gone AS (UPDATE {table} SET in_force = false "  # noqa: S608 -- names are ours
        "WHERE id = ANY(%s) AND in_force AND NOT is_withdrawal RETURNING *), "
        f"back AS (UPDATE {table} SET in_force = true "
        "WHERE id IN (SELECT corrects_id FROM gone)), "
        f"made AS (INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {chosen} FROM gone ORDER BY id RETURNING id) "
        "SELECT min(id), max(id) FROM made"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids), *params])
        first, last = cursor.fetchone()
    if first is None:
        return None
    name = table.partition("_")[2]
    kind = f"{model._meta.app_label}.{name}.withdrawn"
    entry.record(
        kind, subject=("ledger.entry", entry.pk), data={"from": first, "to": last}
    )
    return Rows(entry.pk, first, last)
