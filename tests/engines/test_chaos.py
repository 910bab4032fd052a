"""Kill the supervisor again and again, at whatever moment it is in."""

import random
import signal
import time

import pytest

from alignment.engines import temporary
from tests.engines.programs import eventually, is_alive
from tests.engines.test_whole import Alignment

pytestmark = pytest.mark.chaos
ROUNDS = 5


def test_killed_at_any_moment_it_leaves_nothing_and_starts_again():
    """Every other time the next start comes at once, while the last one still dies."""
    moments = random.Random(2)
    with temporary.folder() as folder:
        alignment = Alignment(folder / "data")
        seen = set()
        for number in range(ROUNDS):
            alignment.process = alignment.command()
            time.sleep(moments.uniform(0.3, 12))
            seen |= set(alignment.processes())
            alignment.end(signal.SIGKILL)
            if number % 2:
                eventually(lambda: alignment.processes() == [], 40)
        alignment.start()
        assert alignment.health()
        assert seen & set(alignment.processes()) == set()
        assert len(seen) > ROUNDS
        alignment.end(signal.SIGTERM)
        assert alignment.process.returncode == 0
        assert alignment.processes() == []
        assert not any(is_alive(pid) for pid in seen)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_at_any_moment_it_ends_cleanly(sign):
    """During set-up too, and the next start continues."""
    moments = random.Random(3)
    with temporary.folder() as folder:
        alignment = Alignment(folder / "data")
        for _ in range(2):
            alignment.process = alignment.command()
            time.sleep(moments.uniform(1.5, 9))
            alignment.end(sign)
            assert alignment.process.returncode in {0, 130}
            assert alignment.processes() == []
            assert not (alignment.data.data / "postgres/postmaster.pid").exists()
