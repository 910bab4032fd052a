"""Who may sign in: asked of the product, kept for next time, told to the person."""

import json
import subprocess
from typing import TypedDict

from alignment.engines import files
from alignment.engines.errors import EngineError
from alignment.engines.processes import Program
from alignment.engines.workspace import Workspace


class User(TypedDict):
    role: str
    email: str
    password: str


class Access(TypedDict):
    url: str
    users: list[User]
    token: str


def ask(program: Program, workspace: Workspace) -> dict[str, object]:
    """Run `manage.py access --json`, which repeats what we know if it still holds."""
    known = files.tail(workspace.access, limit=1_000_000)
    with files.open_log(program.log) as log:
        done = subprocess.run(
            program.command,
            input=known.encode(),
            stdout=subprocess.PIPE,
            stderr=log,
            check=False,
            env=program.env,
            cwd=program.folder,
            start_new_session=True,  # a terminal's Ctrl-C is for the supervisor
        )
    if done.returncode:
        last = (files.tail(program.log).strip().splitlines() or ["no reason given"])[-1]
        raise EngineError(f"No sign-ins could be made: {last} (see {program.log})")
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def keep(workspace: Workspace, url: str, answer: dict[str, object]) -> Access:
    """Write access.json, readable by its owner only."""
    access: Access = {
        "url": url,
        "users": answer["users"],  # type: ignore[typeddict-item]
        "token": str(answer["token"]),
    }
    files.write_private(workspace.access, json.dumps(access, indent=1) + "\n")
    return access


def lines(access: Access) -> list[str]:
    """The same for a person."""
    width = max((len(user["email"]) for user in access["users"]), default=0)
    roles = max((len(user["role"]) for user in access["users"]), default=0)
    people = [
        f"  {user['role']:<{roles}}  {user['email']:<{width}}  {user['password']}"
        for user in access["users"]
    ]
    return [
        f"Alignment is ready: {access['url']}",
        "",
        *people,
        f"  API token  {access['token']}",
    ]
