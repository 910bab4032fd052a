"""SQL about passages: how long leads stayed in a stage, and what sales decided."""

from dataclasses import replace

from kpis.queries import journeys
from kpis.queries.asks import Ask
from kpis.queries.cells import Placed, split
from leads.domain.path import ORDER

_STAGES = ", ".join(f"'{stage}'" for stage in ORDER[:-1])
_VISITS = """
    leaving AS (
        SELECT DISTINCT lead_id FROM changes
        WHERE occurred_at >= %(from)s AND occurred_at < %(until)s
    ), passages AS (
        SELECT c.*, lead(c.occurred_at) OVER (
            PARTITION BY c.lead_id ORDER BY c.occurred_at, c.id) AS left_at
        FROM changes c JOIN journeys USING (lead_id) WHERE {left} AND {came}
    ), visits AS (
        SELECT c.id, {split} AS split, c.left_at - c.occurred_at AS wait,
            width_bucket(c.left_at, %(bounds)s::timestamptz[]) AS slot
        FROM passages c WHERE NOT c.implied AND c.to_stage IN ({stages})
            AND c.left_at >= %(from)s AND c.left_at < %(until)s
    )
"""
_STAYING = """
    latest AS (
        SELECT DISTINCT ON (c.lead_id) c.* FROM changes c JOIN journeys USING (lead_id)
        WHERE {there}
        ORDER BY c.lead_id, c.occurred_at DESC, c.id DESC
    ), staying AS (
        SELECT c.id, {split} AS split, %(at)s::timestamptz - c.occurred_at AS wait,
            1 AS slot, c.lead_id
        FROM latest c WHERE c.to_stage IN ({stages}) AND c.occurred_at <= %(at)s
    )
"""
_TO_CUSTOMER = """
    paths AS (
        SELECT c.id, {split} AS split, c.occurred_at - j.lead_at AS wait,
            width_bucket(%(first)s + d.place - 1, %(cuts)s::date[]) AS slot {found}
    )
"""
_DECISIONS = """
    qualified AS (
        SELECT DISTINCT ON (c.lead_id, c.round) c.id, c.lead_id, c.round, c.occurred_at,
            c.implied, c.cause = 'hand' AS by_hand, {split} AS split
        FROM changes c JOIN journeys USING (lead_id) WHERE c.to_stage = 'mql'
            AND c.lead_id IN (SELECT lead_id FROM changes WHERE to_stage = 'mql'
                AND occurred_at >= %(from)s AND occurred_at < %(until)s)
        ORDER BY c.lead_id, c.round, c.occurred_at, c.id
    ), answers AS (
        SELECT q.id, q.split, q.occurred_at, q.by_hand,
            bool_or(r.to_stage <> 'sal' AND r.although_met) AS although_met,
            bool_or(r.to_stage = 'sal' AND NOT r.implied AND r.cause <> 'silence')
                AS accepted,
            bool_or(r.to_stage <> 'sal' AND r.from_stage IN ('mql', 'sal')) AS left_it,
            bool_or(r.to_stage = 'sal' AND r.cause = 'silence') AS silent,
            (array_agg(r.id ORDER BY r.occurred_at, r.id) FILTER (
                WHERE r.to_stage <> 'sal' AND r.from_stage IN ('mql', 'sal')))[1]
                AS refusal_id
        FROM qualified q LEFT JOIN changes r ON r.lead_id = q.lead_id
            AND r.round = q.round AND r.to_stage IN ('sal', 'recycled', 'disqualified')
        WHERE NOT q.implied
            AND q.occurred_at >= %(from)s AND q.occurred_at < %(until)s
        GROUP BY q.id, q.split, q.occurred_at, q.by_hand
    ), decisions AS (
        SELECT id, split, by_hand, coalesce(although_met, false) AS although_met,
            width_bucket(occurred_at, %(bounds)s::timestamptz[]) AS slot,
            CASE WHEN accepted THEN 'accepted' WHEN left_it THEN 'refused'
                WHEN silent THEN 'by_silence' ELSE 'none' END AS decision, refusal_id
        FROM answers
    )
"""


def visits(ask: Ask, stage: str = "") -> Placed:
    """Return stays in a stage that ended in each period, whatever came next.

    Without ``stage`` in every stage but the last. A stage that was only implied was
    never stayed in. ``wait`` is an interval.
    """
    return _placed(ask, _VISITS, "visits", stage)


def staying(ask: Ask, stage: str = "") -> Placed:
    """Return the leads in a stage now, and for how long; as the one period there is."""
    return _placed(ask, _STAYING, "staying", stage)


def to_customer(ask: Ask) -> Placed:
    """Return first entries into customer, with the time since the lead was created."""
    found = journeys.entered("customer", ask.reading, on_dirty_days=False)
    text, more = journeys.prelude(ask.reading)
    paths = _TO_CUSTOMER.format(split=split(ask), found=found)
    calendar = "calendar AS (SELECT %(starts)s::timestamptz[] AS starts)"
    return Placed(f"{text}, {calendar}, {paths}", "paths", {**ask.params, **more})


def decisions(ask: Ask) -> Placed:
    """Return the rounds that qualified in each period, and their ``decision``.

    It is ``accepted`` or ``refused`` where sales said so, be it after silence;
    ``by_silence``, or ``none`` where there is none yet or the stage was implied.
    """
    return _placed(ask, _DECISIONS, "decisions", "mql")


def refusals(ask: Ask) -> Placed:
    """Return the changes with which sales refused the rounds of `decisions`."""
    placed = decisions(ask)
    return replace(
        placed, relations=f"{placed.relations}, {_REFUSALS}", source="refusals"
    )


_REFUSALS = """
    refusals AS (
        SELECT c.id, d.split, d.slot, c.to_stage, c.reason
        FROM decisions d JOIN changes c ON c.id = d.refusal_id
        WHERE d.decision = 'refused'
    )
"""


def _placed(ask: Ask, text: str, source: str, stage: str) -> Placed:
    relations, more = journeys.prelude(ask.reading)
    value = "c.to_stage" if ask.by == "stage" else split(ask)
    stages = f"'{stage}'" if stage else _STAGES
    more |= {
        "as_of": ask.reading.as_of,
        "at": ask.reading.at,
        "bounds": ask.bounds,
        "from": ask.bounds[0],
        "until": ask.bounds[-1],
    }
    left = "true" if _is_everything(ask) else "c.lead_id IN (TABLE leaving)"
    came = f"journeys.{stage}_at IS NOT NULL" if stage else "true"
    there = came if ask.reading.as_of is not None else _THERE.format(stages=stages)
    made = text.format(split=value, stages=stages, left=left, came=came, there=there)
    return Placed(f"{relations}, {made}", source, more)


_THERE = "c.lead_id IN (SELECT id FROM leads_lead WHERE stage IN ({stages}))"
"""Now the lead's row says where it is; only from when on is looked up for these."""


def _is_everything(ask: Ask) -> bool:
    """Tell whether the periods hold all days there are, so that no lead is left out."""
    extent = ask.reading.extent
    return ask.periods[0].first <= extent.first and ask.periods[-1].end >= extent.end
