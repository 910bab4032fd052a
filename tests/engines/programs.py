"""Real programs for tests to start, watch and kill."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from alignment.engines import engine, users
from alignment.engines.processes import PLAIN, Child, Program
from alignment.engines.workspace import PROJECT

needs_root = pytest.mark.skipif(not users.is_root(), reason="only root may do this")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux's kernel does it")


def shell(line: str, log: Path, **options: Any) -> Program:
    name = options.pop("name", "sample")
    env = {**PLAIN, "PATH": os.environ["PATH"], **options.pop("env", {})}
    command = ["/bin/sh", "-c", line]
    return Program(name=name, command=command, log=log, env=env, **options)


def words_of(process: subprocess.Popen[str]) -> str:
    """The next line a process of ours writes."""
    assert process.stdout is not None
    return process.stdout.readline()


class Restartable:
    """An engine that a test starts and ends as often as it likes."""

    @cached_property
    def children(self) -> list[Child]:
        return []

    def start(self: Any) -> Child:
        self.children.append(engine.start(self))
        child: Child = self.children[-1]
        return child

    def end(self) -> None:
        while self.children:
            self.children.pop().stop()


def python(code: str, **environment: str) -> subprocess.Popen[str]:
    """Run code of ours in a Python of its own, as another start would."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def eventually(what: Callable[[], object], seconds: float = 10) -> None:
    """Wait until WHAT holds; fail if it does not within SECONDS."""
    limit = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < limit, f"not within {seconds} s"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be collected does not."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return words.rpartition(")")[2].split()[0] not in ("Z", "X")
