"""What a file may say fits into the rows it is written to: a load never ends midway."""

import pytest
from django.db.models import CharField, DecimalField

from campaigns.enums import Channel
from campaigns.models import Campaign, SpendEntry
from deals.enums import Outcome, RevenueKind
from deals.models import Deal, RevenueEntry
from foundation.accounts.enums import Function
from foundation.currencies.models import ExchangeRate
from integrations.domain.columns import MONEY_PLACES, RATE_PLACES
from integrations.domain.kinds import KINDS, Type, words
from leads.enums import Direction, Proof, Stage, TouchType
from leads.models import Company, Lead, Touchpoint

MODELS = {
    "companies": Company,
    "campaigns": Campaign,
    "leads": Lead,
    "touchpoints": Touchpoint,
    "deals": Deal,
    "exchange-rates": ExchangeRate,
    "spend": SpendEntry,
    "revenue": RevenueEntry,
}
# Looked up by code or label, or by name; what is written is what was found.
FOUND = {"reason", "lost_reason", "campaign", "owner", "actor", "company"}


@pytest.mark.parametrize(
    ("listed", "enum"),
    [
        (words.STAGES, Stage),
        (words.OUTCOMES, Outcome),
        (words.REVENUE, RevenueKind),
        (words.CHANNELS, Channel),
        (words.TOUCH_TYPES, TouchType),
        (words.DIRECTIONS, Direction),
        (words.TEAMS, Function),
        (words.PROOFS, Proof),
    ],
)
def test_the_words_of_files_are_those_of_the_records(listed, enum):
    assert list(listed) == enum.values


@pytest.mark.parametrize("name", MODELS)
def test_texts_and_numbers_fit(name):
    fields = {field.name: field for field in MODELS[name]._meta.concrete_fields}
    compared = 0
    for target in KINDS[name].targets:
        field = fields.get(target.name)
        if target.name in FOUND or field is None:
            continue
        if isinstance(field, CharField) and target.type == Type.LINE:
            assert target.limit <= (field.max_length or 0), target.name
            compared += 1
        if isinstance(field, DecimalField):
            places = RATE_PLACES if target.type == Type.RATE else MONEY_PLACES
            assert places == field.decimal_places, target.name
            assert target.below <= 10 ** (field.max_digits - places), target.name
            compared += 1
    assert compared > 0
