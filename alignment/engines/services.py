"""The programs of the product itself: web, two workers and beat."""

import sys
from pathlib import Path

from alignment.engines import machine
from alignment.engines.ports import LOOPBACK
from alignment.engines.processes import Program
from alignment.engines.workspace import PROJECT, Workspace

MOST_WEB_WORKERS = 2
THREADS = 4
GRACE_OF_REQUESTS = 15
GRACE_OF_WORK = 25


def web(workspace: Workspace, env: dict[str, str], port: int) -> Program:
    """Requests under way are answered before the server ends, within the grace time."""
    words = (
        "granian --interface wsgi --no-ws --respawn-failed-workers"
        f" --host {LOOPBACK} --port {port}"
        f" --workers {min(machine.cores(), MOST_WEB_WORKERS)}"
        f" --blocking-threads {THREADS} --backpressure {THREADS * 8}"
        f" --workers-kill-timeout {GRACE_OF_REQUESTS}"
        " --log-level warning alignment.wsgi:application"
    )
    return _program("web", words, workspace, env, GRACE_OF_REQUESTS + 2)


def worker(
    workspace: Workspace, env: dict[str, str], queue: str, processes: int
) -> Program:
    """One that is killed at the end of the grace time loses nothing: jobs are rows."""
    words = (
        f"celery -A alignment worker --queues {queue} --concurrency {processes}"
        f" --hostname {queue}@%h --loglevel WARNING"
        " --without-gossip --without-mingle"
    )
    return _program(f"worker-{queue}", words, workspace, env, GRACE_OF_WORK)


def beat(workspace: Workspace, env: dict[str, str]) -> Program:
    schedule = workspace.data / "celerybeat-schedule"
    words = "celery -A alignment beat --loglevel WARNING --pidfile= --schedule"
    program = _program("beat", words, workspace, env, GRACE_OF_WORK)
    program.command.append(str(schedule))
    return program


def management(
    workspace: Workspace, env: dict[str, str], *words: str, log: str = "setup"
) -> Program:
    """One run of manage.py."""
    return Program(
        name=words[0],
        command=[sys.executable, str(PROJECT / "manage.py"), *words],
        log=workspace.log(log),
        env=env,
        folder=PROJECT,
    )


def module(workspace: Workspace, env: dict[str, str], words: str) -> Program:
    return _program(words.split()[0], words, workspace, env, 10, log="setup")


def _program(
    name: str,
    words: str,
    workspace: Workspace,
    env: dict[str, str],
    grace: float,
    log: str = "",
) -> Program:
    return Program(
        name=name,
        command=[sys.executable, "-m", *words.split()],
        log=workspace.log(log or name),
        env=env,
        grace=grace,
        folder=PROJECT,
    )


def static_sources() -> list[Path]:
    """Files that decide what the collected static files are."""
    settled = [PROJECT / "requirements" / "base.txt", PROJECT / "alignment/settings.py"]
    return [*settled, *sorted((PROJECT / "static").rglob("*"))]
