"""What both sides promise each other, signed by both heads, and what comes next.

Sales' times are those that the stories were told by, so that signing them changes
nothing of what becomes of each lead.
"""

from datetime import datetime, timedelta
from typing import Any

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.documents.actions import versions
from sla.actions import agreements
from sla.actions.agreements import Draft

_REVIEW = timedelta(days=180)
_PROSE = (
    "We answer for new revenue and for keeping customers together. Marketing brings"
    " leads that sales wants; sales follows them up in time and says what became of"
    " them."
)
_SALES: list[dict[str, Any]] = [
    {"kind": "first_response", "minutes": 120, "share": "0.9"},
    {"kind": "acceptance", "minutes": 540, "share": "0.9"},
    {
        "kind": "follow_up",
        "attempts": 6,
        "channels": 2,
        "days": 10,
        "share": "0.8",
    },
    {"kind": "disposition", "minutes": 5_400, "share": "0.8"},
]
_MARKETING: list[dict[str, Any]] = [
    {"kind": "volume", "measure": "count", "period": "quarter", "leads": 180},
    {"kind": "flow", "leads": 8},
    {"kind": "quality", "accepted": "0.8", "to_sql": "0.4", "days": 30},
    {
        "kind": "completeness",
        "fields": ["lead.email", "lead.phone", "company.name"],
        "share": "0.95",
    },
]
_BOTH: list[dict[str, Any]] = [
    {"kind": "answer", "minutes": 1_080, "share": "0.9"},
    {
        "kind": "keeping",
        "retained": "0.9",
        "period": "year",
        "minutes": 240,
        "share": "0.9",
    },
    {"kind": "decision", "minutes": 2_700, "share": "0.9"},
]
_SAID = [
    (
        Role.HEAD_OF_SALES,
        "One hour is fair for demo requests, if marketing asks for the phone number.",
        "/clauses/0",
    ),
    (Role.HEAD_OF_MARKETING, "We ask for it on that form since last month.", ""),
]


def begin(*, at: datetime) -> None:
    """Sign the agreement of the company."""
    head, other = _of(Role.HEAD_OF_MARKETING), _of(Role.HEAD_OF_SALES)
    form = {"clauses": [*_SALES, *_MARKETING, *_BOTH]}
    day = (at + _REVIEW).date()
    new = Draft("Between sales and marketing", _PROSE, form, None, day)
    row = agreements.draft(new, by=_of(Role.REVENUE_OPERATIONS), at=at)
    row = agreements.propose(row, by=head, at=at)
    for person in (head, other):
        row = versions.sign(row, digest=row.digest, by=person, at=at)


def think_on(*, at: datetime) -> None:
    """Draft the next version: sooner first contact where somebody asked for a demo."""
    sooner = {**_SALES[0], "minutes": 60, "source": "demo_request"}
    form = {"clauses": [sooner, *_SALES, *_MARKETING, *_BOTH]}
    new = Draft("Between sales and marketing", _PROSE, form)
    row = agreements.draft(new, by=_of(Role.REVENUE_OPERATIONS), at=at)
    for role, text, place in _SAID:
        versions.comment(row, text, by=_of(role), at=at, place=place)


def _of(role: Role) -> User:
    return User.objects.filter(role=role).order_by("pk")[0]
