"""What has to be done before the services can start, each once or only if needed."""

import hashlib
from datetime import UTC, datetime

from alignment.engines import absent, files, services
from alignment.engines.errors import EngineError
from alignment.engines.processes import Child, Program
from alignment.engines.signals import Signals, Stopped
from alignment.engines.workspace import Workspace

STEP_SECONDS = 0.1


def run(program: Program, signals: Signals) -> None:
    """Run one program to its end. Raises EngineError if it fails, Stopped on Ctrl-C."""
    begin = program.log.stat().st_size if program.log.exists() else 0
    child = Child(program)
    while child.ended() is None:
        if signals.pause(STEP_SECONDS):
            child.stop()
            raise Stopped
    if child.ended() != 0:
        words = files.tail(program.log, begin)
        url = program.env.get("DATABASE_URL", "")
        raise EngineError(absent.told(words, url) or _reason(program, words))


def _reason(program: Program, words: str) -> str:
    if "No space left on device" in words or "DiskFull" in words:
        return files.full(program.log.parent.parent)
    lines = [line for line in words.splitlines() if line.strip()] or ["no reason given"]
    return f"{program.name} failed: {lines[-1].strip()[:300]} (see {program.log})"


def prepare(workspace: Workspace, env: dict[str, str], signals: Signals) -> None:
    """Bring the database, the message catalogues and the static files up to date."""
    run(services.management(workspace, env, "migrate", "--no-input"), signals)
    run(services.module(workspace, env, "tools.messages compile"), signals)
    collect(workspace, env, signals)


def collect(workspace: Workspace, env: dict[str, str], signals: Signals) -> None:
    """Collect static files unless the same ones were collected before."""
    place = workspace.data / "static.json"
    mark = {"of": _fingerprint()}
    if files.read_json(place) != mark:
        words = ("collectstatic", "--no-input", "--clear")
        run(services.management(workspace, env, *words), signals)
        files.remember(place, mark)


def _fingerprint() -> str:
    seen = hashlib.sha256()
    for path in services.static_sources():
        found = path.stat()
        seen.update(f"{path}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def fill(workspace: Workspace, env: dict[str, str], signals: Signals) -> None:
    """Write the example company, once in the life of the data directory."""
    if not workspace.filled.exists():
        run(services.management(workspace, env, "example"), signals)
        files.write_private(workspace.filled, f"{datetime.now(UTC):%F %T}Z\n")
