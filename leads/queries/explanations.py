"""Why a lead qualifies or not: by which version, what is met, and how points moved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from foundation.accounts.queries import workspace
from leads.domain.criteria.judging import Facts, Judgement, evaluate
from leads.enums import Stage
from leads.models import Lead, StageChange
from leads.queries import definitions
from leads.queries.definitions import Definition
from leads.queries.facts import facts_of

WEEKS = 12


@dataclass(frozen=True)
class Reading:
    """How a lead stood at a moment. Engagement is in millionths of points."""

    at: datetime
    met: bool
    fit: int
    engagement: int


@dataclass(frozen=True)
class Explanation:
    """A lead judged by one version of a definition.

    ``entered`` is the change by which it reached the stage in its present round, if it
    did. ``course`` is how it stood at the end of each of the last weeks and now, with
    the touches known then and the values of today.
    """

    definition: Definition
    entered: StageChange | None
    judgement: Judgement
    course: list[Reading]


def explain(lead: Lead, stage: Stage, *, at: datetime) -> Explanation | None:
    """Judge a lead by the version it was stamped with, else by the one in force.

    Returns None where there is no definition. Takes five statements.
    """
    entered = _entered(lead, stage)
    stamped = entered.definition_id if entered else None
    held = definitions.by_id(stamped) or definitions.in_force(stage, at=at)
    if held is None:
        return None
    facts = facts_of([lead.pk])[lead.pk]
    moments = [
        moment
        for weeks in range(WEEKS, -1, -1)
        if (moment := at - timedelta(weeks=weeks)) >= lead.created_at or not weeks
    ]
    zone = workspace.zone()
    judged = [_judged(held, facts, moment, zone) for moment in moments]
    course = [
        Reading(
            moment,
            found.met,
            found.fit.points if found.fit else 0,
            found.engagement.points if found.engagement else 0,
        )
        for moment, found in zip(moments, judged, strict=True)
    ]
    return Explanation(held, entered, judged[-1], course)


def _judged(held: Definition, facts: Facts, at: datetime, zone: ZoneInfo) -> Judgement:
    days = definitions.days_of(held.criteria, at, zone)
    return evaluate(held.criteria, facts, days)


def _entered(lead: Lead, stage: Stage) -> StageChange | None:
    rows = StageChange.objects.filter(
        lead=lead,
        to_stage=stage,
        round=lead.round,
        in_force=True,
        is_withdrawal=False,
    )
    return rows.order_by("-occurred_at", "-pk").first()
