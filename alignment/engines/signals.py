"""Ctrl-C and friends as something to wait for, not as an exception out of nowhere."""

import select
import signal
import socket
from types import FrameType, TracebackType
from typing import Self

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked for an end."""


class Signals:
    """While entered, signals that ask for an end are counted and wake `pause`.

    A hang-up that was ignored from the start (`nohup`) stays ignored. An interrupt does
    not, although shells ignore it for what a script starts in the background: somebody
    who sends one there means it.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._ear, self._mouth = socket.socketpair()
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for end in (self._ear, self._mouth):
            end.setblocking(False)  # noqa: FBT003 - its only form
        signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for sign in ENDING:
            ignored = signal.getsignal(sign) == signal.SIG_IGN
            if not (ignored and sign == signal.SIGHUP):
                self._before[sign] = signal.signal(sign, self._count)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.set_wakeup_fd(-1)
        for sign, handler in self._before.items():
            signal.signal(sign, handler)  # type: ignore[arg-type]
        self._ear.close()
        self._mouth.close()

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    def pause(self, seconds: float) -> int:
        """Wait SECONDS, or less if asked to end meanwhile; how often asked so far."""
        ready, _, _ = select.select([self._ear], [], [], seconds)
        if ready:
            self._ear.recv(64)
        return self.asked
