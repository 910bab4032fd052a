"""What both teams agreed a qualified lead is, and what they think of next.

Only who asked for a demo meets it, which is told of every lead that qualifies; so the
definition, which runs by itself, adds nobody to the stories.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.documents.actions import versions
from foundation.documents.models import Version
from leads.actions import definitions
from leads.actions.definitions import Draft
from leads.enums import Stage
from leads.queries.definitions import KINDS

_REVIEW = timedelta(days=180)


def _asked(days: int) -> dict[str, Any]:
    return {
        "touches": {"type": ["demo_request"]},
        "op": "at_least",
        "value": 1,
        "within_days": days,
    }


_COUNTRIES = {"field": "lead.country", "op": "in", "value": ["RO", "PL"]}
_FORWARD = {
    "field": "lead.stage",
    "op": "not_in",
    "value": ["recycled", "disqualified", "lost"],
}
_NO_FREE_MAIL = {
    "not": {"field": "lead.email_domain", "op": "is_free_mail", "value": True}
}
_PHONE = {"field": "lead.phone", "op": "present", "optional": True}
_DECIDES = {
    "field": "lead.job_title",
    "op": "contains",
    "value": ["director", "purchasing", "operations"],
}
_ENGAGEMENT = {
    "threshold": 20,
    "half_life_days": 30,
    "groups": [
        {
            "name": "Events and webinars",
            "cap": 40,
            "points": [
                {"touches": {"type": ["webinar"]}, "points": 15},
                {"touches": {"type": ["event"]}, "points": 10},
            ],
        },
        {
            "name": "Website",
            "cap": 30,
            "points": [
                {"touches": {"type": ["demo_request"]}, "points": 20},
                {"touches": {"type": ["download", "visit"]}, "points": 4},
            ],
        },
    ],
}
_FIRST = Draft(
    "Marketing qualified lead",
    "Somebody in our two countries who asked us for a demo.",
    {"rules": {"all": [_COUNTRIES, _asked(60), _FORWARD]}},
    Decimal("0.05"),
)
_SECOND = Draft(
    "Marketing qualified lead",
    "Somebody in our two countries who asked us for a demo, lately and from a company's"
    " address.\n\nWho was sent back to nurture is looked at by people before it counts"
    " again.",
    {"rules": {"all": [_COUNTRIES, _asked(30), _NO_FREE_MAIL, _FORWARD, _PHONE]}},
    Decimal("0.05"),
)
_THIRD = Draft(
    _SECOND.title,
    f"{_SECOND.prose}\n\nSales reaches more of those who decide about purchases.",
    {
        "rules": {
            "all": [
                _COUNTRIES,
                {"any": [_asked(30), {**_asked(60), "value": 2}]},
                _NO_FREE_MAIL,
                _FORWARD,
                _DECIDES,
                _PHONE,
            ]
        },
        "scoring": {"engagement": _ENGAGEMENT},
    },
    Decimal("0.05"),
)
_PURSUED = Draft(
    "Sales qualified lead",
    "Somebody we have talked to and can call back.",
    {
        "rules": {
            "all": [
                {
                    "touches": {"type": ["call", "meeting"], "team": "sales"},
                    "op": "at_least",
                    "value": 1,
                    "within_days": 60,
                },
                {"field": "lead.phone", "op": "present"},
            ]
        }
    },
)
_SAID = [
    (Role.HEAD_OF_SALES, "With managers of sales or IT most first calls lead nowhere."),
    (
        Role.HEAD_OF_MARKETING,
        (
            "Agreed for the forms. At trade fairs we often do not learn the job title;"
            " optional there?"
        ),
    ),
    (Role.SALES_REP, "Two requests within sixty days would have caught Bega Metal."),
]


def begin(*, at: datetime) -> None:
    """Sign the first definitions of both stages."""
    _sign(Stage.MQL, _FIRST, at=at)
    _sign(Stage.SQL, _PURSUED, at=at)


def renew(*, at: datetime) -> None:
    """Sign the second version of what marketing qualifies."""
    _sign(Stage.MQL, _SECOND, at=at)


def think_on(*, at: datetime) -> None:
    """Draft the third version, and let both teams say what they think of it."""
    row = definitions.draft(Stage.MQL, _dated(_THIRD, at), by=_operations(), at=at)
    for role, text in _SAID:
        place = "/rules/all/4" if role == Role.HEAD_OF_SALES else ""
        versions.comment(row, text, by=_of(role), at=at, place=place)


def moments() -> list[tuple[datetime, int]]:
    """Return from when each definition of an MQL holds, the first one first."""
    rows = Version.objects.filter(kind=KINDS[Stage.MQL], in_force_at__isnull=False)
    found = rows.order_by("in_force_at").values_list("in_force_at", "pk")
    return [(moment, pk) for moment, pk in found if moment is not None]


def holding(known: list[tuple[datetime, int]], at: datetime) -> int | None:
    """Return which of the definitions holds at a moment."""
    return next((pk for moment, pk in reversed(known) if moment <= at), None)


def _sign(stage: Stage, new: Draft, *, at: datetime) -> None:
    row = definitions.draft(stage, _dated(new, at), by=_operations(), at=at)
    magda, irina = _of(Role.HEAD_OF_MARKETING), _of(Role.HEAD_OF_SALES)
    row = versions.propose(row, by=magda, at=at)
    for person in (magda, irina):
        row = versions.sign(row, digest=row.digest, by=person, at=at)


def _dated(new: Draft, at: datetime) -> Draft:
    day = (at + _REVIEW).date()
    return Draft(new.title, new.prose, new.criteria, new.second_chance, None, day)


def _operations() -> User:
    return _of(Role.REVENUE_OPERATIONS)


def _of(role: Role) -> User:
    return User.objects.filter(role=role).order_by("pk")[0]
