from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Function
from foundation.accounts.models import Team
from foundation.accounts.validators import check_country, check_time_zone
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger


class NameTaken(DomainError):
    """Another team has this name."""

    code = "team_name_taken"


class FixedFunction(DomainError):
    """A team with members stays in its department."""

    code = "team_function_fixed"


def create(team: Team, *, by: AbstractBaseUser | None, at: datetime) -> Team:
    """Store a new team: its name, department, time zone and country of holidays.

    Raises:
        NameTaken: another team has this name.
        Invalid: time zone or country do not exist.
    """
    _check(team)
    with ledger.entry(by=by, at=at, cause="teams") as entry:
        team.created_at = at
        team.save(force_insert=True)
        _record(entry, "accounts.team.created", team)
    return team


def change(team: Team, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Store a team's new name, department, time zone and country.

    Raises:
        NameTaken: another team has this name.
        FixedFunction: it has members and would change department.
        Invalid: time zone or country do not exist.
    """
    _check(team)
    with ledger.entry(by=by, at=at, cause="teams") as entry:
        before = Team.objects.select_for_update().get(pk=team.pk)
        if before.function != team.function and before.members.exists():
            raise FixedFunction(_("A team with members stays in its department."))
        names = ["name", "function", "time_zone", "country"]
        if any(getattr(before, name) != getattr(team, name) for name in names):
            team.save(update_fields=names)
            _record(entry, "accounts.team.changed", team)


def _check(team: Team) -> None:
    team.name = team.name.strip()
    team.function = Function(team.function)
    check_time_zone(team.time_zone)
    check_country(team.country)
    others = Team.objects.filter(name__iexact=team.name).exclude(pk=team.pk)
    if others.exists():
        raise NameTaken(_("Another team has this name."), field="name")


def _record(entry: ledger.Writer, kind: str, team: Team) -> None:
    data = {
        "function": str(team.function),
        "time_zone": team.time_zone,
        "country": team.country,
    }
    entry.record(kind, subject=("accounts.team", team.pk), data=data)
