"""What the supervisor asks of an engine, and how one is brought up."""

import secrets
import time
from pathlib import Path
from typing import Protocol

from alignment.engines import files, ports
from alignment.engines.errors import EngineError
from alignment.engines.processes import Child, Program

WAIT_SECONDS = 60.0
STEP_SECONDS = 0.02
TRIES = 3


class Engine(Protocol):
    title: str
    data: Path

    @property
    def log(self) -> Path:
        """The file that takes its words."""

    @property
    def state(self) -> Path:
        """The file that remembers its port and password."""

    def prepare(self) -> None:
        """Create what the first start needs. Safe to repeat."""

    def program(self) -> Program:
        """What to run, on the remembered port."""

    def is_ready(self) -> bool:
        """Whether it accepts work now."""

    def url(self) -> str:
        """The address with its password."""


def new_password() -> str:
    return secrets.token_urlsafe(24)


def settle_port(state: Path) -> int:
    """The port of last time if nobody else took it, else a free one, remembered."""
    known = files.read_json(state)
    port = int(known.get("port", "0"))
    if not port or not ports.is_free(port):
        port = ports.any_free()
        files.remember(state, known | {"port": str(port)})
    return port


def start(engine: Engine) -> Child:
    """Start it and wait until it accepts work.

    Between choosing a port and listening on it somebody else may take it: then another
    is tried. Any other end is told with the last line of its log.
    """
    engine.prepare()
    words = ""
    for _ in range(TRIES):
        settle_port(engine.state)
        begin = engine.log.stat().st_size if engine.log.exists() else 0
        child = Child(engine.program())
        if _wait(engine, child):
            return child
        child.kill()
        words = files.tail(engine.log, begin)
        if "Address already in use" not in words:
            break
    raise EngineError(reason(engine, words))


def _wait(engine: Engine, child: Child) -> bool:
    limit = time.monotonic() + WAIT_SECONDS
    while child.ended() is None and time.monotonic() < limit:
        if engine.is_ready():
            return True
        time.sleep(STEP_SECONDS)
    return False


def reason(engine: Engine, words: str) -> str:
    """One sentence from what the engine wrote while it failed."""
    if "No space left on device" in words:
        return files.full(engine.data)
    lines = [line for line in words.splitlines() if line.strip()]
    last = next((line for line in lines if "FATAL" in line), lines[-1] if lines else "")
    return f"{engine.title} did not start ({last.strip()[-160:]}); see {engine.log}."
