import os
import subprocess
import sys
from pathlib import Path

import pytest

from alignment.engines import files, users, workspace
from alignment.engines.workspace import PROJECT, VARIABLES, Workspace

VALUES = {
    "DATABASE_URL": "postgresql://a@127.0.0.1:1/a",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "known",
    "ALIGNMENT_URL": "http://127.0.0.1:8000",
}


def test_the_directory_is_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("ALIGNMENT_DATA", str(tmp_path))
    assert Workspace.from_environment().data == tmp_path
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALIGNMENT_DATA", "here")
    assert Workspace.from_environment().data == tmp_path / "here"
    monkeypatch.delenv("ALIGNMENT_DATA")
    assert Workspace.from_environment().data == PROJECT / ".data"


def test_a_new_directory_is_closed_and_an_old_one_keeps_its_mode(tmp_path):
    new = Workspace(tmp_path / "deep" / "new")
    new.open()
    passable = 0o711 if users.is_root() else 0o700
    assert new.data.stat().st_mode & 0o777 == passable
    assert (new.data / "logs").stat().st_mode & 0o777 == 0o700
    new.data.chmod(0o750)
    new.open()
    assert new.data.stat().st_mode & 0o777 == 0o750


def test_the_secret_key_is_made_once_and_the_environment_comes_first(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("SECRET_KEY")
    made = Workspace(tmp_path).secret_key()
    assert len(made) >= 50
    assert Workspace(tmp_path).secret_key() == made
    assert (tmp_path / "secret.json").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("SECRET_KEY", "named")
    assert Workspace(tmp_path).secret_key() == "named"


@pytest.fixture
def by_hand(monkeypatch, tmp_path):
    """The environment of somebody who types `python manage.py …` in a shell."""
    monkeypatch.setenv("ALIGNMENT_DATA", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "alignment.settings")
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return Workspace(tmp_path)


def test_a_command_by_hand_uses_the_engines_that_run(by_hand, monkeypatch):
    files.remember(by_hand.environment_file, VALUES)
    monkeypatch.setenv("DATABASE_URL", "postgresql://named/elsewhere")
    workspace.adopt()
    known = {name: os.environ[name] for name in VARIABLES}
    assert known == VALUES | {"DATABASE_URL": "postgresql://named/elsewhere"}


def test_without_running_engines_there_is_one_sentence(by_hand):
    with pytest.raises(SystemExit) as end:
        workspace.adopt()
    assert end.value.code == (
        "DATABASE_URL is not set: start Alignment with `make run`, or set it."
    )


def test_other_settings_look_after_themselves(by_hand, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    workspace.adopt()
    assert "DATABASE_URL" not in os.environ


def test_manage_py_says_so_without_a_trace(by_hand):
    done = subprocess.run(
        [sys.executable, PROJECT / "manage.py", "check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "DATABASE_URL is not set: start Alignment with `make run`, or set it.\n"
    )
    assert Path(PROJECT / "manage.py").exists()
