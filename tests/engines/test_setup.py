import os
import signal
import sys
from dataclasses import replace

import pytest

from alignment.engines import files, services, setup
from alignment.engines.errors import EngineError
from alignment.engines.signals import Signals, Stopped
from alignment.engines.workspace import PROJECT, Workspace
from tests.engines.programs import eventually, shell


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace(tmp_path / "data")
    workspace.open()
    return workspace


@pytest.fixture
def signals():
    with Signals() as signals:
        yield signals


def test_a_step_that_works_is_quiet(workspace, signals, capsys):
    setup.run(shell("echo done", workspace.log("setup")), signals)
    assert workspace.log("setup").read_text() == "done\n"
    assert capsys.readouterr().out == ""


def test_a_step_that_fails_is_told_by_its_last_line(workspace, signals):
    log = workspace.log("setup")
    setup.run(shell("echo earlier", log), signals)
    with pytest.raises(EngineError) as error:
        setup.run(
            shell("echo Trace; echo Why; echo; exit 1", log, name="migrate"), signals
        )
    assert str(error.value) == f"migrate failed: Why (see {log})"


def test_a_database_that_is_not_there_is_named(workspace, signals):
    """The driver's last line only asks whether the server is running."""
    words = (
        "django.db.utils.OperationalError: connection to server at "
        '"db.example.com" (192.0.2.7), port 6432 failed: Connection refused'
    )
    command = f"echo '{words}'; echo 'Is the server running?'; exit 1"
    url = "postgresql://ana:secret@db.example.com:6432/crm"
    program = shell(command, workspace.log("setup"), name="migrate")
    with pytest.raises(EngineError) as error:
        setup.run(replace(program, env={**program.env, "DATABASE_URL": url}), signals)
    assert str(error.value) == (
        "DATABASE_URL: no database answers at db.example.com, port 6432: "
        "Connection refused"
    )


def test_a_step_that_says_nothing_is_told_too(workspace, signals):
    log = workspace.log("setup")
    setup.run(shell("echo earlier", log), signals)
    with pytest.raises(EngineError) as error:
        setup.run(shell("exit 1", log, name="migrate"), signals)
    assert str(error.value) == f"migrate failed: no reason given (see {log})"


@pytest.mark.parametrize(
    "words",
    [
        "psycopg2.errors.DiskFull: could not extend file",
        "OSError: [Errno 28] No space left on device",
    ],
)
def test_a_full_disk_is_told_as_one(workspace, signals, words):
    program = shell(f"echo '{words}'; echo later; exit 1", workspace.log("setup"))
    with pytest.raises(EngineError) as error:
        setup.run(program, signals)
    assert str(error.value) == files.full(workspace.data)


def test_ctrl_c_ends_a_step_under_way(workspace, signals, tmp_path):
    line = f"echo $$ > {tmp_path}/pid; kill -INT {os.getpid()}; exec sleep 99"
    with pytest.raises(Stopped):
        setup.run(shell(line, workspace.log("setup")), signals)
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def python_that(tmp_path, monkeypatch, line):
    """Stand in for Python in the programs of the product: notes how it is called."""
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n{line}\n')
    script.chmod(0o755)
    real = sys.executable
    monkeypatch.setattr("sys.executable", str(script))
    monkeypatch.setattr(
        "alignment.engines.processes.Program.leashed",
        lambda program: [
            *(real, "-I", "-S", str(PROJECT / "alignment/engines/leash.py")),
            *(str(os.getpid()), str(int(signal.SIGTERM)), "-1", "-1"),
            *program.command,
        ],
    )
    return lambda: (tmp_path / "calls").read_text().splitlines()


def test_static_files_are_collected_once_until_they_change(
    workspace, signals, tmp_path, monkeypatch
):
    calls = python_that(tmp_path, monkeypatch, "exit 0")
    source = tmp_path / "site.css"
    source.write_text("a {}")
    monkeypatch.setattr(services, "static_sources", lambda: [source])
    for _ in range(2):
        setup.collect(workspace, dict(os.environ), signals)
    assert calls() == [f"{PROJECT}/manage.py collectstatic --no-input --clear"]
    source.write_text("b {c:d}")
    setup.collect(workspace, dict(os.environ), signals)
    assert len(calls()) == 2


def test_static_files_are_collected_again_after_a_failure(
    workspace, signals, tmp_path, monkeypatch
):
    calls = python_that(tmp_path, monkeypatch, "exit 1")
    for _ in range(2):
        with pytest.raises(EngineError):
            setup.collect(workspace, dict(os.environ), signals)
    assert len(calls()) == 2


def test_the_example_company_is_written_once(workspace, signals, tmp_path, monkeypatch):
    calls = python_that(tmp_path, monkeypatch, "test ! -e $BROKEN")
    env = {**os.environ, "BROKEN": str(tmp_path)}
    with pytest.raises(EngineError):
        setup.fill(workspace, env, signals)
    assert not workspace.filled.exists()
    for _ in range(2):
        setup.fill(workspace, env | {"BROKEN": "/none"}, signals)
    assert calls() == [f"{PROJECT}/manage.py example"] * 2
    eventually(workspace.filled.exists)


def test_what_static_files_depend_on_is_all_looked_at():
    sources = services.static_sources()
    assert PROJECT / "requirements/base.txt" in sources
    assert PROJECT / "alignment/settings.py" in sources
    assert set((PROJECT / "static").rglob("*")) <= set(sources)
