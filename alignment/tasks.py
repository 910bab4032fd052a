"""Work of the apps below that have no jobs of their own."""

from datetime import time

from foundation.accounts.actions import mails, sessions
from foundation.accounts.enums import Mail
from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import daily, handler
from foundation.kernel import clock

MAIL = "accounts.mail"
TIDY = "accounts.tidy"


@handler(MAIL, attempts=200)
def send_mail(run: Run) -> None:
    """Send one mail; a mail server that is away for a day makes it late, not lost."""
    mails.send(Mail(run.payload["kind"]), run.payload["subject"], at=clock.now())


@handler(TIDY, attempts=3)
def tidy(run: Run) -> None:
    with run.finishing():
        sessions.tidy(at=clock.now())


daily(TIDY, at=time(3, 40))
