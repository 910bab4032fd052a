"""One data directory: what lies in it, and the environment its programs run in."""

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from alignment.engines import files, users

PROJECT = Path(__file__).resolve().parents[2]
SETTINGS = "alignment.settings"
VARIABLES = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALIGNMENT_URL")


@dataclass(frozen=True)
class Workspace:
    data: Path

    @classmethod
    def from_environment(cls) -> "Workspace":
        """The directory ALIGNMENT_DATA names, else `.data` in the project."""
        named = os.environ.get("ALIGNMENT_DATA")
        return cls(Path(named).absolute() if named else PROJECT / ".data")

    @property
    def access(self) -> Path:
        return self.data / "access.json"

    @property
    def environment_file(self) -> Path:
        return self.data / "environment.json"

    @property
    def filled(self) -> Path:
        """There once the example company has been written."""
        return self.data / "example-company"

    def log(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"

    def open(self) -> None:
        """Make the directory: closed to others, but passable for root's PostgreSQL."""
        if not self.data.exists():
            files.private_folder(self.data.parent)
            self.data.mkdir(mode=0o700)
            self.data.chmod(0o711 if users.is_root() else 0o700)
        files.private_folder(self.data / "logs")

    def secret_key(self) -> str:
        """The key of this directory, made once, unless the environment names one."""
        named = os.environ.get("SECRET_KEY")
        if named:
            return named
        place = self.data / "secret.json"
        known = files.read_json(place)
        if not known:
            known = {"secret_key": secrets.token_urlsafe(50)}
            files.remember(place, known)
        return known["secret_key"]


def adopt() -> None:
    """Let a command run by hand use the engines `make run` started for this directory.

    What the environment names already is left alone, and so is a run with settings
    other than the product's own (tests). Without either, one sentence.
    """
    if os.environ.get("DJANGO_SETTINGS_MODULE") != SETTINGS:
        return
    missing = [name for name in VARIABLES if not os.environ.get(name)]
    if not missing:
        return
    known = files.read_json(Workspace.from_environment().environment_file)
    for name in missing:
        if name not in known:
            sys.exit(f"{name} is not set: start Alignment with `make run`, or set it.")
        os.environ[name] = known[name]
