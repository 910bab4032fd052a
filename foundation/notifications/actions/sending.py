"""Send e-mails with notices. See docs/decisions/notices.md for what a crash leaves."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from itertools import groupby
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.notifications.domain import registry
from foundation.notifications.domain.registry import KINDS
from foundation.notifications.enums import MailForm, MailState
from foundation.notifications.models import Mailing
from foundation.notifications.queries.notices import Said, in_words

LISTED = 20
"""So many notices of a kind stand in one e-mail; the inbox has the rest."""
_OVER = [MailState.SENT, MailState.DROPPED]
_FOR_GOOD = 500


class NotSent(Exception):
    """The mail server could not take an e-mail now. The words hold no address."""


class Refused(Exception):
    """The mail server will never take this e-mail. The words hold no address."""


@dataclass(frozen=True)
class Letter:
    """An e-mail ready to be handed over; before ``opens`` its reader is off."""

    mailing: Mailing
    message: EmailMultiAlternatives
    opens: datetime


def write(mailing_id: int, *, at: datetime) -> Letter | None:
    """Write an e-mail in the language and the time zone of its reader.

    None where it is out already, or nobody needs it any more: its reader cannot sign in
    now, or everything it was about is gone.

    Args:
        mailing_id: which.
        at: now.
    """
    rows = Mailing.objects.select_related("recipient").exclude(state__in=_OVER)
    mailing = rows.filter(pk=mailing_id).first()
    if mailing is None:
        return None
    reader = mailing.recipient
    message = _message(mailing, reader) if reader.is_active else None
    if message is None:
        Mailing.objects.filter(pk=mailing.pk).update(state=MailState.DROPPED)
        return None
    opens = registry.openings({reader.pk: at})[reader.pk]
    return Letter(mailing, message, opens)


def _message(mailing: Mailing, reader: User) -> EmailMultiAlternatives | None:
    ours = workspace.current()
    zone = ZoneInfo(reader.time_zone or ours.time_zone)
    with translation.override(reader.language), timezone.override(zone):
        said = in_words(list(mailing.notices.order_by("kind", "pk")))
        if not said:
            return None
        context = {
            "said": said,
            "parts": _parts(said),
            "single": said[0] if mailing.form == MailForm.ONE else None,
            "form": mailing.form,
            "reader": reader,
            "workspace": ours,
            "zone": zone.key,
            "site": settings.ALIGNMENT_URL,
            "heading": _heading(mailing, said),
        }
        text = render_to_string("notifications/email.txt", context).strip() + "\n"
        page = render_to_string("notifications/email.html", context)
    subject = " ".join(str(context["heading"]).split())
    headers = {"Message-ID": _message_id(mailing), "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(
        subject, text, to=[reader.email or ""], headers=headers
    )
    message.attach_alternative(page, "text/html")
    return message


def _heading(mailing: Mailing, said: list[Said]) -> str:
    if mailing.form == MailForm.ONE:
        return said[0].words.title
    n = len(said)
    if mailing.form == MailForm.DAILY:
        text = ngettext(
            "%(n)s notice since yesterday", "%(n)s notices since yesterday", n
        )
    else:
        text = ngettext(
            "%(n)s notice within an hour", "%(n)s notices within an hour", n
        )
    return text % {"n": n}


def _parts(said: list[Said]) -> list[dict[str, object]]:
    """Return the notices by kind: how many, the first of them, how many more."""
    parts = []
    for name, group in groupby(said, key=lambda each: each.notice.kind):
        rows = list(group)
        counted = KINDS[name].count(len(rows))
        more = len(rows) - LISTED
        parts.append({"title": counted, "said": rows[:LISTED], "more": max(more, 0)})
    return parts


def _message_id(mailing: Mailing) -> str:
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    host = address.rpartition("@")[2] or urlsplit(settings.ALIGNMENT_URL).hostname
    return f"<{mailing.mark}@{host}>"


@contextmanager
def line() -> Iterator[BaseEmailBackend]:
    """Hold a line to the mail server.

    Raises:
        NotSent: it is away, or does not let us in.
    """
    backend = mailers.default
    try:
        backend.open()
    except OSError as error:
        raise NotSent(f"The mail server is away: {type(error).__name__}.") from None
    try:
        yield backend
    finally:
        backend.close()


def hand_over(letter: Letter, backend: BaseEmailBackend) -> None:
    """Note that an e-mail is going out, and give it to the mail server.

    Raises:
        Refused: the server will never take it; that is noted.
        NotSent: it does not take it now.
    """
    rows = Mailing.objects.filter(pk=letter.mailing.pk).exclude(state__in=_OVER)
    rows.update(state=MailState.HANDING_OVER, answer=None)
    try:
        backend.send_messages([letter.message])
    except (smtplib.SMTPException, OSError) as error:
        answer = _answer(error)
        if answer >= _FOR_GOOD:
            rows.update(state=MailState.REFUSED, answer=answer)
            who = letter.mailing.recipient_id
            raise Refused(
                f"The mail server refused the e-mail to person {who} ({answer})."
            ) from None
        name = type(error).__name__
        raise NotSent(f"The mail server did not take it: {name} {answer}.") from None


def _answer(error: Exception) -> int:
    """Return the server's word on this recipient or this text; 0 for any other trouble.

    What it says of the sender or of us as a client is for an administrator to mend, and
    is tried again.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min((code for code, _text in error.recipients.values()), default=0)
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code
    return 0


def mark_sent(mailing: Mailing, *, at: datetime) -> None:
    """Note that the mail server took an e-mail."""
    rows = Mailing.objects.filter(pk=mailing.pk).exclude(state__in=_OVER)
    rows.update(state=MailState.SENT, sent_at=at, answer=None)
