"""Every page of the product: its address, who looks at it, what must be there.

The addresses, and what each needs, are those of `tests/architecture/addresses/`: an
address that answers a reader with 200 is a page unless it is named here as something
else. So a new page is looked at as soon as its address is allowed at all.
"""

from dataclasses import dataclass

from django.urls import reverse

from foundation.accounts.enums import Role
from tests.architecture import matrix

NO_PAGES = {
    "health",
    "live",
    "api:docs-schema",
    "sla:lead-clocks",
    "meetings:room-act",
    "integrations:kind-sample",
    "integrations:import-rejects",
}
"""What answers with less than a page; regions are told by their name."""

WITH = {"leads:lead-list": "?stage=mql", "sla:clock-list": "?part=n"}
"""What a page is asked besides its address."""

LOOKERS = [
    matrix.NOBODY,
    *(Role.SALES_REP, Role.MARKETER, Role.HEAD_OF_SALES),
    *(Role.REVENUE_OPERATIONS, Role.LEADERSHIP, Role.ADMIN),
]
"""The first of them who gets the page looks at it."""


@dataclass(frozen=True)
class Page:
    name: str
    role: str

    def address(self, caller: object) -> str:
        """Make what the page needs and return its address."""
        parts = matrix.expectations()[self.name].parts(caller)
        return reverse(self.name, kwargs=parts) + WITH.get(self.name, "")


def is_page(name: str) -> bool:
    api = name.startswith("api:") and name != "api:docs"
    return not (api or name in NO_PAGES or name.endswith("-region"))


def pages() -> list[Page]:
    """Return every page with its looker."""
    found = []
    for name, expected in matrix.expectations().items():
        able = [role for role in LOOKERS if expected.status("GET", role) == 200]
        if able and is_page(name):
            found.append(Page(name, able[0]))
    return found
