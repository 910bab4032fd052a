"""The first minutes of a newcomer: what `make` needs and says."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from alignment.engines import temporary
from alignment.engines.workspace import PROJECT
from tools import environment

OLD = "import sys; sys.exit(sys.version_info < (3, 12))"
OLD_VENV = "import pip, sys; sys.exit(sys.version_info < (3, 12))"
INCOMPLETE = "import ensurepip, ssl, venv"


@dataclass
class Programs:
    """A folder of a PATH, called to put a program there."""

    folder: Path

    def __call__(self, name, line):
        (self.folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (self.folder / name).chmod(0o755)
        return str(self.folder / name)


@pytest.fixture
def path(tmp_path):
    """A PATH on which only what the test puts there is a Python."""
    folder = tmp_path / "path"
    folder.mkdir()
    for tool in ("sh", "make", "sed", "printf"):
        found = shutil.which(tool)
        if found:
            (folder / tool).symlink_to(found)

    return Programs(folder)


def find(path, *folders):
    return subprocess.run(
        [PROJECT / "tools/find-python"],
        env={"PATH": ":".join([str(path.folder), *map(str, folders)])},
        capture_output=True,
        text=True,
        check=False,
    )


OLD_PYTHON = f'test "$2" != "{OLD}"'
FINE = "exit 0"


def test_an_old_python_is_one_sentence(path):
    for name in ("python3", "python", "python3.12"):
        path(name, OLD_PYTHON)
    done = find(path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Alignment needs Python 3.12 or newer, and there is none on the PATH.\n"
    )


def test_no_python_is_the_same_sentence(path):
    done = find(path)
    assert done.returncode == 1
    assert done.stderr.startswith("Alignment needs Python 3.12 or newer")


def test_make_says_it_and_starts_nothing(path):
    done = subprocess.run(
        ["make", "--no-print-directory", "demo"],
        cwd=PROJECT,
        env={"PATH": str(path.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    first, last = done.stderr.splitlines()
    assert first == (
        "Alignment needs Python 3.12 or newer, and there is none on the PATH."
    )
    assert last.startswith("make: ***")
    assert done.stdout == ""


def test_a_newer_one_beside_an_old_default_is_found(path):
    path("python3", OLD_PYTHON)
    newer = path("python3.13", FINE)
    assert find(path).stdout == f"{newer}\n"


def test_a_shim_that_does_not_run_is_passed_over(path, tmp_path):
    path("python3.13", "echo 'not installed' >&2; exit 127")
    (tmp_path / "more").mkdir()
    real = tmp_path / "more" / "python3.13"
    real.write_text("#!/bin/sh\nexit 0\n")
    real.chmod(0o755)
    done = find(path, tmp_path / "more")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{real}\n", "")


def test_a_python_without_venv_gives_way_or_is_told(path):
    partial = path("python3.13", f'test "$2" != "{INCOMPLETE}"')
    done = find(path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{partial} is incomplete: install its venv package (python3-venv on Debian).\n"
    )
    whole = path("python3", FINE)
    assert find(path).stdout == f"{whole}\n"


def test_help_is_the_default_and_names_every_command():
    done = subprocess.run(
        ["make"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    listed = [line.split()[1] for line in done.stdout.splitlines() if "make " in line]
    assert listed[:-1] == [
        *("help", "demo", "run", "test", "screens", "chaos", "coverage", "check"),
        *("bench", "messages", "vendor", "requirements"),
    ]


def set_up(checkout, **environment):
    return subprocess.Popen(
        [sys.executable, checkout / "tools/environment.py", "base"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process):
    """Its exit code and what it said on both channels."""
    said, complained = process.communicate()
    return process.returncode, said, complained


@pytest.fixture(scope="module")
def first():
    """A fresh checkout, as far as setting up needs it, set up twice at once."""
    with temporary.folder() as folder:
        checkout = folder / "checkout"
        (checkout / "requirements").mkdir(parents=True)
        shutil.copytree(PROJECT / "tools", checkout / "tools")
        for kind in ("base", "dev"):
            (checkout / "requirements" / f"{kind}.txt").write_text("")
        both = [set_up(checkout) for _ in range(2)]
        yield checkout, [told(process) for process in both]


@pytest.fixture
def checkout(first):
    """The same for one test, its list of requirements empty again afterwards."""
    checkout, _ = first
    yield checkout
    (checkout / "requirements/base.txt").write_text("")


def test_two_at_once_in_one_checkout_make_one_environment(first):
    _, ends = first
    making = "Making the Python environment (.venv)…\n"
    installing = "Installing the pinned requirements…\n"
    assert sorted(ends) == [(0, "", ""), (0, making + installing, "")]


def test_it_is_kept_while_it_fits_and_brought_up_to_date(checkout):
    made = (checkout / ".venv/pyvenv.cfg").stat().st_mtime_ns
    assert told(set_up(checkout)) == (0, "", "")
    (checkout / "requirements/base.txt").write_text("# newer\n")
    installing = "Installing the pinned requirements…\n"
    assert told(set_up(checkout)) == (0, installing, "")
    assert (checkout / ".venv/pyvenv.cfg").stat().st_mtime_ns == made


def test_its_tools_find_the_project_from_anywhere(checkout):
    shown = [checkout / ".venv/bin/python", "-c", "import tools; print(tools.__file__)"]
    found = subprocess.run(shown, capture_output=True, text=True, check=True, cwd="/")
    assert Path(found.stdout.strip()) == checkout / "tools/__init__.py"


@pytest.fixture
def copied(checkout, data, monkeypatch):
    """A copy of the environment, taken for the one of this checkout."""
    copy = data / ".venv"
    shutil.copytree(checkout / ".venv", copy, symlinks=True)
    monkeypatch.setattr(environment, "VENV", copy)
    monkeypatch.setattr(environment, "PYTHON", copy / "bin/python")
    return copy


def test_one_that_was_moved_fits_no_more(copied, checkout, monkeypatch):
    """Its programs name the place where it was made."""
    assert not environment.fits()
    monkeypatch.setattr(environment, "VENV", checkout / ".venv")
    assert environment.fits()


def test_one_whose_python_is_gone_or_old_fits_no_more(copied, checkout, monkeypatch):
    monkeypatch.setattr(environment, "VENV", checkout / ".venv")
    python = copied / "bin/python"
    python.unlink()
    for line, fits in (("exit 0", True), (OLD_PYTHON, False)):
        python.write_text(f"#!/bin/sh\n{line}\n".replace(OLD, OLD_VENV))
        python.chmod(0o755)
        assert environment.fits() is fits
    python.unlink()
    python.symlink_to("/none/python")
    assert not environment.fits()


def test_without_an_index_there_is_one_sentence(checkout):
    pinned = f"nothing-of-this-name==1.0 --hash=sha256:{'0' * 64}\n"
    (checkout / "requirements/base.txt").write_text(pinned)
    before = (checkout / ".venv/alignment-base").read_text()
    away = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
        "PIP_RETRIES": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }
    log = checkout / ".cache/environment.log"
    code, _, complained = told(set_up(checkout, **away))
    assert (code, complained) == (
        1,
        f"The package index cannot be reached; try again online (see {log}).\n",
    )
    assert (checkout / ".venv/alignment-base").read_text() == before


def test_a_package_that_differs_from_its_hash_is_refused(checkout, tmp_path):
    wheel = tmp_path / "tampered-1.0-py3-none-any.whl"
    wheel.write_bytes(b"not what was pinned")
    pinned = f"tampered @ {wheel.as_uri()} --hash=sha256:{'0' * 64}\n"
    (checkout / "requirements/base.txt").write_text(pinned)
    code, _, complained = told(set_up(checkout))
    assert code == 1
    assert complained.startswith("The requirements could not be installed: ERROR: ")
    assert len(complained.splitlines()) == 1


def test_a_full_disk_is_one_sentence():
    said = "ERROR: Could not install: [Errno 28] No space left on device"
    assert environment.reason(said) == (
        f"The disk that holds {PROJECT} is full; free some space and try again."
    )
