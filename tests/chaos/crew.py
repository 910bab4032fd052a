"""Real workers and a real beat on the test's database, to be killed and replaced."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).parents[2]


def database_url() -> str:
    """Return the address of the test's own database."""
    s = connection.settings_dict
    return (
        f"postgresql://{s['USER']}:{s['PASSWORD']}@{s['HOST']}:{s['PORT']}/{s['NAME']}"
    )


class Crew:
    """Two workers and a beat; whoever dies is replaced when `mend` is called."""

    def __init__(
        self, folder: Path, redis_url: str, app: str = "tests.chaos.app"
    ) -> None:
        self.env = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url,
            "ALIGNMENT_DATA": str(folder),
            "PYTEST_XDIST_WORKER": "",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        self.folder, self.app = folder, app
        self.alive: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Crew":
        self.mend()
        return self

    def __exit__(self, failure: object, *_: object) -> None:
        for process in self.alive.values():
            self._end(process)
        if failure:
            for log in sorted(self.folder.glob("*.log")):
                sys.stderr.write(f"{log.name}: {log.read_text()[-3_000:]}\n")

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        for pid in [*children(process.pid), process.pid]:
            kill(pid)
        process.wait()

    def mend(self) -> int:
        """Start whoever is not there; return how many were started."""
        started = 0
        for name, arguments in {
            "one": ["worker", "-Q", "fast,long", "-c", "2", "-n", "one@chaos"],
            "two": ["worker", "-Q", "fast,long", "-c", "2", "-n", "two@chaos"],
            "beat": ["beat", "--pidfile="],
        }.items():
            if name not in self.alive or self.alive[name].poll() is not None:
                self.alive[name] = self._start(name, arguments)
                started += 1
        return started

    def _start(self, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", self.app, *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [*command, "--loglevel=WARNING"],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
            )

    def kill_worker(self) -> None:
        """SIGKILL a whole worker with its children."""
        self._end(self.alive[random.choice(["one", "two"])])

    def kill_child(self) -> None:
        """SIGKILL one child of a worker's pool."""
        pids = [p for n in ("one", "two") for p in children(self.alive[n].pid)]
        if pids:
            kill(random.choice(pids))

    def kill_beat(self) -> None:
        self._end(self.alive["beat"])


def children(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=False
    )
    return [int(word) for word in found.stdout.split()]


def kill(pid: int) -> None:
    """SIGKILL a process we started, if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
