import socket
import threading

import pytest

from alignment.engines import ports
from alignment.engines.errors import EngineError
from tests.engines.programs import python, words_of


@pytest.fixture
def taken():
    with socket.socket() as server:
        server.bind((ports.LOOPBACK, 0))
        server.listen()
        yield server


def test_a_port_somebody_listens_on_is_not_free(taken):
    port = taken.getsockname()[1]
    assert not ports.is_free(port)
    taken.close()
    assert ports.is_free(port)


def test_a_named_port_is_used(monkeypatch):
    port = ports.any_free()
    monkeypatch.setenv("PORT", str(port))
    claim = ports.claim_web()
    assert claim.port == port
    claim.release()


def test_a_named_port_that_is_taken_is_one_sentence(monkeypatch, taken):
    port = taken.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    with pytest.raises(EngineError) as error:
        ports.claim_web()
    assert str(error.value) == f"Port {port} is taken; choose another one by PORT=…"


@pytest.mark.parametrize("named", ["http", "0", "65536", "-1", "8000.0"])
def test_a_port_that_is_none_is_one_sentence(monkeypatch, named):
    monkeypatch.setenv("PORT", named)
    with pytest.raises(EngineError) as error:
        ports.claim_web()
    assert str(error.value) == f"PORT must be a number from 1 to 65535, not {named!r}."


def test_without_a_name_the_next_free_one_is_taken(monkeypatch, taken):
    monkeypatch.delenv("PORT", raising=False)
    port = taken.getsockname()[1]
    monkeypatch.setattr(ports, "USUAL", port)
    claim = ports.claim_web()
    assert port < claim.port < port + ports.MOST_TRIES
    claim.release()


def test_two_starts_at_once_choose_two_ports(monkeypatch):
    """A claim holds before anybody listens, and goes with its process."""
    monkeypatch.delenv("PORT", raising=False)
    usual = ports.any_free()
    monkeypatch.setattr(ports, "USUAL", usual)
    other = python(
        "from alignment.engines import ports\n"
        f"ports.USUAL = {usual}\n"
        "claim = ports.claim_web()\n"
        "print(claim.port, flush=True)\n"
        "import time; time.sleep(99)"
    )
    theirs = int(words_of(other))
    ours = ports.claim_web()
    assert (theirs, ours.port > usual) == (usual, True)
    ours.release()
    other.kill()
    other.communicate()
    again = ports.claim_web()
    assert again.port == usual
    again.release()


def test_asking_nobody_gives_nothing():
    assert ports.ask(ports.any_free(), b"PING") == b""


def test_asking_gives_the_whole_answer(taken):
    def answer():
        line, _ = taken.accept()
        with line:
            line.sendall(line.recv(10) * 1000)

    talker = threading.Thread(target=answer)
    talker.start()
    assert ports.ask(taken.getsockname()[1], b"PING") == b"PING" * 1000
    talker.join()
