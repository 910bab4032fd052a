"""Every address of the product, who may call it, and what an allowed caller gets.

The expectations are data, one TOML file for each app in `addresses/`:

    ["leads:lead-accept"]     # the address's name
    permission = "leads-work" # what its view declares; "public" for all
    write = "leads-edit"      # API only: another permission for writes
    given = "tests.architecture.given.a_lead"  # only if the path has parts
    POST = 302                # what an allowed caller gets for an empty body

    ["leads:lead-accept".head_of_sales]   # where a role is answered differently
    POST = 409

A method without a line is one that the address does not know: 405. `given` names a
function that makes what the address needs and returns the parts of its path; it is
called with the person who calls (None: nobody is signed in), afresh for each request.
For the others the answer follows from the permission: signed out a page sends to the
sign-in (302) and the API answers 401; without the permission it is 403; and the panel
does not exist (404) for whoever may not open it.

`python -m tests.architecture.write_addresses` prints lines for addresses that have none
yet, and writes docs/addresses.md.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from foundation.accounts.enums import Permission, Role
from foundation.accounts.guards import PUBLIC
from foundation.accounts.rules import GRANTS, SCOPES

HERE = Path(__file__).parent / "addresses"
DOCS = HERE.parents[2] / "docs" / "addresses.md"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
SAFE = {"GET", "OPTIONS"}
NOBODY = "nobody"


@dataclass(frozen=True)
class Route:
    """An address as the URLconf has it."""

    name: str
    path: str
    view: Callable[..., object]

    @property
    def permission(self) -> str:
        return self._declared("required_permission") or self._declared("permission")

    @property
    def write(self) -> str:
        return self._declared("write_permission")

    def _declared(self, name: str) -> str:
        places = [self.view, getattr(self.view, "view_class", None)]
        return next((str(found) for v in places if (found := getattr(v, name, ""))), "")


@dataclass(frozen=True)
class Expected:
    """What the file says of one address."""

    name: str
    permission: str
    write: str = ""
    given: str = ""
    statuses: dict[str, int] = field(default_factory=dict)
    by_role: dict[str, dict[str, int]] = field(default_factory=dict)

    def parts(self, caller: object) -> dict[str, object]:
        """Make what the address needs; return the parts of its path."""
        return import_string(self.given)(caller) if self.given else {}

    def permission_for(self, method: str) -> str:
        return self.permission if method in SAFE or not self.write else self.write

    def status(self, method: str, role: str) -> int:
        """Return what somebody of this role, or nobody, gets."""
        refused = self._refusal(method, role)
        own = self.by_role.get(role, {})
        return refused or own.get(method) or self.statuses.get(method, 405)

    def _refusal(self, method: str, role: str) -> int | None:
        permission = self.permission_for(method)
        if permission == PUBLIC or permission in grants(role):
            return None
        if self.name.startswith("admin:"):
            return 403 if Permission.LEADERSHIP_VIEW in grants(role) else 404
        if role == NOBODY:
            return 401 if self.is_api else 302
        return 403

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:") and self.name != "api:docs"


def grants(role: str) -> set[str]:
    """Return what a role may do; an integration no more than its scopes can say."""
    if role == NOBODY:
        return set()
    granted: set[str] = set(GRANTS[Role(role)])
    return granted & set(SCOPES) if role == Role.INTEGRATION else granted


def routes() -> list[Route]:
    """Walk the URLconf."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, space: str, path: str) -> Iterator[Route]:
    for each in resolver.url_patterns:
        here = path + str(each.pattern)
        if isinstance(each, URLPattern):
            yield Route(f"{space}{each.name or ''}", f"/{here}", each.callback)
        else:
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each, inner, here)


def expectations() -> dict[str, Expected]:
    """Read the files; an address that two of them name is a mistake."""
    found: dict[str, Expected] = {}
    for file in sorted(HERE.glob("*.toml")):
        for name, says in tomllib.loads(file.read_text()).items():
            assert name not in found, f"{name} is in two files"
            found[name] = _expected(name, says)
    return found


def _expected(name: str, says: dict[str, object]) -> Expected:
    kinds: dict[type, dict[str, Any]] = {str: {}, int: {}, dict: {}}
    for key, value in says.items():
        kinds[type(value)][key] = value
    unknown = set(kinds[int]) - set(METHODS)
    assert not unknown, f"{name}: {unknown} are no methods"
    return Expected(name, **kinds[str], statuses=kinds[int], by_role=kinds[dict])


def proposal(route: Route) -> str:
    """Return the lines to add for an address, to be completed by hand."""
    lines = [f'["{route.name}"]  # {route.path}', f'permission = "{route.permission}"']
    if route.write:
        lines.append(f'write = "{route.write}"')
    if "<" in route.path:
        lines.append('given = "tests.factories.…"')
    return "\n".join([*lines, "GET = 200", ""])


def document() -> str:
    """Return docs/addresses.md."""
    rows = sorted((route.path, route.permission, route.write) for route in routes())
    table = [
        f"| `{path}` | {who}{f' (writing: {write})' if write else ''} |"
        for path, who, write in rows
    ]
    return "\n".join([HEAD, *table, ""])


HEAD = """# Addresses

Every address of the product and the permission it asks for;
`foundation/accounts/rules.py` says which role has which. Written by
`python -m tests.architecture.write_addresses`.

| address | open to |
|---|---|"""
