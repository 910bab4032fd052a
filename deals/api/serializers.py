from rest_framework import serializers

from deals.enums import Outcome
from foundation.kernel.api.fields import Moment, Money
from foundation.kernel.api.serializers import Body, Record
from leads.api.serializers import LeadReference


class DealOut(Record):
    """A deal as it stands.

    ``base_amount`` is in the workspace's currency, null where no rate was known.
    """

    id = serializers.IntegerField()
    external_system = serializers.CharField()
    external_id = serializers.CharField()
    lead = serializers.IntegerField(source="lead_id")
    company = serializers.IntegerField(source="company_id", allow_null=True)
    name = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.choices)
    opened_at = Moment()
    closed_at = Moment(allow_null=True)
    value = Money(amount="amount", currency="currency", allow_null=True)
    base_amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True
    )
    lost_reason = serializers.CharField()
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    campaign = serializers.IntegerField(source="campaign_id", allow_null=True)
    segment = serializers.CharField()
    country = serializers.CharField()


def _text(length: int) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


class DealFields(Body):
    name = _text(200)
    outcome = serializers.ChoiceField(Outcome.choices, required=False)
    opened_at = Moment(required=False)
    closed_at = Moment(required=False, help_text="When it was won or lost.")
    value = Money(amount="amount", currency="currency", required=False, allow_null=True)
    lost_reason = _text(40)
    owner = serializers.IntegerField(source="owner_id", required=False, allow_null=True)
    source = _text(80)  # type: ignore[assignment]
    campaign = serializers.IntegerField(
        source="campaign_id", required=False, allow_null=True
    )
    segment = _text(80)
    country = serializers.RegexField(r"\A[A-Z]{2}\Z", required=False, allow_blank=True)


class DealBody(DealFields, LeadReference):
    external_system = _text(40)
    external_id = _text(120)


class DealChangeBody(DealFields):
    """What became of a deal."""
