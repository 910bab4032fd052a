"""Write and send the mails of accounts; called by a worker, once or more often."""

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from foundation.accounts.actions import invitations
from foundation.accounts.enums import Mail
from foundation.accounts.models import Invitation, User
from foundation.accounts.queries import workspace


def send(kind: Mail, subject: int, *, at: datetime) -> None:
    """Send one mail in the recipient's language, if there is still a reason to.

    Args:
        kind: which mail.
        subject: id of the invitation, or of the person.
        at: now; links count their life from here.
    """
    if kind == Mail.INVITATION:
        _invite(subject, at=at)
    elif kind == Mail.PASSWORD_RESET:
        _tell(kind, subject, link=True)
    elif kind == Mail.PASSWORD_CHANGED:
        _tell(kind, subject, link=False)


def _invite(pk: int, *, at: datetime) -> None:
    row = Invitation.objects.select_related("invited_by").filter(pk=pk).first()
    if row is None:
        return
    try:
        link = invitations.link_of(row, at=at)
    except invitations.LinkGone:
        return
    context = {"invitation": row, "link": link}
    _send(Mail.INVITATION, row.email, row.language, context)


def _tell(kind: Mail, pk: int, *, link: bool) -> None:
    person = User.objects.filter(pk=pk, is_active=True).first()
    if person is None or not person.email:
        return
    context = {"person": person, "link": _reset_link(person) if link else ""}
    _send(kind, person.email, person.language, context)


def _reset_link(person: User) -> str:
    key = default_token_generator.make_token(person)
    args = [user_pk_to_url_str(person), key]
    return settings.ALIGNMENT_URL + reverse(
        "account_reset_password_from_key", args=args
    )


def _send(kind: Mail, to: str, language: str, context: dict[str, object]) -> None:
    context |= {"workspace": workspace.current(), "url": settings.ALIGNMENT_URL}
    with translation.override(language):
        template = f"account/email/{kind}"
        subject = render_to_string(f"{template}_subject.txt", context)
        text = render_to_string(f"{template}_message.txt", context)
    EmailMessage(" ".join(subject.split()), text.strip() + "\n", to=[to]).send()
