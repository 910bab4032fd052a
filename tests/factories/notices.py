"""Notices as workers make them, and a mail server to receive them."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from django.test import override_settings

from foundation.notifications.actions import delivering, following
from foundation.notifications.domain import registry
from foundation.notifications.domain.registry import Kind, Telling, Words
from foundation.notifications.models import Notice

KIND = "test.told"


def follow_all(at) -> None:
    """Tell everything the ledger holds."""
    while following.follow(at=at):
        pass


def pass_on(at) -> None:
    """Tell, deliver and make mails, as the worker's job does."""
    follow_all(at)
    while delivering.deliver(at=at):
        pass
    while delivering.compose(at=at):
        pass


def told(person=None, **fields) -> list[tuple[str, int]]:
    """Return kind and subject of each notice, the first told first."""
    rows = Notice.objects.filter(**fields).order_by("pk")
    if person is not None:
        rows = rows.filter(recipient=person)
    return [(row.kind, row.subject_id) for row in rows]


def give(person, number, at, *, kind=KIND, opens=None) -> Notice:
    """Write a notice that waits to be delivered, as following the ledger does."""
    return Notice.objects.create(
        recipient=person,
        kind=kind,
        cause=number,
        subject_type="test.thing",
        subject_id=number,
        happened_at=at,
        told_at=at,
        deliver_at=opens or at,
    )


@contextmanager
def a_kind(name=KIND, *, mail="at_once", roles=("sales_rep",)):
    """Register a kind of notice whose words are its subject's number."""

    def read(rows):
        return {
            row.id: Words(f"Thing {row.subject}", "A note.", f"/leads/?n={row.subject}")
            for row in rows
        }

    registry.kind(Kind(name, "Things", lambda n: f"{n} things", read, roles, mail))
    try:
        yield name
    finally:
        del registry.KINDS[name]


@contextmanager
def teller(event):
    """Have each event of a kind told to the person its payload names."""

    def tell(events):
        for each in events:
            subject = ("test.thing", each.subject)
            yield Telling(each.data["to"], KIND, each.id, subject, each.at)

    registry.tells(event)(tell)
    try:
        yield
    finally:
        del registry.TELLERS[event]


@contextmanager
def hours(openings):
    """Have people work when ``openings`` says."""
    registry.working_hours(openings)
    try:
        yield
    finally:
        registry.HOURS.remove(openings)


class MailServer:
    """A real one. ``answer`` is its word on a message, ``refuses`` its strangers."""

    def __init__(self):
        self.mails, self.answer, self.refuses = [], "250 OK", set()
        self.stop = lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- the library's name
        if address in self.refuses:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- the library's name
        if self.answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.mails.append(mail)
        return self.answer


@contextmanager
def mail_server():
    """Run a mail server and have the product use it."""
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    server.stop = controller.stop
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    mailers = {"default": {"BACKEND": backend, "OPTIONS": options}}
    try:
        with override_settings(MAILERS=mailers):
            yield server
    finally:
        if controller.server is not None:
            controller.stop()
