"""Whose rights PostgreSQL runs with: it refuses root's.

Root's servers run under a number that belongs to no account, so nobody can sign in as
it and no other service shares it. No account is added, no folder above is opened.
"""

import os
import pwd
from pathlib import Path

from alignment.engines.errors import EngineError

FIRST, LAST = 64_437, 64_400  # Debian reserves 60000-64999; nothing uses these
EXECUTE = 0o001
READ = 0o004


def is_root() -> bool:
    return os.geteuid() == 0


def unused() -> int:
    """A user number without an account."""
    taken = {account.pw_uid for account in pwd.getpwall()}
    for number in range(FIRST, LAST, -1):
        if number not in taken and not _exists(number):
            return number
    raise EngineError("PostgreSQL cannot run as root and every spare user is taken.")


def _exists(number: int) -> bool:
    try:
        pwd.getpwuid(number)
    except KeyError:
        return False
    return True


def least() -> pwd.struct_passwd:
    """An account without rights: `initdb` insists that its user has a name."""
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        message = "PostgreSQL cannot be set up as root here: no account named nobody."
        raise EngineError(message) from None


def can_enter(folder: Path) -> bool:
    """Whether every user may pass through the folder and all above it."""
    return all(step.stat().st_mode & EXECUTE for step in (folder, *folder.parents))


def can_read(folder: Path) -> bool:
    """Whether every user may reach and read the folder and what is in it."""
    return can_enter(folder) and all(
        path.stat().st_mode & READ for path in (folder, *folder.iterdir())
    )


def give(folder: Path, uid: int, gid: int) -> None:
    """Hand a whole folder to another user; links are changed, never followed."""
    os.chown(folder, uid, gid, follow_symlinks=False)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, uid, gid, follow_symlinks=False)
