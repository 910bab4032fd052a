import os
import signal
from pathlib import Path

import pytest
import redis as client

from alignment.engines import files, redis
from alignment.engines.errors import EngineError
from alignment.engines.redis import Redis
from tests.engines.programs import Restartable


class Server(Restartable, Redis):
    """Redis, started and ended at will."""


@pytest.fixture
def server(data):
    server = Server(data)
    yield server
    server.end()


@pytest.fixture
def line(server):
    server.start()
    with client.Redis.from_url(server.url()) as line:
        yield line


def test_it_is_set_up_to_lose_nothing(line):
    names = ("appendonly", "save", "maxmemory-policy", "bind", "databases")
    assert [line.config_get(name)[name] for name in names] == [
        *("yes", "", "noeviction", "127.0.0.1", "64")
    ]


def test_nobody_comes_in_without_the_password(line, server):
    port = int(files.read_json(server.state)["port"])
    with client.Redis(port=port) as stranger, pytest.raises(client.AuthenticationError):
        stranger.ping()
    assert redis.ping(port, "wrong") is False
    for private in (server.state, server.folder / "redis.conf"):
        assert private.stat().st_mode & 0o777 == 0o600
    password = files.read_json(server.state)["password"].encode()
    shown = Path(f"/proc/{server.children[0].pid}/cmdline").read_bytes()
    assert password not in shown + server.log.read_bytes()


def test_what_it_held_lasts_over_a_restart_on_the_same_address(line, server):
    url = server.url()
    line.set("kept", "42")
    server.end()
    server.start()
    assert server.url() == url
    assert line.get("kept") == b"42"


def test_it_starts_again_after_a_kill(line, server):
    line.set("kept", "42")
    line.execute_command("WAITAOF", 1, 0, 1000)
    child = server.children.pop()
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait(5)
    server.clear()
    server.start()
    assert line.get("kept") == b"42"


@pytest.fixture
def bare_path(monkeypatch, tmp_path):
    """A PATH with one folder, in which programs can be put."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(name, line):
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
        return str(tmp_path / name)

    return put


def test_the_machines_own_server_comes_first(bare_path):
    own = bare_path("redis-server", "exit 0")
    assert redis.server() == own


def test_one_that_does_not_run_here_gives_way_to_the_packaged_one(bare_path):
    bare_path("redis-server", "exit 127")
    assert redis.server() == redis.packaged()


def test_without_any_there_is_one_sentence(bare_path, monkeypatch):
    monkeypatch.setattr(redis, "PACKAGE", "not_installed")
    with pytest.raises(EngineError) as error:
        redis.server()
    assert str(error.value) == (
        "No Redis runs here: install redis-server or set REDIS_URL."
    )
