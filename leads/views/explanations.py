"""Why a lead qualifies or not, on its page."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel import clock
from foundation.kernel.htmx import page
from leads import rules
from leads.domain.criteria.days import WHOLE
from leads.domain.criteria.judging import Answer, GroupScore, Score
from leads.domain.criteria.tree import (
    EngagementGroup,
    FieldCondition,
    FitGroup,
    FitPoints,
    Group,
    TouchCondition,
    TouchPoints,
)
from leads.enums import Cause, Stage
from leads.queries.explanations import Explanation, explain
from leads.queries.words import labels
from leads.queries.words.reading import Words, negated

_NEXT = {Stage.LEAD: Stage.MQL, Stage.MQL: Stage.SQL, Stage.SAL: Stage.SQL}
"""The definition that a lead at a stage has yet to meet; else that of MQL."""


@requires(Permission.LEADS_VIEW)
@require_GET
def lead_criteria(request: UserRequest, pk: int) -> HttpResponse:
    """Show which conditions a lead meets, its points, and how they moved."""
    lead = get_object_or_404(rules.leads_visible_to(request.user), pk=pk)
    at = clock.now()
    stages = [Stage.MQL]
    if _NEXT.get(Stage(lead.stage)) == Stage.SQL:
        stages.append(Stage.SQL)
    found = [explain(lead, stage, at=at) for stage in stages]
    context = {"explained": [_shown(each) for each in found if each is not None]}
    return page(request, "leads/lead_criteria.html", context)


def _shown(found: Explanation) -> dict[str, Any]:
    words, judged = Words(found.definition.criteria), found.judgement
    criteria = found.definition.criteria
    lines = list(_lines(words, judged.rules, 0)) if judged.rules else []
    scores = []
    if judged.fit and criteria.fit:
        scores.append(_score(_("Fit"), judged.fit, criteria.fit.groups, words, 1))
    if judged.engagement and criteria.engagement:
        groups = criteria.engagement.groups
        scores.append(_score(_("Engagement"), judged.engagement, groups, words, WHOLE))
    return {
        "version": found.definition.version,
        "stage": found.definition.stage.label,
        "met": judged.met,
        "entered": found.entered,
        "by_hand": found.entered is not None and found.entered.cause == Cause.HAND,
        "lines": lines,
        "missing": sum(not line["met"] for line in lines if line.get("decides", False)),
        "scores": scores,
        "course": _course(found) if scores else None,
    }


def _lines(
    words: Words, answer: Answer, depth: int, *, wanted: bool = True
) -> Iterator[dict[str, Any]]:
    """Give conditions in order, each group's head before what is in it.

    Below a ``not`` a condition is as wanted where it is not met.
    """
    node = answer.node
    if not isinstance(node, Group):
        yield {
            "phrase": words.condition(node).html,
            "depth": depth,
            "met": answer.met == wanted,
            "decides": not node.optional,
            "value": _value(answer),
        }
        return
    kind, answers = node.kind, answer.answers
    if kind == "not":
        kind, wanted = negated(node)[0], not wanted
        inner = answers[0]
        answers = inner.answers or answers
    if depth or kind != "all":
        yield {"head": labels.GROUPS[kind], "depth": depth, "met": answer.met}
    for each in answers:
        yield from _lines(words, each, depth + 1, wanted=wanted)


def _value(answer: Answer) -> str:
    """Say what the lead has."""
    if isinstance(answer.node, TouchCondition):
        return _touched(answer.value)
    if answer.value is None or answer.value == "":
        return _("unknown")
    if isinstance(answer.value, bool):
        return _("yes") if answer.value else _("no")
    if isinstance(answer.value, datetime):
        return _day(answer.value)
    told = str(answer.value)
    stage = isinstance(answer.node, FieldCondition) and (
        answer.node.field.name == "lead.stage"
    )
    return str(Stage(told).label) if stage else told


def _touched(value: datetime | int | None) -> str:
    """Say how often, or when last."""
    if value is None:
        return _("never")
    if isinstance(value, datetime):
        return _("last on %(day)s") % {"day": _day(value)}
    text = ngettext("%(n)s time", "%(n)s times", value)
    return text % {"n": number_format(value)}


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "SHORT_DATE_FORMAT")


def _score(
    label: str,
    score: Score,
    groups: Sequence[FitGroup | EngagementGroup],
    words: Words,
    unit: int,
) -> dict[str, Any]:
    pairs = zip(groups, score.groups, strict=True)
    return {
        "label": label,
        "points": _points(score.points, unit),
        "needed": _points(score.needed, unit),
        "met": score.met,
        "percent": _percent(score.points, score.needed),
        "groups": [_group(group, told, words, unit) for group, told in pairs],
    }


def _group(
    group: FitGroup | EngagementGroup, told: GroupScore, words: Words, unit: int
) -> dict[str, Any]:
    lines: Sequence[FitPoints | TouchPoints] = group.points
    rows = zip(lines, told.rows, strict=True)
    return {
        "name": told.name,
        "counted": _points(told.counted, unit),
        "cap": number_format(told.cap),
        "capped": told.earned > told.counted,
        "rows": [
            {"phrase": words.points(line).html, "points": _points(earned, unit)}
            for line, earned in rows
        ],
    }


def _percent(points: int, needed: int) -> int:
    return max(0, min(100, 100 * points // max(needed, 1)))


def _points(points: int, unit: int) -> str:
    """Write points; those of touches with one place."""
    exact = Decimal(points) / unit
    return number_format(exact, decimal_pos=0 if unit == 1 else 1)


def _course(found: Explanation) -> dict[str, Any]:
    """Return the picture of how points moved."""
    criteria, series = found.definition.criteria, []
    if criteria.fit:
        values = [float(reading.fit) for reading in found.course]
        series.append({"name": _("Fit"), "values": values, "role": "joint"})
    if criteria.engagement:
        values = [
            float(round(Decimal(reading.engagement) / WHOLE, 1))
            for reading in found.course
        ]
        series.append({"name": _("Engagement"), "values": values, "role": "marketing"})
    return {
        "categories": [_day(reading.at) for reading in found.course],
        "series": series,
        "unit": "number",
        "digits": 1,
    }
