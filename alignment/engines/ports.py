"""Free TCP ports of this machine's loopback address."""

import os
import socket
import sys
from collections.abc import Iterable

from alignment.engines.errors import EngineError

LOOPBACK = "127.0.0.1"
USUAL = 8000
MOST_TRIES = 100


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def ask(port: int, words: bytes) -> bytes:
    """What a server answers until it hangs up; nothing if nobody listens."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as line:
            line.sendall(words)
            return b"".join(iter(lambda: line.recv(4096), b""))
    except OSError:
        return b""


class Claim:
    """A web port that no other start takes between our choice and our server's start.

    An abstract socket bears the claim: it needs no file and goes with the process.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._mark = socket.socket(socket.AF_UNIX)

    def holds(self) -> bool:
        """Whether the port is free, and ours from now on."""
        if sys.platform == "linux":
            try:
                self._mark.bind(f"\0alignment-port-{self.port}")
            except OSError:
                return False
        return is_free(self.port)

    def release(self) -> None:
        self._mark.close()


def claim_web() -> Claim:
    """The port PORT names, else 8000 or the next free one."""
    named = os.environ.get("PORT")
    if not named:
        return _first(range(USUAL, USUAL + MOST_TRIES))
    if not named.isdecimal() or not 0 < int(named) < 65536:
        raise EngineError(f"PORT must be a number from 1 to 65535, not {named!r}.")
    return _first([int(named)])


def _first(ports: Iterable[int]) -> Claim:
    numbers = list(ports)
    for port in numbers:
        claim = Claim(port)
        if claim.holds():
            return claim
        claim.release()
    if len(numbers) == 1:
        message = f"Port {numbers[0]} is taken; choose another one by PORT=…"
        raise EngineError(message)
    raise EngineError(f"Ports {numbers[0]} to {numbers[-1]} are all taken.")
