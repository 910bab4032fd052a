"""PostgreSQL 18 from its wheel: set up once, then one server per data directory.

The role `alignment` owns the database and is no superuser; the superuser has no
password and pg_hba lets in passwords only, so it serves for rescue alone, in
single-user mode.
"""

import signal
from dataclasses import dataclass
from pathlib import Path

from alignment.engines import cluster, files, machine, shelter, strays, users
from alignment.engines.cluster import ROLE
from alignment.engines.errors import EngineError
from alignment.engines.ports import LOOPBACK
from alignment.engines.processes import MARK, PLAIN, Program

STATUS_LINE = 7  # of postmaster.pid, counted from 0
ROOM_FOR_FIRST_START = 256 * machine.MEBIBYTE
ROOM_FOR_START = 64 * machine.MEBIBYTE


@dataclass
class Postgres:
    """The server of one data directory.

    Without ``durable`` it is fast and lost on a crash. Without ``tidy`` nothing is
    vacuumed or analysed behind anybody's back: what tests take back leaves tables that
    would be counted as empty while the next test fills them, and badly planned for.
    """

    data: Path
    durable: bool = True
    tidy: bool = True
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
        if (place := self.known_cluster()) is not None:
            strays.clear_server(place)

    def prepare(self) -> None:
        """Set the cluster up, once, or make sure that it is where it was."""
        known = files.read_json(self.state)
        home = Path(known["cluster"]).parent if known else self._home()
        check_room(home, ROOM_FOR_START if known else ROOM_FOR_FIRST_START)
        if not known:
            known = cluster.create(home, durable=self.durable)
            files.remember(self.state, known)
        cluster.settle(known)
        if not (self.cluster / "PG_VERSION").exists():
            message = (
                f"The database of {self.data} was in {self.cluster} and is not there."
            )
            raise EngineError(message)

    def _home(self) -> Path:
        """Where a new cluster goes. One that nobody remembers is never overwritten."""
        if users.is_root() and not users.can_enter(self.data):
            return shelter.cluster(self.data)
        if (self.data / "postgres").exists():
            message = f"{self.data / 'postgres'} holds a database, but {self.state} is"
            raise EngineError(f"{message} missing: put that back or move the folder.")
        return self.data

    def program(self) -> Program:
        owner = self.cluster.stat()
        port = files.read_json(self.state)["port"]
        own = {"port": port, "hba_file": str(cluster.admit(self.cluster))}
        wanted = tuning(self.data) | own | ({} if self.durable else HASTY)
        wanted |= {} if self.tidy else SMALL
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
    "autovacuum_naptime": "10s",
}
SMALL = {"shared_buffers": "256MB", "autovacuum": "off"}
"""For engines that only tests use, several at once."""


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


def check_room(folder: Path, needed: int) -> None:
    """Say that the disk is full before anything is written to it."""
    if machine.free_disk(folder) < needed:
        raise EngineError(files.full(folder))


def server() -> list[str]:
    return [str(shelter.binaries(as_root=users.is_root()) / "bin" / "postgres")]
