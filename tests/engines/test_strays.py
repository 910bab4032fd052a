import os
import signal
import sys

import pytest

from alignment.engines import strays
from alignment.engines.processes import MARK
from tests.engines.programs import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(strays, "PATIENCE", 0.2)


def running(start, tmp_path, line, data):
    child = start(f"echo on > {tmp_path}/on; {line}", env={MARK: str(data)})
    eventually((tmp_path / "on").exists)
    (tmp_path / "on").unlink()
    return child


def test_only_programs_of_the_same_directory_are_ended(start, tmp_path):
    ours = running(start, tmp_path, "exec sleep 99", tmp_path)
    theirs = running(start, tmp_path, "exec sleep 99", f"{tmp_path}-2")
    strays.clear(tmp_path, None)
    assert ours.ended() == -signal.SIGTERM
    assert theirs.ended() is None


def test_those_that_do_not_listen_are_killed(start, tmp_path):
    stubborn = running(start, tmp_path, "trap '' TERM QUIT; sleep 99", tmp_path)
    strays.clear(tmp_path, None)
    eventually(lambda: stubborn.ended() is not None)
    assert stubborn.ended() == -signal.SIGKILL


def test_the_present_process_is_none_of_them(tmp_path, monkeypatch):
    monkeypatch.setenv(MARK, str(tmp_path))
    assert strays.found(tmp_path, None) == []


def test_a_dead_servers_number_is_removed(tmp_path):
    """Another program may bear the number by now, and PostgreSQL would not start."""
    (tmp_path / "postmaster.pid").write_text(f"{os.getppid()}\n")
    strays.clear_server(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()


def test_a_shell_that_looks_around_in_the_folder_is_left_alone(start, tmp_path):
    (tmp_path / "redis").mkdir()
    child = start(f"cd {tmp_path}/redis; echo on > {tmp_path}/on; exec sleep 99")
    eventually((tmp_path / "on").exists)
    assert strays.found(tmp_path, tmp_path / "redis") == []
    assert child.ended() is None
