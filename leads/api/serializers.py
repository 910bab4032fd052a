from typing import Any, override

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.enums import Channel
from foundation.accounts.enums import Function
from foundation.kernel.api.fields import Moment, Money
from foundation.kernel.api.serializers import Body, Record
from leads.enums import Cause, Direction, Exclusion, Proof, Stage, TouchType

MOST_ITEMS = 1_000
MOST_COST = 10**10


class LeadOut(Record):
    """One lead. ``…_at`` are the first times in any round, null if never reached."""

    id = serializers.IntegerField()
    external_system = serializers.CharField()
    external_id = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    job_title = serializers.CharField()
    language = serializers.CharField()
    company = serializers.IntegerField(source="company_id", allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    campaign = serializers.IntegerField(source="campaign_id", allow_null=True)
    segment = serializers.CharField()
    country = serializers.CharField()
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    priority = serializers.IntegerField()
    do_not_contact = serializers.BooleanField()
    exclusion = serializers.ChoiceField(
        Exclusion.choices, help_text="Why it does not count; blank if it does."
    )
    stage = serializers.ChoiceField(Stage.choices)
    round = serializers.IntegerField()
    stage_since_at = Moment()
    re_entry_on = serializers.DateField(allow_null=True)
    created_at = Moment()
    mql_at = Moment(source="first_mql_at", allow_null=True)
    sal_at = Moment(source="first_sal_at", allow_null=True)
    sql_at = Moment(source="first_sql_at", allow_null=True)
    opportunity_at = Moment(source="first_opportunity_at", allow_null=True)
    customer_at = Moment(source="first_customer_at", allow_null=True)


def _text(length: int) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


class LeadFields(Body):
    """What may be told of a lead, at creation and later."""

    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = _text(20)
    first_name = _text(100)
    last_name = _text(100)
    job_title = _text(150)
    language = _text(8)
    company = serializers.IntegerField(
        source="company_id", required=False, allow_null=True
    )
    source = _text(80)  # type: ignore[assignment]
    campaign = serializers.IntegerField(
        source="campaign_id", required=False, allow_null=True
    )
    segment = _text(80)
    country = serializers.RegexField(
        r"\A[A-Z]{2}\Z", required=False, allow_blank=True, help_text="ISO 3166: RO, PL."
    )
    priority = serializers.IntegerField(min_value=0, max_value=9, required=False)
    do_not_contact = serializers.BooleanField(required=False)


class LeadBody(LeadFields):
    """A new lead, and the stage it has reached."""

    external_system = _text(40)
    external_id = _text(120)
    owner = serializers.IntegerField(source="owner_id", required=False, allow_null=True)
    created_at = Moment(required=False, help_text="Now, if not given.")
    stage = serializers.ChoiceField(
        [Stage.LEAD, Stage.MQL], required=False, help_text="lead, if not given."
    )
    stage_at = Moment(required=False, help_text="When it reached the stage.")


class LeadChangeBody(LeadFields):
    owner = serializers.IntegerField(source="owner_id", required=False, allow_null=True)
    exclusion = serializers.ChoiceField(
        [Exclusion.NONE, Exclusion.TEST, Exclusion.SPAM, Exclusion.EXISTING_CUSTOMER],
        required=False,
        allow_blank=True,
    )


class StageChangeOut(Record):
    id = serializers.IntegerField()
    lead = serializers.IntegerField(source="lead_id")
    round = serializers.IntegerField()
    from_stage = serializers.CharField()
    to_stage = serializers.ChoiceField(Stage.choices)
    occurred_at = Moment()
    recorded_at = Moment()
    actor = serializers.IntegerField(source="actor_id", allow_null=True)
    cause = serializers.ChoiceField(Cause.choices)
    reason = serializers.CharField()
    although_met = serializers.BooleanField(
        help_text="Refused although it met all criteria."
    )
    implied = serializers.BooleanField()
    history = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]
    campaign = serializers.IntegerField(source="campaign_id", allow_null=True)
    segment = serializers.CharField()
    country = serializers.CharField()
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True)
    is_withdrawal = serializers.BooleanField()
    in_force = serializers.BooleanField()


class LeadReference(Body):
    """A lead: give either `lead`, or `lead_external_id` with its system, not both."""

    lead = serializers.IntegerField(source="lead_id", required=False)
    lead_external_system = _text(40)
    lead_external_id = _text(120)

    @override
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("lead_id" in attrs) == bool(attrs.get("lead_external_id")):
            raise serializers.ValidationError(
                {"lead": "Give either lead or lead_external_id."}, code="one_reference"
            )
        return attrs


class StageChangeBody(LeadReference):
    """Give either `lead` (our id), or `lead_external_id` and `lead_external_system`."""

    to_stage = serializers.ChoiceField([s for s in Stage if s != Stage.LEAD])
    occurred_at = Moment(required=False, help_text="Now, if not given.")
    reason = _text(40)
    re_entry_on = serializers.DateField(required=False, allow_null=True)
    although_met = serializers.BooleanField(
        required=False,
        default=False,
        help_text="It was refused although it met all criteria; told by programs only.",
    )


class WithdrawalBody(Body):
    reason = serializers.CharField(max_length=40)


class TouchpointOut(Record):
    id = serializers.IntegerField()
    lead = serializers.IntegerField(source="lead_id")
    external_system = serializers.CharField()
    external_id = serializers.CharField()
    occurred_at = Moment()
    recorded_at = Moment()
    channel = serializers.ChoiceField(Channel.choices)
    type = serializers.ChoiceField(TouchType.choices)
    direction = serializers.ChoiceField(Direction.choices)
    team = serializers.ChoiceField(["", *Function.values])
    automatic = serializers.BooleanField()
    actor = serializers.IntegerField(source="actor_id", allow_null=True)
    campaign = serializers.IntegerField(source="campaign_id", allow_null=True)
    utm_source = serializers.CharField()
    utm_medium = serializers.CharField()
    utm_campaign = serializers.CharField()
    cost = Money(amount="cost", currency="currency", allow_null=True)
    proof = serializers.ChoiceField(Proof.choices)
    proof_reference = serializers.CharField()
    history = serializers.BooleanField()


class TouchpointBody(LeadReference):
    """Give either `lead` (our id), or `lead_external_id` and `lead_external_system`."""

    external_system = _text(40)
    external_id = _text(120)
    occurred_at = Moment(required=False, help_text="Now, if not given.")
    channel = serializers.ChoiceField(Channel.choices)
    type = serializers.ChoiceField(TouchType.choices)
    direction = serializers.ChoiceField(Direction.choices)
    team = serializers.ChoiceField(
        Function.choices,
        required=False,
        allow_blank=True,
        help_text="The caller's own, if not given; programs tell of both.",
    )
    automatic = serializers.BooleanField(required=False)
    campaign = serializers.IntegerField(
        source="campaign_id", required=False, allow_null=True
    )
    utm_source = _text(80)
    utm_medium = _text(80)
    utm_campaign = _text(120)
    cost = Money(amount="cost", currency="currency", required=False, allow_null=True)
    proof = serializers.ChoiceField(
        Proof.choices,
        required=False,
        help_text="People say self_reported or calendar; programs know of records.",
    )
    proof_reference = _text(200)

    @override
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if abs(attrs.get("cost") or 0) >= MOST_COST:
            text = _("Write a smaller amount.")
            raise serializers.ValidationError(
                {"cost": {"amount": text}}, code="max_value"
            )
        return super().validate(attrs)


class Items(Body):
    """Up to 1 000 items; each is answered for by itself, in the same order."""

    items = serializers.ListField(
        child=serializers.JSONField(), min_length=1, max_length=MOST_ITEMS
    )


class LeadItems(Items):
    """Up to 1 000 leads; each is answered for by itself, in the same order."""

    items = serializers.ListField(child=LeadBody(), min_length=1, max_length=MOST_ITEMS)


class TouchpointItems(Items):
    """Up to 1 000 touches; each is answered for by itself, in the same order."""

    items = serializers.ListField(
        child=TouchpointBody(), min_length=1, max_length=MOST_ITEMS
    )


class ItemError(serializers.Serializer[Any]):
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ItemOut(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    status = serializers.IntegerField(help_text="201, 200 if it was known, or 422.")
    id = serializers.IntegerField(allow_null=True)
    errors = ItemError(many=True)  # type: ignore[assignment]


class ItemsOut(serializers.Serializer[Any]):
    results = ItemOut(many=True)
