"""PostgreSQL 18 from its wheel: set up once, then one server per data directory.

The role `alignment` owns the database and is no superuser; the superuser has no
password and pg_hba lets in passwords only, so it serves for rescue alone, in
single-user mode.
Text is compared by code point with Unicode upper and lower case (locale C.UTF-8 of the
server's own provider), so no update of the system's libraries can corrupt an index.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from alignment.engines import files, machine, shelter, strays, users
from alignment.engines.engine import new_password
from alignment.engines.errors import EngineError
from alignment.engines.ports import LOOPBACK
from alignment.engines.processes import MARK, PLAIN, Program

ROLE = "alignment"
ACCESS = f"host all all {LOOPBACK}/32 scram-sha-256\n"
STATUS_LINE = 7  # of postmaster.pid, counted from 0
INITDB = (
    "--username=postgres",
    "--auth=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
)
ROOM_FOR_FIRST_START = 256 * machine.MEBIBYTE
ROOM_FOR_START = 64 * machine.MEBIBYTE


@dataclass
class Postgres:
    """The server of one data directory; without `durable`, fast and lost on a crash."""

    data: Path
    durable: bool = True
    title = "PostgreSQL"

    @property
    def state(self) -> Path:
        return self.data / "postgres.json"

    @property
    def log(self) -> Path:
        return self.data / "logs" / "postgres.log"

    @property
    def cluster(self) -> Path:
        """The folder of the server's files, as remembered at its creation."""
        return Path(files.read_json(self.state)["cluster"])

    def known_cluster(self) -> Path | None:
        """The same, or nothing before the first start."""
        place = files.read_json(self.state).get("cluster")
        return Path(place) if place else None

    def clear(self) -> None:
        """Make way for a new start after the server ended without being asked."""
        strays.clear_server(self.cluster)

    def prepare(self) -> None:
        known = files.read_json(self.state)
        self._check_room(ROOM_FOR_START if known else ROOM_FOR_FIRST_START)
        if not known:
            self._create()
        elif not (self.cluster / "PG_VERSION").exists():
            message = (
                f"The database of {self.data} was in {self.cluster} and is not there."
            )
            raise EngineError(message)

    def _check_room(self, needed: int) -> None:
        if machine.free_disk(self.data) < needed:
            raise EngineError(files.full(self.data))

    def _create(self) -> None:
        """Make it beside its place, then rename: half a cluster never counts."""
        home = self._home()
        password = new_password()
        shutil.rmtree(home / "postgres", ignore_errors=True)  # left by a broken start
        draft = Path(tempfile.mkdtemp(prefix="new-", dir=home))
        try:
            make_cluster(draft, password)
            draft.rename(home / "postgres")
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        values = {"cluster": str(home / "postgres"), "password": password}
        files.remember(self.state, values)

    def _home(self) -> Path:
        if users.is_root() and not users.can_enter(self.data):
            return shelter.cluster(self.data)
        return self.data

    def program(self) -> Program:
        owner = self.cluster.stat()
        port = files.read_json(self.state)["port"]
        wanted = tuning(self.data) | {"port": port} | ({} if self.durable else HASTY)
        settings = [f"--{name}={value}" for name, value in wanted.items()]
        return Program(
            name="postgres",
            command=[*server(), "-D", str(self.cluster), *settings],
            log=self.log,
            env=PLAIN | {MARK: str(self.data)},
            stop=signal.SIGINT,  # fast: ends sessions, writes a checkpoint
            grace=60.0,
            uid=owner.st_uid if users.is_root() else -1,
            gid=owner.st_gid if users.is_root() else -1,
        )

    def is_ready(self) -> bool:
        try:
            lines = (self.cluster / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"

    def url(self) -> str:
        known = files.read_json(self.state)
        return (
            f"postgresql://{ROLE}:{known['password']}@{LOOPBACK}:{known['port']}/{ROLE}"
        )


HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "autovacuum_naptime": "10s",
}


def tuning(data: Path) -> dict[str, str]:
    """Settings for bulk loads beside short transactions, as this machine allows."""
    large = machine.memory() >= 4 * machine.GIBIBYTE
    roomy = machine.free_disk(data) >= 20 * machine.GIBIBYTE
    return {
        "listen_addresses": LOOPBACK,
        "unix_socket_directories": "",
        "shared_buffers": "1GB" if large else "128MB",
        "effective_cache_size": f"{machine.memory() // 2 // machine.MEBIBYTE}MB",
        "maintenance_work_mem": "256MB" if large else "64MB",
        "work_mem": "16MB" if large else "4MB",
        "max_wal_size": "4GB" if roomy else "512MB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "jit": "off",
        "random_page_cost": "1.1",
        "dynamic_shared_memory_type": _shared_memory(),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
    }


def _shared_memory() -> str:
    roomy = machine.shared_memory() >= machine.GIBIBYTE // 4
    return "posix" if roomy else "mmap"


def server() -> list[str]:
    return [str(shelter.binaries(as_root=users.is_root()) / "bin" / "postgres")]


def make_cluster(folder: Path, password: str) -> None:
    """Set up an empty cluster with the role and the database `alignment`.

    As root the tools run as `nobody`, since they look up their user's name; afterwards
    the files go to a user without an account, under which the server runs.
    """
    if not users.is_root():
        _set_up(folder, password, None)
        return
    worker = users.least()
    os.chown(folder, worker.pw_uid, worker.pw_gid)
    _set_up(folder, password, worker.pw_uid)
    owner = users.unused()
    users.give(folder, owner, owner)


def _set_up(folder: Path, password: str, uid: int | None) -> None:
    tools = shelter.binaries(as_root=uid is not None) / "bin"
    _run([str(tools / "initdb"), "-D", str(folder), *INITDB], uid)
    single = [str(tools / "postgres"), "--single", "-F", "-D", str(folder), "postgres"]
    _run(single, uid, "\n".join(first_words(password)) + "\n")
    hba = folder / "pg_hba.conf"
    hba.write_text(ACCESS, encoding="utf-8")


def first_words(password: str) -> list[str]:
    """SQL of the first start: one command a line, as single-user mode reads it."""
    return [
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
        f"GRANT pg_monitor, pg_checkpoint, pg_signal_backend TO {ROLE}",
        f"CREATE DATABASE {ROLE} OWNER {ROLE}",
    ]


def _run(command: list[str], uid: int | None, words: str = "") -> None:
    done = subprocess.run(
        command,
        input=words,
        capture_output=True,
        text=True,
        check=False,
        env=PLAIN,
        cwd="/",
        user=uid,
        extra_groups=None if uid is None else [],
        umask=0o077,
    )
    said = done.stderr + done.stdout
    if "No space left on device" in said:
        raise EngineError(files.full(Path(command[2])))
    if done.returncode or "ERROR:" in said or "FATAL:" in said:
        last = (done.stderr.strip() or said.strip()).splitlines()[-1]
        raise EngineError(f"PostgreSQL could not be set up: {last}")
