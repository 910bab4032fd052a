"""Definitions that hold, made as the product makes them."""

from datetime import UTC, datetime
from decimal import Decimal

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.documents.actions import versions
from leads.actions import definitions
from leads.actions.definitions import Draft
from leads.enums import Stage
from tests.factories.accounts import make_user

SIGNED_AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
DEMO = {
    "touches": {"type": ["demo_request"]},
    "op": "at_least",
    "value": 1,
    "within_days": 30,
}
LARGE = {"field": "company.employees", "op": "at_least", "value": 50}
RULES = {"rules": {"all": [LARGE, DEMO]}}


def heads() -> list[User]:
    """Return a head of sales and one of marketing, made where there are none."""
    roles = (Role.HEAD_OF_SALES, Role.HEAD_OF_MARKETING)
    return [
        User.objects.filter(role=role, is_active=True).first() or make_user(role)
        for role in roles
    ]


def propose(criteria=None, *, stage=Stage.MQL, at=SIGNED_AT, chance="0", **fields):
    """Return a proposal."""
    _, mona = heads()
    new = Draft(
        "Qualified", criteria=criteria or RULES, second_chance=Decimal(chance), **fields
    )
    row = definitions.draft(stage, new, by=mona, at=at)
    return versions.propose(row, by=mona, at=at)


def sign(row, *, at=SIGNED_AT):
    """Have both heads sign a proposal."""
    for person in heads():
        row = versions.sign(row, digest=row.digest, by=person, at=at)
    return row


def define(criteria=None, *, stage=Stage.MQL, at=SIGNED_AT, **fields):
    """Return a definition that holds from ``at`` on."""
    return sign(propose(criteria, stage=stage, at=at, **fields), at=at)
