import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache

from foundation.jobs.actions import running


class _Inbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- the library's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"


@pytest.fixture
def inbox(settings):
    """A real mail server, and what it was given: recipients and message."""
    handler = _Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
    yield handler.mails
    controller.stop()


@pytest.fixture
def work():
    """Do what waits, as a worker would; return how many jobs that were."""

    def work():
        done = 0
        while running.run_next("fast"):
            done += 1
        return done

    return work


@pytest.fixture
def no_limits():
    """Forget who tried how often."""
    cache.clear()


@pytest.fixture
def password():
    """A good one."""
    return "correct horse battery"
