"""The product as `make run` starts it: engines, web, workers and beat."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from alignment.engines import start, strays, temporary
from alignment.engines.errors import EngineError
from alignment.engines.health import is_well
from alignment.engines.signals import Signals
from alignment.engines.workspace import PROJECT, VARIABLES, Workspace
from tests.engines.programs import eventually, is_alive, on_linux, shell, words_of

SECONDS = 120


class Alignment:
    """One data directory, started and stopped as a person would."""

    process: subprocess.Popen[str]

    def __init__(self, data):
        self.data = Workspace(data)
        self.said: list[str] = []

    def env(self, **more):
        known = {k: v for k, v in os.environ.items() if k not in VARIABLES}
        known.pop("DJANGO_SETTINGS_MODULE", None)
        known.pop("PORT", None)
        return {**known, "ALIGNMENT_DATA": str(self.data.data), **more}

    def command(self, **more):
        return subprocess.Popen(
            [sys.executable, "-m", "alignment.engines", "run"],
            cwd=PROJECT,
            env=self.env(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self):
        self.process, self.said = self.command(), []
        while line := words_of(self.process):
            self.said.append(line)
            if line.startswith("Ready in"):
                return
        raise AssertionError("".join(self.said))

    def refused(self, **more):
        """What a start that must not happen says."""
        process = self.command(**more)
        said, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 1
        return said

    def end(self, sign):
        self.process.send_signal(sign)
        said, _ = self.process.communicate(timeout=SECONDS)
        return said

    def access(self):
        return json.loads(self.data.access.read_text())

    def health(self):
        url = self.access()["url"]
        return is_well(urlsplit(url).port, url)

    def manage(self, *words):
        return subprocess.run(
            [sys.executable, PROJECT / "manage.py", *words],
            env=self.env(),
            capture_output=True,
            text=True,
            check=False,
        )

    def processes(self, word=""):
        """Numbers of everything that belongs to the directory."""
        found = strays.found(self.data.data, self.data.data / "postgres")
        return [pid for pid in found if word in command(pid)]


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@pytest.fixture(scope="module")
def alignment():
    with temporary.folder() as folder:
        alignment = Alignment(folder / "data")
        alignment.start()
        yield alignment
        if alignment.process.poll() is None:
            alignment.end(signal.SIGTERM)


def test_it_is_well_and_says_who_may_sign_in(alignment):
    assert alignment.health()
    access = alignment.access()
    assert access.keys() == {"url", "users", "token"}
    assert alignment.data.access.stat().st_mode & 0o777 == 0o600
    told = "".join(alignment.said)
    assert f"Alignment is ready: {access['url']}\n" in told
    assert access["token"] in told
    assert access["users"]
    for user in access["users"]:
        assert user.keys() == {"role", "email", "password"}
        assert all(user[word] in told for word in user)


def test_a_second_start_on_the_same_directory_is_refused(alignment):
    assert alignment.refused() == (
        f"Alignment already runs on {alignment.data.data}"
        f" (process {alignment.process.pid}).\n"
    )
    assert alignment.health()


def test_a_taken_port_is_refused_before_anything_starts(alignment, tmp_path):
    port = alignment.access()["url"].rpartition(":")[2]
    other = Alignment(tmp_path / "data")
    assert other.refused(PORT=port) == (
        f"Port {port} is taken; choose another one by PORT=…\n"
    )
    assert sorted(path.name for path in other.data.data.iterdir()) == ["lock", "logs"]


def test_work_gets_done_and_commands_by_hand_find_the_database(alignment):
    """R11: beat sends, Redis carries, a worker writes, a command reads."""
    eventually(lambda: alignment.manage("workers_alive").returncode == 0, 30)


def test_nothing_private_is_readable_by_others(alignment):
    """Besides the folder itself, which root's PostgreSQL passes through."""
    paths = [path for path in alignment.data.data.iterdir() if path.name != "static"]
    assert len(paths) > 5
    assert [path.name for path in paths if path.stat().st_mode & 0o077] == []


def test_no_password_is_on_a_command_line(alignment):
    known = json.loads(alignment.data.environment_file.read_text())
    secrets = [
        alignment.access()["token"],
        *(user["password"] for user in alignment.access()["users"]),
        *(urlsplit(known[name]).password for name in ("DATABASE_URL", "REDIS_URL")),
        known["SECRET_KEY"],
    ]
    assert all(secrets)
    shown = "\n".join(command(pid) for pid in alignment.processes())
    assert "granian" in shown
    assert [secret for secret in secrets if secret in shown] == []


@on_linux
def test_a_killed_web_server_comes_back(alignment):
    [server] = [
        pid
        for pid in alignment.processes("granian")
        if parent(pid) == alignment.process.pid
    ]
    os.kill(server, signal.SIGKILL)
    eventually(lambda: not alignment.health())
    eventually(alignment.health, 30)


def parent(pid):
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(words[1])


@on_linux
def test_a_killed_database_comes_back_on_the_same_address(alignment):
    """R12: the web server recovers by itself."""
    place = alignment.data.data / "postgres" / "postmaster.pid"
    server = int(place.read_text().split()[0])
    os.kill(server, signal.SIGKILL)
    eventually(lambda: not is_alive(server))
    eventually(alignment.health, 30)


@on_linux
def test_after_a_kill_nothing_is_left_and_the_next_start_continues(alignment):
    url = json.loads(alignment.data.environment_file.read_text())["DATABASE_URL"]
    with psycopg2.connect(url) as line, line.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    line.close()
    access = alignment.access()
    before = alignment.processes()
    assert len(before) > 8
    alignment.end(signal.SIGKILL)
    alignment.start()
    assert set(before) & set(alignment.processes()) == set()
    assert alignment.health()
    assert alignment.access()["users"] == access["users"]
    assert alignment.access()["token"] == access["token"]
    url = json.loads(alignment.data.environment_file.read_text())["DATABASE_URL"]
    with psycopg2.connect(url) as line, line.cursor() as cursor:
        cursor.execute("SELECT answer FROM kept")
        assert cursor.fetchone() == (42,)
    line.close()


def test_ctrl_c_stops_everything_and_leaves_the_data(alignment):
    assert alignment.end(signal.SIGINT).endswith(
        "Stopping…\nStopped; the next start continues with the same data.\n"
    )
    assert alignment.process.returncode == 0
    assert alignment.processes() == []
    assert not (alignment.data.data / "postgres/postmaster.pid").exists()
    assert (alignment.data.data / "postgres/PG_VERSION").exists()
    log = (alignment.data.data / "logs/postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")
    done = alignment.manage("check")
    assert done.stderr == (
        "DATABASE_URL is not set: start Alignment with `make run`, or set it.\n"
    )


class TestEnginesOfOthers:
    """With DATABASE_URL or REDIS_URL set, that engine is not started."""

    @pytest.fixture
    def bring_up(self, data, monkeypatch):
        """Which engines start in this environment, and what the children are told."""

        def bring_up(**named):
            for name in VARIABLES:
                monkeypatch.delenv(name, raising=False)
            for name, value in named.items():
                monkeypatch.setenv(name, value)
            workspace = Workspace(data)
            workspace.open()
            with Signals() as signals, start.supervised(signals) as own:
                env = start.bring_up(workspace, own, 8000)
                started = [kept.program.name for kept in own.everything()]
            return started, env

        return bring_up

    def test_both_named(self, bring_up, data):
        urls = {"DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://y"}
        started, env = bring_up(**urls)
        assert started == []
        assert {name: env[name] for name in urls} == urls
        assert not (data / "postgres").exists()
        assert not (data / "redis").exists()

    def test_only_the_database_named(self, bring_up):
        started, env = bring_up(DATABASE_URL="postgresql://x")
        assert started == ["redis"]
        assert env["DATABASE_URL"] == "postgresql://x"
        assert env["REDIS_URL"].startswith("redis://:")

    def test_only_redis_named(self, bring_up):
        started, env = bring_up(REDIS_URL="redis://y")
        assert started == ["postgres"]
        assert env["REDIS_URL"] == "redis://y"
        assert env["ALIGNMENT_URL"] == "http://127.0.0.1:8000"

    def test_none_named_and_a_public_address(self, bring_up):
        started, env = bring_up(ALIGNMENT_URL="https://a.example", SECRET_KEY="own")
        assert started == ["postgres", "redis"]
        assert (env["ALIGNMENT_URL"], env["SECRET_KEY"]) == ("https://a.example", "own")


def test_a_worker_that_cannot_start_is_not_called_ready(tmp_path):
    with Signals() as signals, start.supervised(signals) as supervisor:
        line = "echo Trace; echo ImportError: why; exit 1"
        [kept] = supervisor.run(shell(line, tmp_path / "log", name="worker-fast"))
        kept.child.wait(5)
        with pytest.raises(EngineError) as error:
            start.check(supervisor)
    assert str(error.value) == (
        f"worker-fast did not start: ImportError: why (see {tmp_path}/log)"
    )


def test_a_full_disk_is_one_sentence(tmp_path, monkeypatch):
    def full(folder):
        raise OSError(28, "No space left on device", str(folder))

    monkeypatch.setattr("alignment.engines.files.private_folder", full)
    with pytest.raises(EngineError) as error:
        start.run(Workspace(tmp_path / "data"), demo=False)
    assert str(error.value) == (
        f"The disk that holds {tmp_path}/data is full; free some space and start again."
    )
