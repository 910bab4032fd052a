import hashlib
from pathlib import Path

from integrations.domain.problems import NotATable


def digest_of(path: Path) -> str:
    """Return a file's SHA-256 as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_same(path: Path, digest: str, *, name: str) -> None:
    """Make sure that a file is the one that was uploaded under ``name``.

    Raises:
        NotATable: its digest is another one.
    """
    if digest_of(path) != digest:
        raise NotATable("not_the_same", file=name)
