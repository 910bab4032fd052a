"""New passwords, by change or by a mailed way to reset them."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from foundation.accounts.enums import Mail
from foundation.accounts.models import Session, User
from foundation.accounts.signals import mail_due
from foundation.ledger import actions as ledger


def ask_reset(email: str, *, at: datetime) -> None:
    """Have a way to a new password mailed to whoever has this address.

    Does the same work whether or not anybody has it, so that nobody can tell.
    """
    person = User.objects.filter(email=email.strip().casefold(), is_active=True).first()
    kind = Mail.PASSWORD_RESET if person else Mail.NONE
    mail_due.send(User, kind=kind, subject=person.pk if person else 0, at=at)


def change(person: User, password: str, *, keep: str | None, at: datetime) -> None:
    """Give somebody another password, which was checked before.

    All their sessions end but the one whose key is ``keep``, and a mail tells them.
    """
    with ledger.entry(by=person, at=at, cause="password") as entry:
        person.password = make_password(password)
        person.save(update_fields=["password"])
        Session.objects.filter(user=person).exclude(session_key=keep or "").delete()
        entry.record("accounts.password.changed", subject=("accounts.user", person.pk))
        mail_due.send(User, kind=Mail.PASSWORD_CHANGED, subject=person.pk, at=at)
