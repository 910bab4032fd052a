"""What a machine would put on the agenda of a meeting, from the records as they are."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from foundation.documents.queries import versions
from foundation.kernel.periods import Period
from kpis.domain.questions import Question
from kpis.domain.registry import REGISTRY
from kpis.domain.writing import written
from kpis.enums import Kind
from kpis.models import Scorecard
from kpis.queries.reading import reading
from kpis.queries.values import answer
from meetings.domain import moves
from meetings.domain.agenda import POSITION, Draft
from meetings.domain.lines import Line, all_lines, line_of, pair_of
from meetings.enums import ItemKind
from meetings.models import Action, Decision, Meeting
from meetings.queries import followups, spans
from sla.domain.tally import Tally
from sla.enums import LEAD_CLOCKS, Side
from sla.models import Clause
from sla.queries import agreement, attainment

RESULT = ("revenue_new", "nrr", "revenue", "retention")
"""The joint result: revenue is never shown without retention beside it."""

MOST_MOVES = 3


def drafts(
    meeting: Meeting, *, quarter: Scorecard, recent: Scorecard, at: datetime
) -> list[Draft]:
    """Return the items that the records ask for, in order.

    Args:
        meeting: the one to prepare.
        quarter: the scorecard of the running quarter.
        recent: that of the days since the last meeting (`spans.since_last`).
        at: now.
    """
    return [
        _result(quarter),
        *_moved(recent),
        *_bottleneck(quarter),
        *_promises(recent, at=at),
        *_checks(meeting, at=at),
        *_documents(meeting, at=at),
        *_actions(meeting),
    ]


def _result(card: Scorecard) -> Draft:
    facts = _facts(card, [line_of(card.values, key) for key in RESULT])
    return Draft(ItemKind.RESULT, 5, {}, facts)


def _facts(card: Scorecard, lines: list[Line]) -> dict[str, Any]:
    return {
        POSITION: card.position,
        "period": card.period,
        "currency": card.values["currency"],
        "lines": lines,
    }


def _moved(card: Scorecard) -> Iterator[Draft]:
    """One item with up to three numbers that moved beyond chance, if any did."""
    pairs = map(pair_of, all_lines(card.values).values())
    most = moves.most([pair for pair in pairs if pair], MOST_MOVES)
    if most:
        facts = _facts(card, [line_of(card.values, pair.key) for pair in most])
        yield Draft(ItemKind.MOVED, 5, {"kpi": most[0].key}, facts)


def _bottleneck(card: Scorecard) -> Iterator[Draft]:
    """One item with the step that costs most, if the newest mature cohort has one."""
    found = card.values["bottleneck"]
    worst = next((s for s in found["steps"] if s["stage"] == found["worst"]), None)
    if worst is not None:
        facts = {
            POSITION: card.position,
            "currency": card.values["currency"],
            "cohort": found["cohort"],
            "within": found["within"],
            "second_chance": found.get("second_chance"),
            "step": worst,
        }
        params = {"stage": worst["stage"], "to_stage": worst["to_stage"]}
        yield Draft(ItemKind.BOTTLENECK, 15, params, facts)


def _promises(card: Scorecard, *, at: datetime) -> Iterator[Draft]:
    """One item with both sides' promises and their integrity lines."""
    found = agreement.in_force(at=at)
    if found is None:
        return
    span = Period(card.first_on, card.end_on, card.period)
    tallies = attainment.tally([span], by="clause", as_of=card.position)
    whole = tallies.get((1, None), Tally())
    facts = {
        POSITION: card.position,
        "period": card.period,
        "sales": [
            _kept(clause, tallies.get((1, str(clause.pk)), Tally()))
            for clause in found.clauses.all()
            if clause.side == Side.SALES and clause.kind in LEAD_CLOCKS
        ],
        "marketing": line_of(card.values, "sla_marketing"),
    }
    params = {"n": whole.breached, "exceptions": whole.excepted}
    yield Draft(ItemKind.PROMISES, 5, params, facts)


def _kept(clause: Clause, tally: Tally) -> dict[str, Any]:
    return {
        "clause": clause.pk,
        "met": tally.met,
        "breached": tally.breached,
        "excepted": tally.excepted,
        "cancelled": tally.cancelled,
        "marks": {str(name): n for name, n in tally.marks.items() if n},
    }


def _checks(meeting: Meeting, *, at: datetime) -> Iterator[Draft]:
    """One item for each decision of which it is time to see whether it helped."""
    for decision in followups.to_check(meeting.series, on=_day(meeting)):
        facts = _helped(decision, at=at) if decision.help_kpi in REGISTRY else {}
        yield Draft(ItemKind.HELPED, 5, {}, facts, decision=decision.pk)


def _day(meeting: Meeting) -> date:
    """Return the local day of a meeting."""
    return meeting.starts_at.astimezone(meeting.series.rhythm.zone).date()


def _documents(meeting: Meeting, *, at: datetime) -> Iterator[Draft]:
    """One item with the documents that wait for a signature, and those to review."""
    found = [
        {"id": row.pk, "waits_for": [str(each) for each in versions.unsigned(row)]}
        for row in versions.awaiting_signature()
    ]
    due = versions.to_review(on=_day(meeting), at=at)
    found += [{"id": row.pk, "review_on": str(row.review_on)} for row in due]
    if found:
        params, facts = {"n": len(found)}, {"documents": found}
        yield Draft(ItemKind.DOCUMENTS, 5, params, facts)


def _helped(decision: Decision, *, at: datetime) -> dict[str, Any]:
    """Return the number since the decision, and over as many days before it.

    A conversion is that of the period: cohorts of the last days are not complete.
    """
    kpi = REGISTRY[decision.help_kpi]
    with reading(at=at) as seen:
        taken_on = seen.workspace.today(decision.taken_at)
        periods = spans.around_decision(taken_on, seen.today)
        kind = Kind.PERIOD if kpi.method.kinds else None
        series = answer(Question(kpi.key, periods[1], kind=kind), seen, periods)
    then, now = (value.measure for value in series.values)
    return {
        POSITION: series.position,
        "period": periods[1].label,
        "currency": seen.workspace.base_currency,
        "lines": [
            {
                "kpi": kpi.key,
                "unit": str(kpi.unit),
                "period": periods[1].label,
                "value": written(now.value, kpi.unit),
                "n": now.n,
                "kind": kind,
                "before": written(then.value, kpi.unit),
                "before_period": periods[0].label,
            }
        ],
    }


def _actions(meeting: Meeting) -> Iterator[Draft]:
    """One item with every action that is still open, the first due first."""
    open_ones = [_listed(row) for row in followups.open_ones(meeting.series)]
    if open_ones:
        params, facts = {"n": len(open_ones)}, {"actions": open_ones}
        yield Draft(ItemKind.ACTIONS, 5, params, facts)


def _listed(action: Action) -> dict[str, Any]:
    return {
        "id": action.pk,
        "owner": action.owner_id,
        "due_on": action.due_on.isoformat(),
    }
