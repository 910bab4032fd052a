"""Children: started on a leash, stopped with a grace time, never left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from alignment.engines.files import open_log

LEASH = Path(__file__).with_name("leash.py")
MARK = "ALIGNMENT_SUPERVISED"
# What engines learn of our environment; some Pythons need the last to start at all.
PLAIN = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"} | {
    name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ
}


@dataclass(frozen=True)
class Program:
    """What to run: `log` takes its output, `stop` ends it within `grace` seconds.

    `uid` and `gid` change the user and need root; -1 keeps the present one.
    """

    name: str
    command: list[str]
    log: Path
    env: dict[str, str] = field(default_factory=PLAIN.copy)
    stop: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    uid: int = -1
    gid: int = -1
    folder: Path = Path("/")

    def leashed(self) -> list[str]:
        """The command as it begins: the leash, which becomes the program."""
        numbers = (os.getpid(), int(self.stop), self.uid, self.gid)
        return [
            sys.executable,
            "-I",
            "-S",
            str(LEASH),
            *(str(number) for number in numbers),
            *self.command,
        ]


class Child:
    """One running program and the process group it leads."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.started = time.monotonic()
        with open_log(program.log) as log:
            self._process = subprocess.Popen(
                program.leashed(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=program.env,
                cwd=program.folder,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ended(self) -> int | None:
        """The exit code (negative: the signal that ended it), or None while it runs."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        if self.ended() is None:
            self._process.send_signal(self.program.stop)

    def wait(self, seconds: float) -> bool:
        """Whether it ended within SECONDS."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Ask, wait the grace time, then kill whatever is left of its group."""
        self.ask_to_stop()
        self.wait(self.program.grace)
        self.kill()

    def kill(self) -> None:
        """End the whole group: a dead parent's pool processes would go on working."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
