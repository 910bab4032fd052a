from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alignment.engines import temporary
from alignment.engines.processes import Child
from tests.engines.programs import shell


@pytest.fixture
def data() -> Iterator[Path]:
    """A data directory that root's PostgreSQL may pass through, like a real one."""
    with temporary.folder() as data:
        yield data


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
