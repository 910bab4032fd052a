from datetime import UTC, datetime
from decimal import Decimal

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.documents.actions import versions
from foundation.documents.models import Version
from leads.actions import definitions
from leads.actions.definitions import Draft
from leads.enums import Stage
from tests.factories.accounts import make_user

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
CRITERIA = {
    "rules": {
        "all": [
            {"field": "company.employees", "op": "at_least", "value": 50},
            {
                "any": [
                    {
                        "touches": {"type": ["demo_request"]},
                        "op": "at_least",
                        "value": 1,
                        "within_days": 30,
                    },
                    {
                        "touches": {"type": ["webinar"]},
                        "op": "at_least",
                        "value": 2,
                        "within_days": 60,
                    },
                ]
            },
        ]
    }
}


def head_of(function: str) -> User:
    """Return the head of a function, making one where there is none."""
    role = {"sales": Role.HEAD_OF_SALES, "marketing": Role.HEAD_OF_MARKETING}[function]
    return User.objects.filter(role=role, is_active=True).first() or make_user(role)


def make_definition(stage=Stage.MQL, *, at=AT, by=None, **values) -> Version:
    """Draft a version as the product does."""
    values.setdefault("title", "Marketing qualified lead")
    values.setdefault("criteria", CRITERIA)
    return definitions.draft(stage, Draft(**values), by=by, at=at)


def make_proposal(stage=Stage.MQL, *, at=AT, **values) -> Version:
    by = head_of("marketing")
    return versions.propose(
        make_definition(stage, at=at, by=by, **values), by=by, at=at
    )


def make_signed(stage=Stage.MQL, *, at=AT, **values) -> Version:
    """Make a version that both heads have signed."""
    row = make_proposal(stage, at=at, **values)
    for function in ("marketing", "sales"):
        row = versions.sign(row, digest=row.digest, by=head_of(function), at=at)
    return row


DEMO = {
    "touches": {"type": ["demo_request"]},
    "op": "at_least",
    "value": 1,
    "within_days": 30,
}
LARGE = {"field": "company.employees", "op": "at_least", "value": 50}
RULES = {"rules": {"all": [LARGE, DEMO]}}
SIGNED_AT = datetime(2026, 1, 12, 9, tzinfo=UTC)


def heads() -> list[User]:
    """Return the head of sales and that of marketing."""
    return [head_of("sales"), head_of("marketing")]


def propose(criteria=None, *, at=SIGNED_AT, chance="0", **values) -> Version:
    """Return a proposal of a large company that asks for a demo."""
    share = Decimal(chance)
    wanted = criteria or RULES
    return make_proposal(at=at, criteria=wanted, second_chance=share, **values)


def define(criteria=None, *, at=SIGNED_AT, chance="0", **values) -> Version:
    """Return a definition that holds from ``at`` on."""
    share = Decimal(chance)
    wanted = criteria or RULES
    return make_signed(at=at, criteria=wanted, second_chance=share, **values)
