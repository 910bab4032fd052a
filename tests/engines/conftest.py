import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alignment.engines.processes import Child
from tests.engines.programs import shell


@pytest.fixture
def data() -> Iterator[Path]:
    """A data directory that root's PostgreSQL may pass through, like a real one."""
    folder = Path(tempfile.mkdtemp(prefix="alignment-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    """Start a shell line as a child; whatever is left of it ends with the test."""
    children: list[Child] = []

    def start(line: str, **options: object) -> Child:
        child = Child(shell(line, tmp_path / "log", **options))
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
