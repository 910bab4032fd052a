"""A run of tests has engines of its own and leaves none behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from alignment.engines.workspace import PROJECT
from tests.engines.programs import eventually, is_alive

TEST = """
import os, time
from pathlib import Path
import pytest

NOTES = Path(os.environ["NOTES"])

@pytest.mark.parametrize("number", range(8))
def test_engines(number):
    names = ("REDIS_URL", "ALIGNMENT_DATA", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    (NOTES / f"{number}").write_text(" ".join(os.environ[name] for name in names))
    assert Path(os.environ["ALIGNMENT_DATA"]).is_dir()
    time.sleep(float(os.environ.get("PAUSE", "0")))
"""


@pytest.fixture
def run(tmp_path):
    """Start a run of its own, in an environment that names no engine."""
    (tmp_path / "test_sample.py").write_text(TEST)
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "notes").mkdir()
    ours = ("DATABASE_URL", "REDIS_URL", "ALIGNMENT_DATA", "DJANGO_SETTINGS_MODULE")
    known = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith("PYTEST")
    }
    started = []

    def run(*words, **named):
        plain = ["-p", "tests.plugin", "-p", "no:django", "-p", "no:cacheprovider"]
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *plain, *words, tmp_path],
            cwd=PROJECT,
            env={**known, "NOTES": str(tmp_path / "notes"), **named},
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=hear_interrupts,  # noqa: PLW1509 -- no thread runs here
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def hear_interrupts():
    """As from a terminal, also where our own shell was started in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def notes(tmp_path):
    """What each test saw: Redis, data folder, database, settings."""
    return {tuple(path.read_text().split()) for path in (tmp_path / "notes").iterdir()}


def server(data):
    """The number of the PostgreSQL beside a data folder."""
    place = Path(data).parents[0] / "postgres" / "postmaster.pid"
    return int(place.read_text().split()[0])


def test_each_worker_has_its_own_broker_and_folder_and_all_end(run, tmp_path):
    process = run("-n", "2")
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    seen = sorted(notes(tmp_path))
    assert [redis[-2:] for redis, *_ in seen] == ["/1", "/2"]
    assert [Path(data).name for _, data, *_ in seen] == ["gw0", "gw1"]
    assert {settings for *_, settings in seen} == {"tests.settings"}
    [database] = {url for _, _, url, _ in seen}
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(database)
    assert not Path(seen[0][1]).parents[1].exists()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_broken_off_leaves_no_server(run, tmp_path, sign):
    process = run(PAUSE="99")
    eventually(lambda: notes(tmp_path) - {()}, 60)  # written, not only opened
    [(_, data, _, _)] = notes(tmp_path)
    pid = server(data)
    assert is_alive(pid)
    process.send_signal(sign)
    process.communicate(timeout=60)
    eventually(lambda: not is_alive(pid), 30)


def test_engines_that_are_named_are_taken_as_they_are(run, tmp_path):
    named = {"DATABASE_URL": "postgresql://own", "REDIS_URL": "redis://own/7"}
    process = run(**named)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    [(redis, data, database, _)] = notes(tmp_path)
    assert (redis, database) == ("redis://own/7", "postgresql://own")
    assert not (Path(data).parent / "postgres").exists()
