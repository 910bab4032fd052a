"""The whole of `make run` and `make demo`, from an empty folder to an open page."""

import contextlib
import json
import os
import time
from collections.abc import Iterator

from alignment.engines import (
    access,
    engine,
    files,
    health,
    lock,
    ports,
    services,
    setup,
    strays,
)
from alignment.engines.errors import EngineError
from alignment.engines.postgres import Postgres
from alignment.engines.processes import MARK, Program
from alignment.engines.pulse import Pulse
from alignment.engines.redis import Redis
from alignment.engines.signals import Signals, Stopped
from alignment.engines.supervisor import Kept, Supervisor, say
from alignment.engines.workspace import PROJECT, SETTINGS, VARIABLES, Workspace

READY_SECONDS = 60.0
FIRST_PULSE = 180.0
LOOK_SECONDS = 0.1


def run(workspace: Workspace, *, demo: bool) -> None:
    """Start everything, tell who may sign in, and keep it running until Ctrl-C.

    The data stays and the next start continues with it. Raises EngineError with the
    reason if it cannot start, Stopped if asked to end before it was ready.
    """
    begin = time.monotonic()
    with files.told_plainly(workspace.data), held(workspace), Signals() as signals:
        claim = ports.claim_web()
        with supervised(signals) as supervisor:
            env = bring_up(workspace, supervisor, claim.port)
            setup.prepare(workspace, env, signals)
            if demo:
                if not workspace.filled.exists():
                    say("Writing the example company; this takes a minute…")
                setup.fill(workspace, env, signals)
            serve(workspace, env, supervisor, claim.port)
            tell(workspace, env, supervisor, begin)
            supervisor.watch()
            say("", "Stopping…")
        say("Stopped; the next start continues with the same data.")


@contextlib.contextmanager
def held(workspace: Workspace) -> Iterator[None]:
    """The data directory, open and ours alone."""
    workspace.open()
    with lock.hold(workspace.data):
        try:
            yield
        finally:
            workspace.environment_file.unlink(missing_ok=True)


@contextlib.contextmanager
def supervised(signals: Signals) -> Iterator[Supervisor]:
    supervisor = Supervisor(signals)
    try:
        yield supervisor
    finally:
        supervisor.stop()


def bring_up(workspace: Workspace, supervisor: Supervisor, port: int) -> dict[str, str]:
    """Start the engines the environment does not name; the environment for the rest."""
    say(f"Starting Alignment on {workspace.data}")
    database, broker = Postgres(workspace.data), Redis(workspace.data)
    strays.clear(workspace.data, database.known_cluster())
    urls = {}
    for name, each in (("DATABASE_URL", database), ("REDIS_URL", broker)):
        if not os.environ.get(name):
            start_engine(each, supervisor)
            urls[name] = each.url()
    return environment(workspace, urls, port)


def start_engine(each: Postgres | Redis, supervisor: Supervisor) -> None:
    child = engine.start(each)
    supervisor.keep(Kept(child.program, child, before=each.clear, engine=True))


def environment(
    workspace: Workspace, urls: dict[str, str], port: int
) -> dict[str, str]:
    """What every child needs to know; also left for commands run by hand."""
    env = {
        **os.environ,
        **urls,
        "SECRET_KEY": workspace.secret_key(),
        "ALIGNMENT_DATA": str(workspace.data),
        "ALIGNMENT_URL": os.environ.get("ALIGNMENT_URL") or f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PYTHONPATH": str(PROJECT),
        MARK: str(workspace.data),
    }
    files.remember(workspace.environment_file, {name: env[name] for name in VARIABLES})
    return env


def serve(
    workspace: Workspace, env: dict[str, str], supervisor: Supervisor, port: int
) -> None:
    """Start workers, then the web server, and wait until it says it is well."""
    workers = supervisor.run(
        services.worker(workspace, env, "fast", processes=2),
        services.worker(workspace, env, "long", processes=1),
        services.beat(workspace, env),
    )
    [web] = supervisor.run(services.web(workspace, env, port))
    question = services.management(workspace, env, "workers_alive", log="pulse")
    due = time.monotonic() + FIRST_PULSE
    supervisor.watchers.append(Pulse(question, workers, due))
    wait_for_web(web, supervisor.signals, port, env["ALIGNMENT_URL"])


def wait_for_web(web: Kept, signals: Signals, port: int, url: str) -> None:
    limit = time.monotonic() + READY_SECONDS
    while not health.is_well(port, url):
        if signals.pause(LOOK_SECONDS):
            web.child.kill()  # it is deaf while starting, and nobody waits
            raise Stopped
        if web.child.ended() is not None or time.monotonic() > limit:
            raise EngineError(did_not_start(web.program))


def check(supervisor: Supervisor) -> None:
    """Refuse to call ready what has ended already: a worker that cannot start."""
    for kept in supervisor.everything():
        if kept.child.ended() is not None:
            raise EngineError(did_not_start(kept.program))


def did_not_start(program: Program) -> str:
    words = files.tail(program.log).strip().splitlines() or ["it said nothing"]
    return f"{program.name} did not start: {words[-1]} (see {program.log})"


def tell(
    workspace: Workspace, env: dict[str, str], supervisor: Supervisor, begin: float
) -> None:
    """Write access.json and say the same."""
    program = services.management(workspace, env, "access", "--json")
    try:
        answer = access.ask(program, workspace)
    except json.JSONDecodeError:
        raise EngineError("manage.py access did not answer in JSON.") from None
    check(supervisor)
    known = access.keep(workspace, env["ALIGNMENT_URL"], answer)
    seconds = time.monotonic() - begin
    say(
        *access.lines(known),
        "",
        f"Ready in {seconds:.0f} s. Also in {workspace.access}. Stop with Ctrl-C.",
    )
