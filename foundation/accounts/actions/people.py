"""Who belongs to the workspace, as what. Each change ends in the ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from foundation.accounts import rules
from foundation.accounts.actions import locks
from foundation.accounts.actions.owners import OwnerTooLong, resolve_owners
from foundation.accounts.enums import Role
from foundation.accounts.models import ApiToken, Session, Team, User
from foundation.accounts.queries import people as queries
from foundation.accounts.signals import person_changed
from foundation.kernel.errors import DomainError, Forbidden, Invalid
from foundation.ledger import actions as ledger

__all__ = [
    "LastKeeper",
    "Newcomer",
    "NoAddress",
    "NotYourself",
    "OwnerTooLong",
    "Taken",
    "TeamOfAnother",
    "change_role",
    "create",
    "disable",
    "enable",
    "end_sessions",
    "resolve_owners",
    "set_takes_leads",
    "set_team",
]


class Taken(DomainError):
    """The e-mail address or external id belongs to somebody else."""

    code = "person_taken"


class NotYourself(Forbidden):
    """Nobody changes their own role or standing."""

    code = "not_yourself"


class LastKeeper(DomainError):
    """Nobody would be left who can let people in."""

    code = "last_keeper"


class TeamOfAnother(Invalid):
    """The team belongs to the other department, or the role to none."""

    code = "team_function"


class NoAddress(DomainError):
    """Without an e-mail address nobody can sign in."""

    code = "no_address"


class FixedRole(DomainError):
    """An integration stays one, and a person never becomes one."""

    code = "fixed_role"


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be made. With a password they can sign in at once."""

    name: str
    role: Role
    email: str | None = None
    team: Team | None = None
    language: str = "en"
    password: str | None = None


def create(newcomer: Newcomer, *, by: AbstractBaseUser | None, at: datetime) -> User:
    """Make a person, or an integration, and return it.

    The e-mail address is kept folded. Without a password the person owns leads and is
    in the numbers, but cannot sign in until invited.

    Raises:
        Taken: somebody has this address.
        TeamOfAnother: role and team are of different departments.
    """
    email = fold(newcomer.email)
    _refuse_other_team(newcomer.role, newcomer.team)
    with ledger.entry(by=by, at=at, cause="people") as entry:
        if email and User.objects.filter(email=email).exists():
            raise Taken(_("Somebody has this e-mail address."), field="email")
        person = User.objects.create(
            name=newcomer.name.strip(),
            email=email,
            role=newcomer.role,
            team=newcomer.team,
            language=newcomer.language,
            password=make_password(newcomer.password),
            is_active=bool(newcomer.password and email),
            takes_leads=newcomer.role == Role.SALES_REP,
            joined_at=at,
        )
        subject = ("accounts.user", person.pk)
        entry.record(
            "accounts.person.created", subject=subject, data={"role": person.role}
        )
    return person


def fold(email: str | None) -> str | None:
    """Return an address as it is stored and compared: trimmed, case-folded."""
    return (email or "").strip().casefold() or None


def change_role(
    person: User, role: Role, *, by: AbstractBaseUser | None, at: datetime
) -> None:
    """Give somebody another role. All their sessions end, so it holds at once.

    A team of the other department is left. Giving the same role changes nothing.

    Raises:
        NotYourself: ``by`` is the person.
        LastKeeper: nobody else could let people in.
        FixedRole: from or to an integration.
    """
    _refuse_self(person, by)
    if Role.INTEGRATION in {role, person.role} and role != person.role:
        raise FixedRole(_("An integration stays one."), field="role")
    with ledger.entry(by=by, at=at, cause="people") as entry:
        before = _locked(person)
        if before.role == role:
            return
        if not rules.keeps_people(role):
            _refuse_last_keeper(before)
        team = before.team if rules.belongs(role, before.team) else None
        User.objects.filter(pk=person.pk).update(role=role, team=team)
        data = {"from": before.role, "to": role.value}
        _record(entry, "accounts.person.role_changed", person, data=data)
        _end_sessions(person)
        _tell(person, by=by, at=at)


def set_team(
    person: User, team: Team | None, *, by: AbstractBaseUser | None, at: datetime
) -> None:
    """Put somebody into a team of their department, or into none.

    Raises:
        TeamOfAnother: the team is of the other department, or the role of none.
    """
    with ledger.entry(by=by, at=at, cause="people") as entry:
        before = _locked(person)
        _refuse_other_team(Role(before.role), team)
        if before.team == team:
            return
        User.objects.filter(pk=person.pk).update(team=team)
        data = {"from": before.team_id, "to": team.pk if team else None}
        _record(entry, "accounts.person.team_changed", person, data=data)
        _tell(person, by=by, at=at)


def set_takes_leads(
    person: User, *, takes: bool, by: AbstractBaseUser | None, at: datetime
) -> None:
    """Let leads be assigned to somebody in turn, or no longer."""
    with ledger.entry(by=by, at=at, cause="people") as entry:
        changed = User.objects.filter(pk=person.pk).exclude(takes_leads=takes)
        if changed.update(takes_leads=takes):
            kind = "accounts.person.takes_leads_changed"
            _record(entry, kind, person, data={"to": takes})
            _tell(person, by=by, at=at)


def disable(person: User, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Shut somebody out at once: sessions and tokens end, records stay theirs.

    Disabling again changes nothing.

    Raises:
        NotYourself: ``by`` is the person.
        LastKeeper: nobody else could let people in.
    """
    _refuse_self(person, by)
    with ledger.entry(by=by, at=at, cause="people") as entry:
        before = _locked(person)
        _refuse_last_keeper(before)
        live = ApiToken.objects.filter(owner=person, revoked_at__isnull=True)
        tokens = live.update(revoked_at=at)
        if not before.is_active and not tokens:
            return
        User.objects.filter(pk=person.pk).update(is_active=False)
        _end_sessions(person)
        _record(entry, "accounts.person.disabled", person, data={"tokens": tokens})
        _tell(person, by=by, at=at)


def enable(person: User, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Let somebody in again, with the password they had, or a new one by reset.

    Raises:
        NoAddress: the person has no e-mail address; invite them instead.
        FixedRole: an integration has tokens, and never signs in.
    """
    if person.role == Role.INTEGRATION:
        raise FixedRole(_("An integration has tokens and never signs in."))
    with ledger.entry(by=by, at=at, cause="people") as entry:
        before = _locked(person)
        if not before.email:
            raise NoAddress(_("Invite this person by e-mail first."))
        if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
            _record(entry, "accounts.person.enabled", person)
            _tell(person, by=by, at=at)


def end_sessions(person: User, *, by: AbstractBaseUser | None, at: datetime) -> int:
    """Sign somebody out everywhere; return how many browsers that were."""
    with ledger.entry(by=by, at=at, cause="people") as entry:
        ended = _end_sessions(person)
        _record(entry, "accounts.sessions.ended", person, data={"n": ended})
    return ended


def _locked(person: User) -> User:
    """Read the person again, so that two changes at once follow each other."""
    return User.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _end_sessions(person: User) -> int:
    return Session.objects.filter(user=person).delete()[0]


def _record(
    entry: ledger.Writer, kind: str, person: User, *, data: ledger.Payload | None = None
) -> None:
    entry.record(kind, subject=("accounts.user", person.pk), data=data)


def _tell(person: User, *, by: AbstractBaseUser | None, at: datetime) -> None:
    person.refresh_from_db()
    person_changed.send(User, person=person, by=by, at=at)


def _refuse_self(person: User, by: AbstractBaseUser | None) -> None:
    if by is not None and by.pk == person.pk:
        raise NotYourself(_("Somebody else has to change this for you."))


def _refuse_last_keeper(person: User) -> None:
    if rules.keeps_people(Role(person.role)) and person.is_active:
        locks.take(locks.Lock.KEEPERS)
        if not queries.keepers().exclude(pk=person.pk).exists():
            raise LastKeeper(_("Nobody would be left who can let people in."))


def _refuse_other_team(role: Role, team: Team | None) -> None:
    if not rules.belongs(role, team):
        message = _("This team belongs to the other department, or the role to none.")
        raise TeamOfAnother(message, field="team")
