"""Take touches from a file: new ones, and better values of known ones."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from campaigns.actions.merge_outcomes import Outcome, Told
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads import signals
from leads.actions.merge_staging import stage
from leads.actions.merge_touch_rows import Key, TouchRows, Values, key_of
from leads.actions.stages import BACK_DATED
from leads.actions.withdrawing import replacing
from leads.domain.sets import Rows
from leads.models import Touchpoint

_TABLE = "merged_touches"
_STAGED = {
    "external_system": "text",
    "external_id": "text",
    "lead_id": "bigint",
    "occurred_at": "timestamptz",
    "channel": "text",
    "type": "text",
    "direction": "text",
    "team": "text",
    "campaign_id": "bigint",
    "automatic": "boolean",
    "actor_id": "bigint",
    "utm_source": "text",
    "utm_medium": "text",
    "utm_campaign": "text",
    "cost": "numeric",
    "currency": "text",
    "proof": "text",
    "proof_reference": "text",
}
_NAMES = ", ".join(_STAGED)


def merge(told: Told, *, by: User | None, at: datetime, live: bool = False) -> Outcome:
    """Take the rows; see `Outcome` for the answer.

    The targets are those of files of touchpoints
    (`integrations.domain.kinds.touchpoints`). A touch is found again by external id,
    else by its lead, time, channel, type, direction, team and campaign. Facts do not
    change: a known touch that a row tells otherwise is withdrawn, and logged anew.
    Touches may precede the lead's creation. The number of statements is constant.

    Refusals: ``unknown_lead``, ``identity_conflict``, ``in_future``,
    ``owner_too_long``.
    """
    outcome = Outcome()
    with ledger.entry(by=by, at=at, cause="touchpoints"):
        rows = TouchRows(told, outcome, at=at)
        book = _Book(rows, outcome)
        for place in rows.given:
            book.take(place)
        rows.make(book.places, by=by)
        new = list(map(rows.settled, book.new.values()))
        # Nobody may look in between, when a replaced touch is gone and none is there.
        with replacing(book.replaced, by=by, at=at):
            _write(new, by=by, at=at, live=live)
    outcome.refusals.sort(key=lambda refusal: refusal.place)
    return outcome


class _Book:
    """The touches of one batch as they are and become, row by row."""

    def __init__(self, rows: TouchRows, outcome: Outcome) -> None:
        self.rows, self.outcome = rows, outcome
        keys = {place: rows.key(place) for place in rows.given}
        self._keys = keys
        self._known = _known(keys.values())
        self.new: dict[Key, Values] = {}
        self.replaced: list[int] = []
        self.places: list[int] = []

    def take(self, place: int) -> None:
        """Take one row, after those before it."""
        key, given = self._keys[place], self.rows.given[place]
        old = self.new.get(key) or self._known.get(key)
        if old is not None and all(old[name] == given[name] for name in given):
            self.outcome.count("unchanged")
            return
        self.outcome.count("created" if old is None else "updated")
        self.places.append(place)
        if old is not None and key not in self.new:
            self.replaced.append(old["id"])
        self.new[key] = self.rows.complete(given) if old is None else {**old, **given}


_BY_KEYS = f"""
    SELECT t.id, {", ".join(f"t.{name}" for name in _STAGED)}
    FROM unnest(%s::text[], %s::text[]) AS w(system, external)
    JOIN leads_touchpoint t ON t.external_system = w.system
        AND t.external_id = w.external AND NOT t.external_id = ''
        AND t.in_force AND NOT t.is_withdrawal
    UNION ALL SELECT t.id, {", ".join(f"t.{name}" for name in _STAGED)}
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS w(lead, at)
    JOIN leads_touchpoint t ON t.lead_id = w.lead AND t.occurred_at = w.at
        AND t.external_id = '' AND t.in_force AND NOT t.is_withdrawal
"""  # noqa: S608 -- names are ours


def _known(keys: Iterable[Key]) -> dict[Key, Values]:
    distinct = set(keys)
    external = [key for key in distinct if len(key) == 2]
    moments = list({key[:2] for key in distinct if len(key) > 2})
    columns: Sequence[Any] = [*_split(external), *_split(moments)]
    with connection.cursor() as cursor:
        cursor.execute(_BY_KEYS, columns)
        names = ("id", *_STAGED)
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {key_of(values): values for values in found}


def _split(pairs: Sequence[Key]) -> tuple[list[Any], list[Any]]:
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


_LOG = f"""
    WITH made AS (
        INSERT INTO leads_touchpoint (is_withdrawal, in_force, recorded_at, history,
            entry_id, {_NAMES})
        SELECT false, true, %(at)s, %(history)s OR occurred_at < %(history_before)s,
            %(entry)s, {_NAMES}
        FROM {_TABLE} ORDER BY occurred_at
        RETURNING id, lead_id, type, direction, channel, team, automatic, proof
    ), told AS (
        INSERT INTO ledger_event (entry_id, kind, subject_type, subject_id, payload)
        SELECT %(entry)s, 'leads.touch.logged', 'leads.lead', lead_id,
            jsonb_build_object('touch', id, 'type', type, 'direction', direction,
                'channel', channel, 'team', team, 'automatic', automatic,
                'proof', proof)
        FROM made ORDER BY id
    )
    SELECT min(id), max(id) FROM made
"""  # noqa: S608 -- names are ours


def _write(
    touches: Sequence[Values], *, by: User | None, at: datetime, live: bool
) -> None:
    if not touches:
        return
    entry = ledger.current()
    rows = ([touch[name] for name in _STAGED] for touch in touches)
    stage(_TABLE, _STAGED, rows)
    params: dict[str, Any] = {
        "entry": entry.pk,
        "at": at,
        "history": not live,
        "history_before": at - BACK_DATED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOG, params)
        first, last = cursor.fetchone()
    entry.topics.add("leads")
    span = Rows(entry.pk, first, last)
    signals.touches_logged.send(Touchpoint, rows=span, by=by, at=at)
