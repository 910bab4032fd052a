"""Forget what a load that is taken back made of promises, and judge them again."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from sla.actions import assessing
from sla.models import ClockVersion
from sla.queries import facts

_OWN = {"id", "clock_id", "until_entry_id"}
_FLAGGED = """
    SELECT c.id, c.lead_id FROM sla_breach b JOIN sla_clock c ON c.id = b.clock_id
    WHERE b.entry_id = %s AND c.state = 'breached'
"""
_KEEP = """
    INSERT INTO sla_clockversion ({names}, clock_id, until_entry_id)
    SELECT {names}, id, %s FROM sla_clock WHERE id = ANY(%s) AND entry_id <> %s
"""
_REOPEN = """
    UPDATE sla_clock SET state = 'running', done_at = NULL, done_by = '',
        ended_at = NULL, elapsed_seconds = NULL, late_seconds = NULL,
        logged_late = false, by_silence = false, entry_id = %s
    WHERE id = ANY(%s)
"""


def reopen(flagged_by: int, *, by: User | None, at: datetime) -> Collection[int]:
    """Let clocks run again that an entry, which is taken back, had found breached.

    A breach that was flagged stands whatever is learned later; these were flagged
    because of what is no fact any more. Returns the leads, which the caller holds
    locked and has judged (`judge_again`) when the facts are gone. The rows of the
    breaches stay, and so does how the clocks had ended until then.
    """
    correction = ledger.entry(by=by, at=at, cause="correction")
    with correction as entry, connection.cursor() as cursor:
        cursor.execute(_FLAGGED, [flagged_by])
        found = cursor.fetchall()
        clocks = [pk for pk, _ in found]
        if clocks:
            fields = ClockVersion._meta.local_concrete_fields
            columns = {str(field.column) for field in fields} - _OWN
            keep = _KEEP.format(names=", ".join(sorted(columns)))
            cursor.execute(keep, [entry.pk, clocks, entry.pk])
            cursor.execute(_REOPEN, [entry.pk, clocks])
    return sorted({lead for _, lead in found})


def judge_again(lead_ids: Collection[int], *, by: User | None, at: datetime) -> None:
    """Judge the clocks of leads by the facts that are left. Safe to repeat."""
    if lead_ids:
        with ledger.entry(by=by, at=at, cause="correction"):
            assessing.assess(facts.of_clocks(lead_ids), at=at)
