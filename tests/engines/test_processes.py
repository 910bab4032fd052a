import os
import signal
import time

from tests.engines.programs import eventually, is_alive, on_linux, python


def number(path):
    eventually(lambda: path.exists() and path.read_text().strip())
    return int(path.read_text())


@on_linux
def test_a_child_ends_with_its_starter_even_if_that_is_killed(tmp_path):
    note = tmp_path / "pid"
    starter = python(
        "import time\n"
        "from pathlib import Path\n"
        "from alignment.engines.processes import Child, Program\n"
        f"Child(Program('x', ['/bin/sh', '-c', 'echo $$ > {note}; exec sleep 99'],"
        f" Path('{tmp_path}/log')))\n"
        "time.sleep(99)"
    )
    child = number(note)
    assert is_alive(child)
    starter.kill()
    starter.communicate()
    eventually(lambda: not is_alive(child))


def test_it_is_asked_with_its_own_signal(start, tmp_path):
    heard = tmp_path / "heard"
    child = start(
        f"trap 'echo INT > {heard}; exit 7' INT; echo on > {tmp_path}/on; "
        "while :; do sleep 0.02; done",
        stop=signal.SIGINT,
    )
    eventually((tmp_path / "on").exists)
    child.stop()
    assert child.ended() == 7
    assert heard.read_text() == "INT\n"


def test_one_that_does_not_listen_is_killed_after_its_grace(start, tmp_path):
    child = start(f"trap '' TERM; echo on > {tmp_path}/on; sleep 99", grace=0.3)
    eventually((tmp_path / "on").exists)
    begin = time.monotonic()
    child.stop()
    assert child.ended() == -signal.SIGKILL
    assert 0.3 <= time.monotonic() - begin < 3


def test_what_it_started_ends_with_it(start, tmp_path):
    child = start(f"sleep 99 & echo $! > {tmp_path}/pid; wait")
    inner = number(tmp_path / "pid")
    child.kill()
    eventually(lambda: not is_alive(inner))


def test_one_killed_before_its_leash_is_on_is_gone_too(start):
    child = start("sleep 99")
    child.kill()
    assert child.ended() == -signal.SIGKILL


def test_it_leads_a_session_of_its_own(start, tmp_path):
    child = start(f"echo on > {tmp_path}/on; sleep 99")
    eventually((tmp_path / "on").exists)
    assert os.getsid(child.pid) == child.pid != os.getsid(0)


def test_its_files_are_private_and_its_words_are_kept(start, tmp_path):
    child = start(f"echo one; echo two >&2; echo x > {tmp_path}/made")
    assert child.wait(5)
    assert (tmp_path / "log").read_text() == "one\ntwo\n"
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o600


def test_signals_the_starter_ignores_are_heard_by_the_child(start, tmp_path):
    """`nohup` and `&` make a shell ignore signals; a server must still be stoppable."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        child = start(f"echo on > {tmp_path}/on; exec sleep 99", stop=signal.SIGINT)
        eventually((tmp_path / "on").exists)
        child.stop()
    finally:
        signal.signal(signal.SIGINT, before)
    assert child.ended() == -signal.SIGINT
