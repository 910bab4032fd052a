"""Sets up the files of a PostgreSQL server: a cluster with our role and database.

Text is compared by code point with Unicode upper and lower case (locale C.UTF-8 of the
server's own provider), so no update of the system's libraries can corrupt an index.
"""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from alignment.engines import files, shelter, users
from alignment.engines.engine import new_password
from alignment.engines.errors import EngineError
from alignment.engines.ports import LOOPBACK
from alignment.engines.processes import PLAIN

ROLE = "alignment"
FIRST_WITH_OWN_LOCALE = 17  # before, the system's C library compares
SIGN_OF_ERROR = re.compile(r"(?:ERROR|FATAL|PANIC|error):\s+")
DRAFT = "new-postgres-"
ACCESS = f"host all all {LOOPBACK}/32 scram-sha-256\n"
INITDB = (
    "--username=postgres",
    "--auth=reject",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-instructions",
)


class Rights(TypedDict, total=False):
    """Arguments of subprocess.run that change whose rights a program has."""

    user: int
    group: int
    extra_groups: list[int]


def create(home: Path, *, durable: bool) -> dict[str, str]:
    """Make a cluster in HOME and return what has to be remembered of it.

    It is a draft until `settle`, so that a start broken off at any moment leaves either
    nothing remembered or a whole cluster.
    """
    for left in home.glob(f"{DRAFT}*"):
        shutil.rmtree(left)
    draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=home))
    password = new_password()
    try:
        make(draft, password, durable=durable)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    place = str(home / "postgres")
    return {"cluster": place, "draft": str(draft), "password": password}


def settle(known: dict[str, str]) -> None:
    """Give a remembered draft its name. Safe to repeat."""
    draft, place = Path(known["draft"]), Path(known["cluster"])
    if draft.exists() and not place.exists():
        draft.rename(place)


def make(folder: Path, password: str, *, durable: bool) -> None:
    """Set up an empty cluster with the role and the database `alignment`.

    As root the tools run as `nobody`, since they look up their user's name; afterwards
    the files go to a user without an account, under which the server runs.
    """
    if not users.is_root():
        Draft(folder, None).fill(password, durable=durable)
        return
    worker = users.least()
    os.chown(folder, worker.pw_uid, worker.pw_gid)
    Draft(folder, worker).fill(password, durable=durable)
    owner = users.unused()
    users.give(folder, owner, owner)


@dataclass(frozen=True)
class Draft:
    """A cluster being made with the rights of an account, or with our own."""

    folder: Path
    account: pwd.struct_passwd | None

    def fill(self, password: str, *, durable: bool) -> None:
        tools = shelter.binaries(as_root=self.account is not None) / "bin"
        options = [*INITDB] if durable else [*INITDB, "--no-sync"]
        if version(tools) >= FIRST_WITH_OWN_LOCALE:
            options.append("--locale-provider=builtin")
        place = ["-D", str(self.folder)]
        self._run([str(tools / "initdb"), *place, *options], "")
        words = "\n".join(first_words(password)) + "\n"
        self._run([str(tools / "postgres"), "--single", *place, "postgres"], words)

    def _run(self, command: list[str], words: str) -> None:
        done = subprocess.run(
            command,
            input=words,
            capture_output=True,
            text=True,
            check=False,
            env=PLAIN,
            cwd="/",
            umask=0o077,
            **self._rights(),
        )
        said = done.stderr + done.stdout
        if "No space left on device" in said:
            raise EngineError(files.full(self.folder.parent))
        wrong = [line for line in said.splitlines() if SIGN_OF_ERROR.search(line)]
        if done.returncode or wrong:
            why = SIGN_OF_ERROR.split((wrong or ["no reason given"])[0])[-1]
            raise EngineError(f"PostgreSQL could not be set up: {why}")

    def _rights(self) -> Rights:
        if self.account is None:
            return {}
        uid, gid = self.account.pw_uid, self.account.pw_gid
        return {"user": uid, "group": gid, "extra_groups": []}


def version(tools: Path) -> int:
    """The major version of the PostgreSQL whose programs are in TOOLS."""
    command = [str(tools / "postgres"), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].partition(".")[0])


def first_words(password: str) -> list[str]:
    """SQL of the first start: one command a line, as single-user mode reads it."""
    return [
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
        f"GRANT pg_monitor, pg_checkpoint, pg_signal_backend TO {ROLE}",
        f"CREATE DATABASE {ROLE} OWNER {ROLE}",
    ]


def admit(cluster: Path) -> Path:
    """Say who may come in: whoever knows the password, from this machine.

    The file lies beside the cluster, in a folder of ours: root never writes into a
    folder that belongs to somebody else.
    """
    rules = cluster.with_name("pg_hba.conf")
    files.write_private(rules, ACCESS)
    if users.is_root():
        owner = cluster.stat()
        os.chown(rules, owner.st_uid, owner.st_gid)
    return rules
