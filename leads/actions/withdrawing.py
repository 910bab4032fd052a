"""Take back what a load said of leads and companies, in sets."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from campaigns.actions.putting_back import Values, put_back
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads import signals
from leads.actions import corrections, leads
from leads.domain.sets import Rows
from leads.enums import Exclusion, Stage
from leads.models import AttributeChange, Company, Lead, Note, Touchpoint

LOAD_WITHDRAWN = "load_withdrawn"
"""The coded reason of the corrections."""


def withdraw_changes(ids: Collection[int], *, by: User | None, at: datetime) -> None:
    """Take stage changes back because their load was withdrawn.

    As `corrections.withdraw_changes`; a day of re-entry goes with the change that
    gave it.
    """
    with ledger.entry(by=by, at=at, cause="correction"):
        reason = LOAD_WITHDRAWN
        rows = corrections.withdraw_changes(ids, by=by, at=at, reason=reason)
        if rows is not None:
            with connection.cursor() as cursor:
                cursor.execute(_FORGET_RE_ENTRY, [rows.entry, rows.first, rows.last])


_FORGET_RE_ENTRY = f"""
    UPDATE leads_lead SET re_entry_on = NULL
    WHERE re_entry_on IS NOT NULL AND stage <> '{Stage.RECYCLED}' AND id IN (
        SELECT lead_id FROM leads_stagechange
        WHERE entry_id = %s AND id BETWEEN %s AND %s)
"""  # noqa: S608 -- names are ours


def withdraw_attributes(ids: Collection[int], *, by: User | None, at: datetime) -> None:
    """Take values of leads and companies back; what the rows show is put back apart."""
    with ledger.entry(by=by, at=at, cause="correction") as entry:
        changes: dict[str, object] = {"recorded_at": at}
        corrections.withdraw_facts(AttributeChange, ids, entry, changes=changes)


_RESTORE = """
    WITH gone AS (
        UPDATE leads_touchpoint SET in_force = false
        WHERE id = ANY(%(ids)s) AND in_force AND is_withdrawal RETURNING *
    ), back AS (
        UPDATE leads_touchpoint SET in_force = true
        WHERE id IN (SELECT corrects_id FROM gone)
    ), made AS (
        INSERT INTO leads_touchpoint (entry_id, corrects_id, is_withdrawal, in_force,
            recorded_at, actor_id, {names})
        SELECT %(entry)s, id, true, true, %(at)s, %(actor)s, {names}
        FROM gone ORDER BY id RETURNING id
    )
    SELECT min(id), max(id) FROM made
"""
_OWN = {"id", "entry_id", "corrects_id", "is_withdrawal", "in_force", "recorded_at"}


@contextmanager
def replacing(
    touches: Collection[int], *, by: User | None, at: datetime
) -> Iterator[None]:
    """Take touches back whose places others take inside.

    Clocks are judged after that: a promise that was kept before and after would else
    be flagged as broken in between.
    """
    with ledger.entry(by=by, at=at, cause="correction") as entry:
        changes: dict[str, object] = {"recorded_at": at}
        changes["actor_id"] = by.pk if by else None
        rows = corrections.withdraw_facts(Touchpoint, touches, entry, changes=changes)
        yield
        if rows is not None:
            signals.touches_withdrawn.send(Touchpoint, rows=rows, by=by, at=at)


def take_back_touches(
    touches: Collection[int],
    withdrawals: Collection[int],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Take touches back, and withdrawals of others, which are in force again.

    Whoever calls this has made sure that no other touch has taken their identifiers.
    """
    with replacing(touches, by=by, at=at):
        _restore(withdrawals, by=by, at=at)


def _restore(withdrawals: Collection[int], *, by: User | None, at: datetime) -> None:
    columns = {str(field.column) for field in Touchpoint._meta.local_concrete_fields}
    names = ", ".join(sorted(columns - _OWN - {"actor_id"}))
    with ledger.entry(by=by, at=at, cause="correction") as entry:
        params: dict[str, Any] = {
            "ids": list(withdrawals),
            "entry": entry.pk,
            "at": at,
            "actor": by.pk if by else None,
        }
        with connection.cursor() as cursor:
            cursor.execute(_RESTORE.format(names=names), params)
            first, last = cursor.fetchone()
        if first is None:
            return
        subject = ("ledger.entry", entry.pk)
        entry.record(
            "leads.touchpoint.restored",
            subject=subject,
            data={"from": first, "to": last},
        )
        rows = Rows(entry.pk, first, last)
        signals.touches_withdrawn.send(Touchpoint, rows=rows, by=by, at=at)


def withdraw_leads(ids: Collection[int], *, by: User | None, at: datetime) -> int:
    """Leave leads out of lists and numbers, with their clocks; return how many.

    Their facts are taken back apart. Loading them again brings them back. Repeating it
    changes nothing.
    """
    return leads.exclude(ids, Exclusion.WITHDRAWN, by=by, at=at)


def put_back_leads(
    values: Mapping[int, Values], *, by: User | None, at: datetime
) -> None:
    """Give leads these values (by id, then by attribute name); clocks follow.

    The facts of the values that go are taken back apart.
    """
    with ledger.entry(by=by, at=at, cause="correction") as entry:
        names = ("email", "email_folded", "external_system", "external_id")
        put_back(Lead, values, vacate=dict.fromkeys(names, ""))
        entry.record_many(
            "leads.lead.changed",
            (
                (("leads.lead", pk), {"fields": ",".join(sorted(given))})
                for pk, given in sorted(values.items())
            ),
        )
        by_field: dict[str, list[int]] = defaultdict(list)
        for pk, given in sorted(values.items()):
            for name in given:
                by_field[name].append(pk)
        for name, lead_ids in sorted(by_field.items()):
            signals.leads_changed.send(
                Lead, lead_ids=lead_ids, fields=[name], by=by, at=at, live=False
            )


def withdraw_companies(ids: Collection[int], *, by: User | None, at: datetime) -> int:
    """Leave companies out of lists; loading them again brings them back.

    Returns how many there were. Repeating it changes nothing.
    """
    with ledger.entry(by=by, at=at, cause="correction") as entry:
        rows = Company.objects.filter(pk__in=ids, withdrawn_at__isnull=True)
        gone = sorted(rows.select_for_update().values_list("pk", flat=True))
        Company.objects.filter(pk__in=gone).update(withdrawn_at=at)
        entry.record_many(
            "leads.company.withdrawn", ((("leads.company", pk), {}) for pk in gone)
        )
    return len(gone)


def put_back_companies(
    values: Mapping[int, Values], *, by: User | None, at: datetime
) -> None:
    """Give companies these values (by id, then by attribute name)."""
    with ledger.entry(by=by, at=at, cause="correction") as entry:
        names = ("domain", "external_system", "external_id")
        put_back(Company, values, vacate=dict.fromkeys(names, ""))
        entry.record_many(
            "leads.company.changed",
            (
                (("leads.company", pk), {"fields": ",".join(sorted(given))})
                for pk, given in sorted(values.items())
            ),
        )


def delete_notes(ids: Collection[int]) -> int:
    """Delete notes, which are no facts; return how many there were."""
    return Note.objects.filter(pk__in=ids).delete()[0]
