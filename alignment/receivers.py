"""People's mails become durable jobs, in the transaction that makes them necessary."""

from datetime import datetime

from django.dispatch import receiver

from alignment.tasks import MAIL
from foundation.accounts.enums import Mail
from foundation.accounts.signals import mail_due
from foundation.jobs.actions import jobs


@receiver(mail_due)
def enqueue_mail(kind: Mail, subject: int, at: datetime, **_: object) -> None:
    """Also one that nobody gets, so that asking for one always takes as long."""
    jobs.enqueue(MAIL, {"kind": kind.value, "subject": subject}, at=at)
