"""The quick way of writing rows says the same as REST framework's own."""

from decimal import Decimal

import pytest
from rest_framework import serializers

from deals.actions import deals
from deals.actions.deals import DealFacts
from deals.api.serializers import DealOut
from deals.models import Deal
from leads.actions import touchpoints
from leads.actions.touchpoints import Touch
from leads.api.serializers import LeadOut, StageChangeOut, TouchpointOut
from leads.models import StageChange
from tests.factories.leads import make_company, make_lead

pytestmark = pytest.mark.django_db


def test_quick_rows_equal_slow_ones(at):
    lead = make_lead(stage="mql", company_id=make_company().pk, country="RO")
    touch = Touch(
        lead.pk, at, {"direction": "inbound", "cost": "1.5", "currency": "RON"}
    )
    deals.save(DealFacts(lead.pk, "won", at, at, Decimal(5), "EUR"), by=None, at=at)
    rows = [
        (LeadOut, lead),
        (StageChangeOut, StageChange.objects.last()),
        (TouchpointOut, touchpoints.log(touch, by=None, at=at)),
        (DealOut, Deal.objects.get()),
    ]

    for serializer, row in rows:
        slow = serializers.Serializer.to_representation(serializer(), row)
        assert serializer(row).data == slow
