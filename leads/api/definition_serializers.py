from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.accounts.enums import Function
from foundation.documents.enums import Capacity, Standing, State
from foundation.kernel.api.fields import Moment
from foundation.kernel.api.serializers import Body
from leads.actions.definitions import MOST_CHANCE
from leads.domain.criteria.days import WHOLE
from leads.domain.criteria.judging import Answer, GroupScore, Score
from leads.domain.criteria.tree import FieldCondition, Group, TouchCondition
from leads.queries.definitions import KINDS, STAGES
from leads.queries.explanations import Explanation

_STAGES = [stage.value for stage in KINDS]


class SignatureOut(serializers.Serializer[Any]):
    function = serializers.ChoiceField(Function.choices)
    signed_by = serializers.IntegerField(source="signed_by_id")
    capacity = serializers.ChoiceField(Capacity.choices)
    digest = serializers.CharField()
    signed_at = Moment()


class DefinitionOut(serializers.Serializer[Any]):
    """One version. ``digest`` is the SHA-256 of what is signed, once proposed."""

    id = serializers.IntegerField()
    stage = serializers.SerializerMethodField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    standing = serializers.ChoiceField(Standing.choices)
    revision = serializers.IntegerField()
    title = serializers.CharField()
    prose = serializers.CharField()
    criteria = serializers.JSONField(source="content.criteria")
    second_chance = serializers.DecimalField(
        source="content.second_chance", max_digits=4, decimal_places=3
    )
    effective_at = Moment(allow_null=True)
    review_on = serializers.DateField(allow_null=True)
    digest = serializers.CharField()
    drafted_by = serializers.IntegerField(source="drafted_by_id", allow_null=True)
    drafted_at = Moment()
    proposed_at = Moment(allow_null=True)
    sign_by_at = Moment(allow_null=True)
    in_force_at = Moment(allow_null=True)
    reason = serializers.CharField()
    signatures = SignatureOut(many=True)

    @extend_schema_field(serializers.ChoiceField(_STAGES))
    def get_stage(self, row: Any) -> str:  # noqa: ANN401 -- a version
        return STAGES[row.kind].value


class DefinitionFields(Body):
    """What a definition says."""

    title = serializers.CharField(max_length=200, required=False)
    prose = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    criteria = serializers.JSONField(
        required=False, help_text="See /api/v1/definitions/criteria-schema/."
    )
    second_chance = serializers.DecimalField(
        max_digits=4,
        decimal_places=3,
        min_value=Decimal(0),
        max_value=MOST_CHANCE,
        required=False,
        help_text="Share of refused leads that is worked all the same.",
    )
    effective_at = Moment(required=False, allow_null=True)
    review_on = serializers.DateField(required=False, allow_null=True)


class DefinitionBody(DefinitionFields):
    stage = serializers.ChoiceField(_STAGES)
    title = serializers.CharField(max_length=200)
    criteria = serializers.JSONField()


class DefinitionChangeBody(DefinitionFields):
    """What of a draft becomes another."""


class ProposalBody(Body):
    sign_by_at = Moment(required=False, allow_null=True)


class _NodeOut(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="Where it stands in the criteria.")
    kind = serializers.ChoiceField(["all", "any", "not", "field", "touches"])
    optional = serializers.BooleanField()
    met = serializers.BooleanField()
    value = serializers.JSONField(
        allow_null=True, help_text="What the lead has: a value, a count, a moment."
    )
    nodes = serializers.ListField(child=serializers.DictField(), required=False)


class _GroupOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    cap = serializers.CharField()
    earned = serializers.CharField(help_text="Points before the cap.")
    counted = serializers.CharField()
    rows = serializers.ListField(child=serializers.CharField())


class _ScoreOut(serializers.Serializer[Any]):
    points = serializers.CharField(help_text="A decimal number.")
    needed = serializers.CharField()
    met = serializers.BooleanField()
    groups = _GroupOut(many=True)


class _ReadingOut(serializers.Serializer[Any]):
    at = Moment()
    met = serializers.BooleanField()
    fit = serializers.CharField()
    engagement = serializers.CharField()


class LeadExplanationOut(serializers.Serializer[Any]):
    """Why a lead meets a definition or not, judged now."""

    definition = serializers.IntegerField()
    stage = serializers.ChoiceField(_STAGES)
    number = serializers.IntegerField()
    entered_at = Moment(allow_null=True, help_text="When it reached the stage.")
    by_hand = serializers.BooleanField()
    met = serializers.BooleanField()
    rules = _NodeOut(allow_null=True)
    fit = _ScoreOut(allow_null=True)
    engagement = _ScoreOut(allow_null=True)
    course = _ReadingOut(many=True, help_text="At the end of each week, and now.")


def explanation_of(found: Explanation) -> Mapping[str, Any]:
    """Write an explanation."""
    judged, version = found.judgement, found.definition.version
    entered = found.entered
    told = {
        "definition": version.pk,
        "stage": found.definition.stage,
        "number": version.number,
        "entered_at": entered.occurred_at if entered else None,
        "by_hand": entered is not None and entered.cause == "hand",
        "met": judged.met,
        "rules": _node(judged.rules) if judged.rules else None,
        "fit": _score(judged.fit, 1),
        "engagement": _score(judged.engagement, WHOLE),
        "course": [
            {
                "at": reading.at,
                "met": reading.met,
                "fit": str(reading.fit),
                "engagement": _points(reading.engagement, WHOLE),
            }
            for reading in found.course
        ],
    }
    return LeadExplanationOut(told).data


def _node(answer: Answer) -> dict[str, Any]:
    node = answer.node
    told = {
        "pointer": node.pointer,
        "kind": _kind(node),
        "optional": node.optional,
        "met": answer.met,
        "value": answer.value,
    }
    if answer.answers:
        told["nodes"] = [_node(inner) for inner in answer.answers]
    return told


def _kind(node: Group | FieldCondition | TouchCondition) -> str:
    if isinstance(node, Group):
        return node.kind
    return "field" if isinstance(node, FieldCondition) else "touches"


def _score(score: Score | None, unit: int) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "points": _points(score.points, unit),
        "needed": _points(score.needed, unit),
        "met": score.met,
        "groups": [_group(group, unit) for group in score.groups],
    }


def _group(group: GroupScore, unit: int) -> dict[str, Any]:
    return {
        "name": group.name,
        "cap": str(group.cap),
        "earned": _points(group.earned, unit),
        "counted": _points(group.counted, unit),
        "rows": [_points(row, unit) for row in group.rows],
    }


def _points(points: int, unit: int) -> str:
    return f"{Decimal(points) / unit:f}"
