"""The first sign-ins of a new workspace or of the example company."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from foundation.accounts.actions import people, teams, tokens
from foundation.accounts.actions.people import Newcomer
from foundation.accounts.enums import FUNCTIONS, Function, Role
from foundation.accounts.models import ApiToken, Team, User
from foundation.accounts.queries import workspace
from foundation.accounts.rules import SCOPES
from foundation.ledger import actions as ledger

DOMAIN = "alignment.example"
TOKEN_NAME = "First access"  # noqa: S105 -- a name
_TOKEN_LIFE = timedelta(days=365)
_HUMANS = [role for role in Role if role != Role.INTEGRATION]


@dataclass(frozen=True)
class SignIn:
    role: str
    email: str
    password: str


@dataclass(frozen=True)
class Access:
    """Who can sign in and how, as far as we were told or have just made it."""

    users: list[SignIn]
    token: str


def ensure(known: Access, *, at: datetime) -> Access:
    """Return one sign-in for each human role, and an integration's token.

    What ``known`` holds is kept as long as it still works; what works no more was
    changed by somebody and stays so. The rest is made only in an example company, or
    while nobody signs in but those made here: in a workspace that people use, no
    default person appears. Calling it again changes nothing.
    """
    kept = {each.role: each for each in known.users if _holds(each)}
    token = known.token if tokens.authenticate(known.token, at=at) else ""
    told = {each.role for each in known.users}
    missing = [role for role in _HUMANS if role not in told]
    if not _may_make() or (token and not missing):
        return Access(_in_order(kept), token)
    with ledger.entry(by=None, at=at, cause="access"):
        kept |= {role: _make(role, at=at) for role in missing}
        return Access(_in_order(kept), token or _make_token(at=at))


def _in_order(kept: dict[str, SignIn]) -> list[SignIn]:
    return [kept[role] for role in _HUMANS if role in kept]


def _holds(sign_in: SignIn) -> bool:
    rows = User.objects.filter(email=sign_in.email, role=sign_in.role, is_active=True)
    person = rows.first()
    return person is not None and person.check_password(sign_in.password)


def _may_make() -> bool:
    if workspace.current().is_example:
        return True
    active = User.objects.filter(is_active=True)
    return not active.exclude(email__endswith=f"@{DOMAIN}").exists()


def _make(role: Role, *, at: datetime) -> SignIn:
    """Give the example company's person of this role a password, or make a person."""
    password = secrets.token_urlsafe(12)
    person = _somebody(role)
    if person is None:
        email = f"{role}@{DOMAIN}"
        newcomer = Newcomer(
            str(role.label), role, email, _team(role, at=at), password=password
        )
        people.create(newcomer, by=None, at=at)
        return SignIn(role, email, password)
    person.password, person.is_active = make_password(password), True
    person.save(update_fields=["password", "is_active"])
    subject = ("accounts.user", person.pk)
    ledger.current().record("accounts.password.changed", subject=subject)
    return SignIn(role, str(person.email), password)


def _somebody(role: Role) -> User | None:
    rows = User.objects.filter(role=role, email__isnull=False)
    if not workspace.current().is_example:
        rows = rows.filter(email=f"{role}@{DOMAIN}")
    return rows.order_by("-is_active", "pk").first()


def _team(role: Role, *, at: datetime) -> Team | None:
    function = FUNCTIONS.get(role)
    if function is None:
        return None
    team = Team.objects.filter(function=function).order_by("pk").first()
    return team or _make_team(function, at=at)


def _make_team(function: Function, *, at: datetime) -> Team:
    settings = workspace.current()
    team = Team(
        name=str(function.label),
        function=function,
        time_zone=settings.time_zone,
        country=settings.country,
    )
    return teams.create(team, by=None, at=at)


def _make_token(*, at: datetime) -> str:
    owner = User.objects.filter(role=Role.INTEGRATION, name=TOKEN_NAME).first()
    owner = owner or people.create(
        Newcomer(TOKEN_NAME, Role.INTEGRATION), by=None, at=at
    )
    for row in ApiToken.objects.filter(owner=owner, revoked_at__isnull=True):
        tokens.revoke(row, by=None, at=at)
    _row, text = tokens.create(
        owner=owner,
        name=TOKEN_NAME,
        scopes=set(SCOPES.values()),
        by=None,
        at=at,
        life=_TOKEN_LIFE,
    )
    return text
