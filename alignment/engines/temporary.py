"""Throw-away engines for tests and measurements: fast, alone, gone at the end."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alignment.engines import engine, machine, shelter, users
from alignment.engines.postgres import Postgres
from alignment.engines.redis import Redis

PREFIX = "alignment-temporary-"
MUCH_MEMORY = 4 * machine.GIBIBYTE


@dataclass(frozen=True)
class Addresses:
    data: Path
    database_url: str
    redis_url: str


@contextlib.contextmanager
def temporary(
    *, postgres: bool = True, redis: bool = True, on_disk: bool = False
) -> Iterator[Addresses]:
    """Start the engines asked for in a folder of their own and yield their addresses.

    An engine not asked for has the empty address. They end and their folder goes with
    the block; after a SIGKILL they end by themselves, and the next call here removes
    the folder. It is in memory where there is plenty, unless measurements want a disk.
    """
    with folder(on_disk=on_disk) as data, contextlib.ExitStack() as stack:
        wanted: list[engine.Engine] = []
        if postgres:
            wanted.append(Postgres(data, durable=False, tidy=on_disk))
        if redis:
            wanted.append(Redis(data, durable=False))
        for each in wanted:
            stack.callback(engine.start(each).stop)
        urls = {each.title: each.url() for each in wanted}
        yield Addresses(data, urls.get("PostgreSQL", ""), urls.get("Redis", ""))


@contextlib.contextmanager
def folder(*, on_disk: bool = False) -> Iterator[Path]:
    """A throw-away folder that PostgreSQL can reach, whoever starts it."""
    home = _home(on_disk=on_disk)
    _sweep(home)
    data, lock = _locked(home)
    try:
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)
        os.close(lock)


def _locked(home: Path) -> tuple[Path, int]:
    """A new folder and its lock, held before the folder bears a name that is swept."""
    draft = Path(tempfile.mkdtemp(prefix=".alignment-", dir=home))
    lock = os.open(draft, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    if users.is_root():
        draft.chmod(0o711)  # PostgreSQL passes through as another user
    return draft.rename(home / f"{PREFIX}{draft.name[-8:]}"), lock


def _home(*, on_disk: bool) -> Path:
    if not on_disk and machine.shared_memory() >= MUCH_MEMORY:
        return machine.SHARED_MEMORY
    home = Path(tempfile.gettempdir()).resolve()
    return shelter.place() if users.is_root() and not users.can_enter(home) else home


def _sweep(home: Path) -> None:
    """Remove folders whose owner was killed: their lock is free."""
    for folder in home.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
