import os
import signal
import subprocess
import time

import pytest

from alignment.engines import supervisor
from alignment.engines.pulse import Pulse
from alignment.engines.signals import Signals
from alignment.engines.supervisor import Kept, Supervisor
from tests.engines.programs import eventually, shell


@pytest.fixture
def signals():
    with Signals() as signals:
        yield signals


@pytest.fixture
def supervised(signals):
    supervised = Supervisor(signals)
    yield supervised
    supervised.stop()


def test_one_that_ends_is_started_again_after_growing_pauses(
    supervised, tmp_path, capsys
):
    log = tmp_path / "log"
    [kept] = supervised.run(shell("echo once; exit 3", log, name="web"))
    now = 10_000.0
    kept.child.started = now
    for expected in (1, 2, 4, 8, 16, 30, 30):
        assert kept.child.wait(5)
        kept.look(now)
        assert (kept.pause, kept.due) == (expected, now + expected)
        kept.look(now + expected - 0.01)
        assert kept.child.ended() == 3
        now = kept.due
        kept.look(now)
        kept.child.started = now  # it lives for no time at all
    assert kept.child.wait(5)
    assert log.read_text() == "once\n" * 8
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        f"web ended with 3; starting it again in 1 s (see {log}).",
        f"web ended with 3; starting it again in 2 s (see {log}).",
    ]
    assert len(said) == 7


def test_one_that_ran_for_long_starts_again_soon(supervised, tmp_path, capsys):
    [kept] = supervised.run(shell("sleep 99", tmp_path / "log", name="beat"))
    kept.pause = 16.0
    kept.child.started -= supervisor.SETTLED
    os.kill(kept.child.pid, signal.SIGKILL)
    kept.child.wait(5)
    kept.look(time.monotonic())
    assert kept.pause == supervisor.FIRST_PAUSE
    assert capsys.readouterr().out == (
        f"beat was ended by signal 9; starting it again in 1 s (see {tmp_path}/log).\n"
    )


def test_what_is_needed_before_a_new_start_is_done_first(supervised, tmp_path):
    program = shell("exit 0", tmp_path / "log")
    done = []
    [kept] = supervised.run(program)
    kept.before = lambda: done.append(kept.child.pid)
    kept.child.wait(5)
    old = kept.child.pid
    kept.look(0.0)
    assert done == []
    kept.look(kept.due)
    assert done == [old]
    assert kept.child.pid != old


class Watcher:
    """Fails as a full disk would, and asks for an end the third time."""

    def __init__(self):
        self.looks, self.stopped = 0, False

    def look(self, now):
        self.looks += 1
        if self.looks == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        raise OSError(28, "No space left on device")

    def stop(self):
        self.stopped = True


def test_watching_goes_on_through_a_full_disk_until_asked_to_end(
    supervised, monkeypatch
):
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.01)
    watcher = Watcher()
    supervised.watchers.append(watcher)
    supervised.watch()
    assert watcher.looks == 3
    supervised.stop()
    assert watcher.stopped


def test_long_logs_are_cut_while_watching(supervised, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(supervisor, "TRIM_EVERY", 0.0)
    monkeypatch.setattr(supervisor, "LOG_LIMIT", 3)
    log = tmp_path / "web.log"
    supervised.run(shell("echo long; exec sleep 99", log, name="web"))
    eventually(lambda: log.exists() and log.read_text() == "long\n")
    supervised.watchers.append(Watcher())
    supervised.watch()
    assert log.read_text() == ""
    assert (tmp_path / "web.old.log").read_text() == "long\n"


def test_groups_end_in_the_reverse_order_of_their_start(supervised, tmp_path):
    order = tmp_path / "order"
    for name in ("postgres", "redis", "worker", "web"):
        line = (
            f"trap 'sleep 0.1; echo {name} >> {order}; exit' TERM;"
            f" echo on > {tmp_path}/{name}; while :; do sleep 0.02; done"
        )
        supervised.run(shell(line, tmp_path / "log", name=name))
        eventually((tmp_path / name).exists)
    supervised.stop()
    assert order.read_text().split() == ["web", "worker", "redis", "postgres"]


def test_a_second_request_ends_the_waiting_for_services_but_not_for_engines(
    supervised, signals, tmp_path
):
    slow = (
        f"trap 'sleep 0.5; echo clean >> {tmp_path}/$0; exit' TERM;"
        f" echo on > {tmp_path}/on-$0; while :; do sleep 0.02; done"
    )
    for name in ("engine", "service"):
        program = shell(slow, tmp_path / "log", name=name)
        program.command.append(name)
        [kept] = supervised.run(program)
        kept.engine = name == "engine"
        eventually((tmp_path / f"on-{name}").exists)
    signals.asked = 2
    supervised.stop()
    assert (tmp_path / "engine").read_text() == "clean\n"
    assert not (tmp_path / "service").exists()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_signal_that_asks_for_an_end_is_heard_at_once(signals, sign):
    before = time.monotonic()
    subprocess.Popen(["/bin/sh", "-c", f"sleep 0.1; kill -{sign} {os.getpid()}"]).wait()
    assert signals.pause(5) == 1
    assert time.monotonic() - before < 4


def test_an_interrupt_is_heard_where_the_shell_ignored_it():
    """As it does for what a script starts in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Signals() as signals:
            os.kill(os.getpid(), signal.SIGINT)
            assert signals.pause(5) == 1
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_hang_up_ignored_from_the_start_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Signals() as signals:
            os.kill(os.getpid(), signal.SIGHUP)
            assert signals.pause(0.01) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_afterwards_signals_mean_what_they_meant():
    before = signal.getsignal(signal.SIGINT)
    with Signals():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def answered(pulse):
    """The question under way, once it has been answered."""
    assert pulse.asked is not None
    assert pulse.asked.wait(5)
    return pulse.asked


class TestPulse:
    """R11: a worker is alive if messages go through it."""

    def pulse(self, supervised, tmp_path, *codes):
        answers = tmp_path / "answers"
        answers.write_text("".join(f"{code}\n" for code in codes))
        line = f"read code < {answers}; sed -i 1d {answers}; exit $code"
        workers = supervised.run(shell("sleep 99", tmp_path / "log", name="worker"))
        pulse = Pulse(shell(line, tmp_path / "pulse.log"), workers, due=0.0)
        for _ in codes:
            pulse.look(pulse.due)
            answered(pulse)
            pulse.look(pulse.due)
        return workers[0].child.ended()

    def test_silent_twice_in_a_row_is_started_again(self, supervised, tmp_path, capsys):
        assert self.pulse(supervised, tmp_path, 3, 3) == -signal.SIGKILL
        assert capsys.readouterr().out == (
            "No worker has done anything for minutes; starting them again.\n"
        )

    @pytest.mark.parametrize("codes", [(3,), (3, 0, 3), (1, 1, 1), (3, 1, 3), (0, 0)])
    def test_less_is_no_reason(self, supervised, tmp_path, codes):
        assert self.pulse(supervised, tmp_path, *codes) is None

    def test_it_is_asked_once_a_minute(self, supervised, tmp_path):
        pulse = Pulse(shell("exit 0", tmp_path / "log"), [], due=100.0)
        pulse.look(99.9)
        assert pulse.asked is None
        pulse.look(100.0)
        assert pulse.due == 160.0
        answered(pulse)
        pulse.look(101.0)
        assert pulse.asked is None
        pulse.look(159.9)
        assert pulse.asked is None

    def test_a_question_under_way_ends_with_everything_else(self, tmp_path):
        pulse = Pulse(shell("sleep 99", tmp_path / "log"), [], due=0.0)
        pulse.look(0.0)
        pulse.stop()
        assert answered(pulse).ended() == -signal.SIGKILL


def test_nobody_listening_is_no_reason_to_stop(capsys, monkeypatch):
    def refuse(*words, **options):
        raise BrokenPipeError

    monkeypatch.setattr("builtins.print", refuse)
    supervisor.say("hello")


def test_kept_programs_are_told_apart_by_group(supervised, tmp_path):
    first = supervised.run(shell("sleep 9", tmp_path / "log"))
    second = supervised.run(*[shell("sleep 9", tmp_path / "log")] * 2)
    assert supervised.everything() == [*first, *second]
    assert all(isinstance(kept, Kept) for kept in supervised.everything())
