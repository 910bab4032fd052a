"""Programs an earlier supervisor of the same directory left when it was killed.

The kernel asks them to end already (`leash`); here a new start waits for that and makes
sure. They are found by what the kernel knows of them, never by a remembered number that
may be somebody else's by now.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from alignment.engines.processes import MARK

PROC = Path("/proc")
PATIENCE = 5.0
STEP_SECONDS = 0.05
ENGINES = ("postgres", "redis-server")


def clear(data: Path, cluster: Path | None) -> None:
    """End all that belongs to the directory, and clean up after a dead server."""
    end(lambda: found(data, cluster))
    if cluster is not None:
        free(cluster)


def clear_server(cluster: Path) -> None:
    """End what a dead server left of itself, and nothing else."""
    end(lambda: [pid for pid in _all() if _serves(PROC / str(pid), {str(cluster)})])
    free(cluster)


def free(cluster: Path) -> None:
    """Remove the number a dead server left: it may be another program's by now."""
    if PROC.is_dir():  # elsewhere we could not be sure, and PostgreSQL decides itself
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def end(find: Callable[[], list[int]]) -> None:
    """Wait for them, ask them, ask them again, kill them.

    One that is on its way out cannot be found by its folder any more, and still holds
    memory that a new server would ask for: those seen are awaited to their very end.
    """
    seen: set[int] = set()

    def over() -> bool:
        seen.update(find())
        return all(_is_gone(pid) for pid in seen)

    for sign in (None, signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL):
        if sign is not None:
            _send(find(), sign)
        if _wait(over):
            return


def found(data: Path, cluster: Path | None) -> list[int]:
    """Numbers of the processes of this directory, save the present one's."""
    folders = {str(data / "redis"), str(cluster)}
    mark, own = f"{MARK}={data}".encode(), os.getpid()
    steps = [(pid, PROC / str(pid)) for pid in _all() if pid != own]
    return [pid for pid, at in steps if _is_marked(at, mark) or _serves(at, folders)]


def _all() -> list[int]:
    return [int(path.name) for path in PROC.glob("[0-9]*")]


def _is_marked(process: Path, mark: bytes) -> bool:
    try:
        words = (process / "environ").read_bytes().split(b"\0")
        return mark in words and not _is_dead(process)
    except OSError:  # ended meanwhile, or not ours to look at
        return False


def _serves(process: Path, folders: set[str]) -> bool:
    """Whether it is an engine on one of the folders: engines overwrite their mark."""
    try:
        name = (process / "comm").read_text(encoding="utf-8").strip()
        at = str((process / "cwd").readlink())
        return name in ENGINES and at in folders and not _is_dead(process)
    except OSError:
        return False


def _is_gone(pid: int) -> bool:
    try:
        return _is_dead(PROC / str(pid))
    except OSError:
        return True


def _is_dead(process: Path) -> bool:
    words = (process / "stat").read_text(encoding="utf-8", errors="replace")
    return words.rpartition(")")[2].split()[0] in ("Z", "X")


def _send(pids: list[int], sign: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)


def _wait(done: Callable[[], bool]) -> bool:
    limit = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > limit:
            return False
        time.sleep(STEP_SECONDS)
    return True
