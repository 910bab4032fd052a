"""Become another program that ends when its starter ends, however that happens.

Run as a script: ``leash.py STARTER SIGNAL UID GID PROGRAM [ARGUMENT…]``. Linux sends
SIGNAL when the process STARTER dies, even by SIGKILL. The request is made after the
change of user, which would clear it. UID -1 keeps the user.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def become(uid: int, gid: int) -> None:
    """Drop root's rights for good: groups first, the user last."""
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def follow(starter: int, last_words: int) -> None:
    """Ask for LAST_WORDS when STARTER dies, and leave at once if it is dead already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, last_words)
    if os.getppid() != starter:
        raise SystemExit(1)


def main(starter: int, last_words: int, uid: int, gid: int, command: list[str]) -> None:
    """Lead a session of its own: a terminal's Ctrl-C reaches the starter only."""
    os.setsid()
    os.umask(0o077)
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    become(uid, gid)
    follow(starter, last_words)
    os.execv(command[0], command)  # noqa: S606 - no shell, the path is absolute


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:5]]
    main(numbers[0], numbers[1], numbers[2], numbers[3], sys.argv[5:])
