"""What this machine offers, as far as the engines' settings depend on it."""

import contextlib
import os
import shutil
from pathlib import Path

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE
CONTAINER_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - asked for its size only


def memory() -> int:
    """Bytes of memory, or fewer where a container is given less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in CONTAINER_LIMITS:
        with contextlib.suppress(OSError, ValueError):
            total = min(total, int(limit.read_text(encoding="ascii")))
    return total


def cores() -> int:
    """Cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_disk(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def shared_memory() -> int:
    """Bytes free for POSIX shared memory; containers often have 64 MiB only."""
    try:
        return shutil.disk_usage(SHARED_MEMORY).free
    except OSError:
        return 0
