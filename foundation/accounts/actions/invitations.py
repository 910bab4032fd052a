"""People come by invitation: a mailed link that works once, for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from foundation.accounts import rules
from foundation.accounts.actions.people import TeamOfAnother, fold
from foundation.accounts.domain import invitations as links
from foundation.accounts.enums import Mail, Role
from foundation.accounts.models import Invitation, Team, User
from foundation.accounts.queries import invitations as queries
from foundation.accounts.signals import mail_due
from foundation.kernel.errors import DomainError, Invalid
from foundation.ledger import actions as ledger

LIFE = timedelta(seconds=settings.INVITATION_TIMEOUT_SECONDS)


class AlreadyHere(DomainError):
    """Somebody who can sign in has this address."""

    code = "already_here"


class LinkGone(DomainError):
    """The link is wrong, used, withdrawn or too old."""

    code = "link_gone"
    status = 404


class NotForIntegrations(Invalid):
    """An integration gets a token, not an invitation."""

    code = "not_for_integrations"


@dataclass(frozen=True)
class Guest:
    """Somebody to be invited. ``person`` is set if they are known from records."""

    email: str
    name: str
    role: Role
    team: Team | None = None
    language: str = "en"
    person: User | None = None


def invite(guest: Guest, *, by: User | None, at: datetime) -> Invitation:
    """Invite somebody by e-mail; a worker sends the link in the guest's language.

    An open invitation to the same address is withdrawn, so inviting again sends a new
    link and the old one stops working.

    Raises:
        AlreadyHere: somebody who can sign in has this address.
        TeamOfAnother: role and team are of different departments.
        NotForIntegrations: the role is an integration's.
    """
    email = _checked(guest)
    with ledger.entry(by=by, at=at, cause="invitation") as entry:
        known = guest.person or User.objects.filter(email=email).first()
        for row in queries.open_ones().filter(email=email):
            _withdraw(row, entry)
        row = Invitation.objects.create(
            email=email,
            name=guest.name.strip(),
            role=guest.role,
            team=guest.team,
            language=guest.language,
            person=known,
            invited_by=by,
            created_at=at,
        )
        subject, data = ("accounts.invitation", row.pk), {"role": row.role}
        entry.record("accounts.invitation.made", subject=subject, data=data)
        mail_due.send(Invitation, kind=Mail.INVITATION, subject=row.pk, at=at)
    return row


def _checked(guest: Guest) -> str:
    email = fold(guest.email) or ""
    if guest.role == Role.INTEGRATION:
        raise NotForIntegrations(_("An integration gets a token."), field="role")
    if not rules.belongs(guest.role, guest.team):
        message = _("This team belongs to the other department, or the role to none.")
        raise TeamOfAnother(message, field="team")
    others = User.objects.filter(email=email)
    if guest.person is not None:
        others = others.exclude(pk=guest.person.pk, is_active=False)
    else:
        others = others.filter(is_active=True)
    if others.exists():
        message = _("Somebody who can sign in has this address.")
        raise AlreadyHere(message, field="email")
    return email


def withdraw(invitation: Invitation, *, by: User | None, at: datetime) -> None:
    """Make the link useless. Withdrawing again, or one accepted, changes nothing."""
    with ledger.entry(by=by, at=at, cause="invitation") as entry:
        _withdraw(invitation, entry)


def _withdraw(row: Invitation, entry: ledger.Writer) -> None:
    if queries.open_ones().filter(pk=row.pk).update(withdrawn_at=entry.at):
        subject = ("accounts.invitation", row.pk)
        entry.record("accounts.invitation.withdrawn", subject=subject)


def link_of(invitation: Invitation, *, at: datetime) -> str:
    """Return the address that lets the guest in, good for a day from now on.

    The same text each time, so a mail that is sent twice holds the same link.

    Raises:
        LinkGone: it was accepted or withdrawn meanwhile.
    """
    link = links.make(
        invitation.pk, invitation.created_at, key=str(settings.SECRET_KEY)
    )
    with ledger.entry(by=None, at=at, cause="invitation") as entry:
        opened = queries.open_ones().filter(pk=invitation.pk)
        if not opened.update(digest=link.digest, sent_at=at, expires_at=at + LIFE):
            raise LinkGone(_("This invitation was withdrawn or accepted."))
        subject = ("accounts.invitation", invitation.pk)
        entry.record("accounts.invitation.sent", subject=subject)
    return f"{settings.ALIGNMENT_URL}/account/invitation/{link}/"


def accept(text: str, *, name: str, password: str, at: datetime) -> User:
    """Let the guest in who followed the link, and return the person they are.

    Somebody known from imported records keeps them. The password was checked before.

    Raises:
        LinkGone: the link is wrong, used, withdrawn or too old.
    """
    row = queries.by_link(text, at=at)
    if row is None:
        raise LinkGone(_("This link does not work any more."))
    with ledger.entry(by=None, at=at, cause="invitation") as entry:
        if not queries.open_ones().filter(pk=row.pk).update(accepted_at=at):
            raise LinkGone(_("This link does not work any more."))
        person = _let_in(row, name=name, password=password, at=at)
        subject, data = ("accounts.user", person.pk), {"invitation": row.pk}
        entry.record("accounts.person.joined", subject=subject, data=data)
    return person


def _let_in(row: Invitation, *, name: str, password: str, at: datetime) -> User:
    person = row.person or User.objects.filter(email=row.email).first() or User()
    person.email, person.name = row.email, name.strip()
    person.role, person.team, person.language = row.role, row.team, row.language
    person.password, person.is_active = make_password(password), True
    person.takes_leads = row.role == Role.SALES_REP
    if person._state.adding:
        person.joined_at = at
        person.save(force_insert=True)
    else:
        names = ["email", "name", "role", "team", "language", "password", "is_active"]
        person.save(update_fields=[*names, "takes_leads"])
    return person
