"""R2, R12, R13: an engine that is away is a calm answer, wherever it is missed."""

import pytest
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.test import Client
from redis.exceptions import ConnectionError as RedisGone
from redis.exceptions import TimeoutError as RedisSilent

from alignment.views.errors import is_away

pytestmark = pytest.mark.django_db


class _ReadOnly(Exception):
    pgcode = "25006"


def read_only():
    error = InternalError("cannot execute INSERT in a read-only transaction")
    error.__cause__ = _ReadOnly()
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError(), True),
        (InterfaceError(), True),
        (RedisGone(), True),
        (RedisSilent(), True),
        (read_only(), True),
        (InternalError(), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_what_counts_as_away(error, away):
    assert is_away(error) is away


@pytest.fixture
def gone(monkeypatch):
    """The database stops answering."""

    def stop(error=OperationalError):
        def refuse(*args, **options):
            raise error

        monkeypatch.setattr(connection, "cursor", refuse)

    return stop


@pytest.mark.parametrize("path", ["/health/", "/account/", "/account/login/"])
def test_a_page_without_the_database_is_503(client, sally, gone, path):
    """Also where middleware needs it first: for the session."""
    client.force_login(sally)
    client.raise_request_exception = False
    gone()

    answer = client.get(path)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "away for a moment" in answer.text
    assert answer["Content-Type"] == "text/html; charset=utf-8"


def test_a_database_that_cannot_be_written_is_503(client, sally, gone):
    client.force_login(sally)
    client.raise_request_exception = False
    gone(read_only())

    assert client.get("/account/").status_code == 503


def test_it_comes_back_with_the_next_request(client, sally, monkeypatch):
    client.force_login(sally)
    client.raise_request_exception = False
    with monkeypatch.context() as moment:
        moment.setattr(connection, "cursor", lambda *a: 1 / 0)
        assert client.get("/account/").status_code == 500

    assert client.get("/account/").status_code == 200


def test_a_mistake_of_ours_is_500_without_details(monkeypatch):
    """S62."""
    client = Client(raise_request_exception=False)

    def fail(*args):
        raise ValueError("the secret detail")

    monkeypatch.setattr(connection, "cursor", fail)

    answer = client.get("/health/")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Something went wrong on our side" in answer.text
