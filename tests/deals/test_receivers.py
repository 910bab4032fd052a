from datetime import date
from decimal import Decimal

import pytest

from deals.actions import revenue
from deals.actions.revenue import NewRevenue
from deals.receivers import CurrencyInUse
from foundation.accounts.actions.workspace import configure
from foundation.accounts.queries import workspace
from foundation.currencies.models import ExchangeRate
from tests.factories.leads import make_company

pytestmark = pytest.mark.django_db


def enter(at, currency):
    company = ("company", make_company().pk)
    entry = NewRevenue(company, "new", date(2026, 1, 10), Decimal(100), currency)
    revenue.enter_many([entry], by=None, at=at)


def test_sums_keep_the_currency_they_were_converted_to(at):
    """Else 20 EUR would become 20 PLN, in every number and at every position."""
    ExchangeRate.objects.create(
        currency="RON", day=date(2026, 1, 1), rate=Decimal("5.0")
    )
    enter(at, "RON")

    with pytest.raises(CurrencyInUse) as refusal:
        configure({"base_currency": "PLN", "name": "Steel"}, by=None, at=at)

    assert refusal.value.field == "base_currency"
    assert (workspace.current().base_currency, workspace.current().name) == ("EUR", "")


def test_without_converted_sums_the_currency_can_be_chosen(at):
    enter(at, "RON")  # no rate is known, so nothing is converted

    assert configure({"base_currency": "PLN"}, by=None, at=at) == ["base_currency"]


def test_other_settings_change_beside_converted_sums(at):
    enter(at, "EUR")

    assert configure({"name": "Steel"}, by=None, at=at) == ["name"]
    assert configure({"base_currency": "eur"}, by=None, at=at) == []
