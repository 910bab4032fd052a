import pytest

from foundation.jobs.actions import running
from tests.factories import notices


@pytest.fixture
def kind():
    with notices.a_kind() as name:
        yield name


@pytest.fixture
def always():
    """Everybody works at all times."""
    with notices.hours(dict):
        yield


@pytest.fixture
def smtp():
    with notices.mail_server() as server:
        yield server


@pytest.fixture
def work():
    """Do what is due, as a worker would; return how many jobs that were."""

    def work():
        done = 0
        while running.run_next("fast"):
            done += 1
        return done

    return work
