import os
import signal
import time

import psycopg2
import redis

from alignment.engines import temporary
from tests.engines.programs import eventually, is_alive, on_linux, python, words_of


def test_both_engines_are_there_and_gone_again():
    begin = time.monotonic()
    with temporary.temporary() as found:
        assert time.monotonic() - begin < 15  # 0.7 s on an idle machine
        assert psycopg2.connect(found.database_url).server_version >= 180000
        with redis.Redis.from_url(found.redis_url) as line:
            assert line.ping() is True
        pids = [int((found.data / "postgres/postmaster.pid").read_text().split()[0])]
    assert not found.data.exists()
    assert [pid for pid in pids if is_alive(pid)] == []


def test_only_what_is_asked_for_is_started():
    with temporary.temporary(postgres=False) as found:
        assert found.database_url == ""
        assert found.redis_url.startswith("redis://:")
        assert not (found.data / "postgres").exists()


@on_linux
def test_a_killed_run_leaves_nothing():
    """Its engines end at once; the next run removes its folder."""
    other = python(
        "from alignment.engines.temporary import temporary\n"
        "import time\n"
        "with temporary(redis=False) as found:\n"
        "    print((found.data / 'postgres/postmaster.pid').read_text().split()[0],"
        " found.data, flush=True)\n"
        "    time.sleep(99)"
    )
    server, folder = words_of(other).split()
    os.kill(other.pid, signal.SIGKILL)
    other.communicate()
    eventually(lambda: not is_alive(int(server)))
    with temporary.folder() as own:
        assert own.exists()
        assert not os.path.exists(folder)  # noqa: PTH110 - a text from elsewhere


def test_folders_of_living_runs_are_left_alone():
    with temporary.folder() as first, temporary.folder() as second:
        assert first.exists()
        assert second.exists()
        assert first != second
