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
for _ in range(3):
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
    """R3: at most 2 s (the best of three: machines are busy), and only a note."""
    done = subprocess.run(
        [sys.executable, "-c", LINES],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "REDIS_URL": black_hole},
    )
    assert done.returncode == 0, done.stderr
    seconds = min(float(line) for line in done.stdout.split())
    assert SOCKET_TIMEOUT - 0.1 <= seconds <= 2.0
    assert done.stderr.count("No worker could be woken") == 3
