"""One supervisor per data directory, however it was started."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from alignment.engines.errors import EngineError


@contextlib.contextmanager
def hold(data: Path) -> Iterator[None]:
    """Hold the directory; the kernel lets go of it when this process ends anyhow."""
    lock = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock, data)
        yield
    finally:
        os.close(lock)


def _take(lock: int, data: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 20, 0).decode().strip() or "?"
        message = f"Alignment already runs on {data} (process {holder})."
        raise EngineError(message) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
