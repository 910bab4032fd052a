from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.accounts.enums import Function
from foundation.documents.enums import Capacity, Standing, State
from foundation.kernel.api.fields import Moment
from foundation.kernel.api.serializers import Body
from sla.domain.agreement_form import OPEN_CLOCKS
from sla.enums import ClauseKind, EscalationStep, PauseReason, Side

_OBJECTS = {"type": "array", "items": {"type": "object", "additionalProperties": True}}
_MINUTES = "Business minutes."


@extend_schema_field(_OBJECTS)
class Clauses(serializers.JSONField):
    """Clauses in their JSON form, each with its ``kind`` (docs/agreement.md)."""


class AgreementSignatureOut(serializers.Serializer[Any]):
    function = serializers.ChoiceField(Function.choices)
    signed_by = serializers.IntegerField(source="signed_by_id")
    capacity = serializers.ChoiceField(Capacity.choices)
    digest = serializers.CharField()
    signed_at = Moment()


class PausesOut(serializers.Serializer[Any]):
    """For which reasons a clock may stand still, how often and for how many days."""

    reasons = serializers.ListField(child=serializers.ChoiceField(PauseReason.choices))
    most = serializers.IntegerField()
    days = serializers.IntegerField()


class StepOut(serializers.Serializer[Any]):
    """Who hears of a breach, how long after it."""

    to = serializers.ChoiceField(EscalationStep.choices)
    minutes = serializers.IntegerField(help_text=_MINUTES)


class AgreementOut(serializers.Serializer[Any]):
    """One version. ``digest`` is the SHA-256 of what is signed, once proposed."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    standing = serializers.ChoiceField(Standing.choices)
    revision = serializers.IntegerField()
    title = serializers.CharField()
    prose = serializers.CharField()
    clauses = Clauses(source="content.clauses")
    warning_share = serializers.DecimalField(
        source="content.warning_share", max_digits=4, decimal_places=3
    )
    pauses = PausesOut(source="content.pauses")
    escalation = StepOut(source="content.escalation", many=True)
    open_clocks = serializers.ChoiceField(OPEN_CLOCKS, source="content.open_clocks")
    calendars = serializers.ListField(
        source="content.calendars",
        child=serializers.DictField(),
        help_text="The hours, written into the text as it was proposed.",
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
    signatures = AgreementSignatureOut(many=True)


class AgreementFields(Body):
    """What an agreement says. Of what is left out the usual holds."""

    title = serializers.CharField(max_length=200, required=False)
    prose = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    clauses = Clauses(required=False)
    warning_share = serializers.CharField(
        max_length=6, required=False, help_text="Such as 0.75."
    )
    pauses = serializers.DictField(
        required=False, help_text="reasons, most, days; see the answer."
    )
    escalation = serializers.ListField(
        child=serializers.DictField(), required=False, max_length=len(EscalationStep)
    )
    open_clocks = serializers.ChoiceField(OPEN_CLOCKS, required=False)
    effective_at = Moment(required=False, allow_null=True)
    review_on = serializers.DateField(required=False, allow_null=True)


class AgreementBody(AgreementFields):
    title = serializers.CharField(max_length=200)
    clauses = Clauses()


class AgreementChangeBody(AgreementFields):
    """What of a draft becomes another."""


class AgreementProposalBody(Body):
    sign_by_at = Moment(required=False, allow_null=True)


class AgreementSignatureBody(Body):
    digest = serializers.CharField(
        min_length=64, max_length=64, help_text="Of the text that was read."
    )


class AgreementRejectionBody(Body):
    reason = serializers.CharField(max_length=2_000)


class AgreementWithdrawalBody(Body):
    """Nothing needs to be said."""


class ClauseOut(serializers.Serializer[Any]):
    """One promise of the agreement in force."""

    id = serializers.IntegerField()
    agreement = serializers.IntegerField(
        source="agreement.version", help_text="Its number."
    )
    place = serializers.IntegerField(help_text="The first that fits a lead binds it.")
    kind = serializers.ChoiceField(ClauseKind.choices)
    side = serializers.ChoiceField(Side.choices)
    segment = serializers.CharField(help_text="Blank fits every lead.")
    source = serializers.CharField()  # type: ignore[assignment]
    priority = serializers.IntegerField(allow_null=True)
    target_seconds = serializers.IntegerField(
        allow_null=True, help_text="Business seconds."
    )
    attainment = serializers.DecimalField(
        max_digits=4, decimal_places=3, allow_null=True
    )
    terms = serializers.DictField(help_text="What else its kind says.")
    text = serializers.CharField()
