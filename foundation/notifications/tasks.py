"""Notices follow the ledger within a second, and mails go out when readers work."""

from foundation.jobs.actions import jobs
from foundation.jobs.actions.running import Hopeless, Run
from foundation.jobs.domain.registry import every, handler
from foundation.notifications.actions import delivering, following, sending
from foundation.notifications.queries import notices as queries

_MAIL_LEASE_SECONDS = 180
"""Longer than a mail server can keep us, whose every answer is waited for 15 s."""


@handler("notifications.follow", lease_seconds=60, attempts=3)
def follow(run: Run) -> None:
    """Tell what happened, deliver what is due, and make mails of it."""
    while following.follow(at=queries.now()):
        run.extend()
    while delivering.deliver(at=queries.now()):
        run.extend()
    while delivering.compose(at=queries.now()):
        run.extend()


every("notifications.follow", seconds=1, when=queries.is_work_due)


@handler(delivering.MAIL, lease_seconds=_MAIL_LEASE_SECONDS, attempts=200)
def mail(run: Run) -> None:
    """Send one e-mail; a mail server that is away makes it late, not lost.

    One that is due while its reader is off, because the server was away till then,
    waits for the next opening.
    """
    at = queries.now()
    letter = sending.write(run.payload["mailing"], at=at)
    if letter is None:
        return
    if letter.opens > at:
        with run.finishing():
            jobs.enqueue(run.kind.name, run.payload, at=letter.opens)
        return
    with sending.line() as line:
        run.extend()  # Who was overtaken stops here, before the server hears of it.
        try:
            sending.hand_over(letter, line)
        except sending.Refused as refusal:
            raise Hopeless(str(refusal)) from None
        with run.finishing():
            sending.mark_sent(letter.mailing, at=queries.now())
