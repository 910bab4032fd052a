import http.client
import os
import signal
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from alignment.engines import ports, services
from alignment.engines.processes import Child
from alignment.engines.workspace import PROJECT, Workspace
from tests.engines.programs import eventually, is_alive


def get(port, path):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", path)
        return line.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        line.close()


@dataclass
class Web:
    child: Child
    port: int

    @property
    def pid(self):
        return self.child.pid


@pytest.fixture
def web(tmp_path):
    """The product's own server with its own settings, in front of another page."""
    port = ports.any_free()
    env = {**os.environ, "PYTHONPATH": str(PROJECT), "UNDER_WAY": f"{tmp_path}/on"}
    program = services.web(Workspace(tmp_path), env, port)
    command = [*program.command[:-1], "tests.engines.slow:application"]
    child = Child(replace(program, command=command))
    eventually(lambda: get(port, "/") == "whole answer", 20)
    yield Web(child, port)
    child.kill()


def test_a_request_under_way_is_answered_before_the_server_ends(web, tmp_path):
    """R22: nobody sees a broken page because of a restart."""
    answers = []
    reader = threading.Thread(target=lambda: answers.append(get(web.port, "/slow")))
    reader.start()
    eventually((tmp_path / "on").exists)
    web.child.stop()
    reader.join()
    assert answers == ["whole answer"]
    assert web.child.ended() == 0
    assert get(web.port, "/") == ""


def workers(web):
    folder = Path(f"/proc/{web.pid}/task/{web.pid}/children")
    return [int(pid) for pid in folder.read_text().split()]


def test_a_killed_web_worker_is_replaced(web):
    before = workers(web)
    os.kill(before[0], signal.SIGKILL)
    eventually(lambda: before[0] not in workers(web), 20)
    eventually(lambda: len(workers(web)) == len(before), 20)
    assert get(web.port, "/") == "whole answer"


def test_workers_of_a_killed_server_end_with_its_group(web):
    left = workers(web)
    assert left
    os.kill(web.pid, signal.SIGKILL)
    web.child.kill()
    eventually(lambda: not any(is_alive(pid) for pid in left))
    assert get(web.port, "/") == ""
