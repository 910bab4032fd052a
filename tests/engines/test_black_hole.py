"""R3: a Redis that accepts connections and never answers holds nobody up."""

import os
import socket
import subprocess
import sys

import pytest

LINES = """
import time
import django
django.setup()
from foundation.jobs.actions import waking
begin = time.monotonic()
waking.send("fast")
print(time.monotonic() - begin)
"""
SOCKET_TIMEOUT = 1.5


@pytest.fixture
def black_hole():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_publishing_gives_up_within_the_socket_timeout(black_hole):
    """R3: at most 2 s, once, and the sender only notes that it could not."""
    done = subprocess.run(
        [sys.executable, "-c", LINES],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "REDIS_URL": black_hole},
    )
    assert done.returncode == 0, done.stderr
    assert SOCKET_TIMEOUT - 0.1 <= float(done.stdout) <= 2.0
    assert "No worker could be woken" in done.stderr
