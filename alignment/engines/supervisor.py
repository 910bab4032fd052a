"""Keeps programs running until somebody asks for an end, then ends them in order."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from alignment.engines import files
from alignment.engines.processes import Child, Program
from alignment.engines.signals import Signals

LOOK_SECONDS = 0.5
STEP_SECONDS = 0.05
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
SETTLED = 60.0  # who ran that long starts again without delay
LOG_LIMIT = 20_000_000
TRIM_EVERY = 60.0


def say(*lines: str) -> None:
    """Tell the person; that nobody listens any more is no reason to stop."""
    with contextlib.suppress(OSError):
        print(*lines, sep="\n", flush=True)


def nothing() -> None:
    """Prepare a start that needs no preparation."""


@dataclass
class Kept:
    """A program that is started again when it ends, each time after a longer pause."""

    program: Program
    child: Child
    before: Callable[[], None] = nothing
    engine: bool = False
    pause: float = 0.0
    due: float = 0.0

    def look(self, now: float) -> None:
        """Start it again if it has ended and its pause is over."""
        code = self.child.ended()
        if code is None:
            return
        if not self.due:
            self._plan(now, code)
        elif now >= self.due:
            self.due = 0.0
            self.before()
            self.child = Child(self.program)

    def _plan(self, now: float, code: int) -> None:
        self.child.kill()  # what it left of its group
        lived = now - self.child.started
        self.pause = (
            min(self.pause * 2, LONGEST_PAUSE)
            if self.pause and lived < SETTLED
            else FIRST_PAUSE
        )
        self.due = now + self.pause
        end = f"ended with {code}" if code >= 0 else f"was ended by signal {-code}"
        again = f"starting it again in {self.pause:.0f} s"
        say(f"{self.program.name} {end}; {again} (see {self.program.log}).")


class Watcher(Protocol):
    def look(self, now: float) -> None:
        """See after it, without waiting. NOW is time.monotonic()."""


class Asker(Watcher, Protocol):
    def stop(self) -> None:
        """Leave nothing running."""


@dataclass
class Supervisor:
    """Groups of programs in the order of their start; they end in the reverse order."""

    signals: Signals
    groups: list[list[Kept]] = field(default_factory=list)
    watchers: list[Asker] = field(default_factory=list)

    def keep(self, *started: Kept) -> None:
        """Add programs that end together, before those added earlier."""
        self.groups.append(list(started))

    def run(self, *programs: Program) -> list[Kept]:
        """Start programs and keep them running."""
        group = [Kept(program, Child(program)) for program in programs]
        self.keep(*group)
        return group

    def everything(self) -> list[Kept]:
        return [kept for group in self.groups for kept in group]

    def watch(self) -> None:
        """Return when somebody asks for an end."""
        trimmed = time.monotonic()
        while not self.signals.pause(LOOK_SECONDS):
            now = time.monotonic()
            self._look(now)
            if now - trimmed > TRIM_EVERY:
                trimmed = now
                self._trim()

    def _look(self, now: float) -> None:
        looking: list[Watcher] = [*self.everything(), *self.watchers]
        for each in looking:
            with contextlib.suppress(OSError):  # a full disk: the next look
                each.look(now)

    def _trim(self) -> None:
        for kept in self.everything():
            with contextlib.suppress(OSError):
                files.trim(kept.program.log, LOG_LIMIT)

    def stop(self) -> None:
        """End every group within its grace time; a second Ctrl-C ends the waiting."""
        for watcher in self.watchers:
            watcher.stop()
        while self.groups:
            group = self.groups.pop()
            for kept in group:
                kept.child.ask_to_stop()
            self._wait(group)
            for kept in group:
                kept.child.kill()

    def _wait(self, group: list[Kept]) -> None:
        hurried = not any(kept.engine for kept in group)  # engines end in peace
        limit = time.monotonic() + max(kept.program.grace for kept in group)
        while any(kept.child.ended() is None for kept in group):
            asked = self.signals.pause(STEP_SECONDS)
            if time.monotonic() > limit or (hurried and asked > 1):
                return
