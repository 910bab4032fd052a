from datetime import UTC, datetime
from itertools import count

from foundation.accounts.enums import Function, Role
from foundation.accounts.models import Team, User

_number = count(1)
JOINED_AT = datetime(2026, 1, 5, 8, tzinfo=UTC)


def make_user(role: Role = Role.SALES_REP, *, name: str = "", **fields) -> User:
    number = next(_number)
    name = name or f"Person {number}"
    return User.objects.create(
        name=name,
        email=f"{name.split()[0].lower()}{number}@example.com",
        role=role,
        joined_at=JOINED_AT,
        **fields,
    )


def make_team(function: Function = Function.SALES, **fields) -> Team:
    name = fields.pop("name", f"Team {next(_number)}")
    return Team.objects.create(
        name=name, function=function, created_at=JOINED_AT, **fields
    )
