"""Private files: written whole or not at all, readable by their owner only."""

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from alignment.engines.errors import EngineError

FULL = (errno.ENOSPC, errno.EDQUOT)


def private_folder(path: Path) -> Path:
    """Make the folder for its owner alone; one that exists keeps its mode."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def open_log(path: Path) -> IO[bytes]:
    """Open for appending, so that a log can be shortened while it is written."""
    private_folder(path.parent)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def write_private(path: Path, text: str) -> None:
    """Replace the file at once: a reader sees the old text or the new, mode 0600."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_json(path: Path) -> dict[str, str]:
    """What was remembered there; nothing if the file is missing."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        message = f"{path} is damaged; put it back from a backup of the data directory."
        raise EngineError(message) from None
    return {str(key): str(value) for key, value in dict(found).items()}


def remember(path: Path, values: dict[str, str]) -> None:
    write_private(path, json.dumps(values, indent=1, sort_keys=True) + "\n")


def tail(path: Path, start: int = 0, limit: int = 4000) -> str:
    """The end of a log, at most LIMIT bytes, nothing before the offset START."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        file.seek(max(start, path.stat().st_size - limit))
        return file.read().decode(errors="replace")
    return ""


def trim(log: Path, limit: int) -> None:
    """Set a log longer than LIMIT aside as its only predecessor and empty it."""
    if log.exists() and log.stat().st_size > limit:
        shutil.copy(log, log.with_suffix(".old.log"))
        os.truncate(log, 0)


@contextlib.contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """Turn what the system says about files into one sentence with a way out."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise EngineError(full(folder)) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            message = f"{error.filename or folder} cannot be written: {error.strerror}."
            raise EngineError(message) from error
        raise


def full(folder: Path) -> str:
    return f"The disk that holds {folder} is full; free some space and start again."
