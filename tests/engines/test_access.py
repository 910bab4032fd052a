import json
import os

import pytest

from alignment.engines import access
from alignment.engines.errors import EngineError
from alignment.engines.workspace import Workspace
from tests.engines.programs import shell

ANSWER: dict[str, object] = {
    "users": [
        {"role": "sales", "email": "ana@example.com", "password": "one"},
        {"role": "marketing", "email": "bo@example.com", "password": "two"},
    ],
    "token": "al_t_1",
}


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def test_the_product_is_told_what_we_knew_and_asked_what_holds(workspace):
    kept = access.keep(workspace, "http://127.0.0.1:8000", ANSWER)
    answer = access.ask(shell("cat", workspace.log("setup")), workspace)
    assert answer == kept == {"url": "http://127.0.0.1:8000", **ANSWER}


def test_at_first_nothing_is_known(workspace):
    line = 'read all; test -z "$all" && echo \'{"users": [], "token": "t"}\''
    answer = access.ask(shell(line, workspace.log("setup")), workspace)
    assert answer == {"users": [], "token": "t"}


def test_a_failure_is_told_by_its_last_line(workspace):
    program = shell("echo Why >&2; exit 1", workspace.log("setup"))
    with pytest.raises(EngineError) as error:
        access.ask(program, workspace)
    log = workspace.log("setup")
    assert str(error.value) == f"No sign-ins could be made: Why (see {log})"


def test_only_its_owner_reads_it_whatever_was_there(workspace):
    workspace.access.write_text("{}")
    workspace.access.chmod(0o644)
    access.keep(workspace, "http://127.0.0.1:8000", ANSWER)
    assert workspace.access.stat().st_mode & 0o777 == 0o600
    assert os.listdir(workspace.data) == ["access.json"]  # noqa: PTH208
    assert json.loads(workspace.access.read_text()) == {
        "url": "http://127.0.0.1:8000",
        **ANSWER,
    }


def test_a_person_reads_the_same(workspace):
    kept = access.keep(workspace, "http://127.0.0.1:8000", ANSWER)
    assert access.lines(kept) == [
        "Alignment is ready: http://127.0.0.1:8000",
        "",
        "  sales      ana@example.com  one",
        "  marketing  bo@example.com   two",
        "  API token  al_t_1",
    ]
