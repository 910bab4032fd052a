"""Who is told that leads changed hands, and in what words."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.accounts.enums import Role
from foundation.accounts.queries import people
from foundation.notifications.domain.registry import (
    About,
    Happened,
    Kind,
    Telling,
    Words,
    kind,
    tells,
)
from leads.queries import assignments
from leads.queries.names import called

HANDED_OVER = "leads.handed_over"
_LEAD = "leads.lead"


@tells("leads.lead.changed")
def handed_over(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell whoever got a lead from somebody else; what files brought tells nobody."""
    moved = [
        event
        for event in events
        if "owner" in str(event.data.get("fields", "")).replace("_id", "").split(",")
        and not event.cause.startswith("load")
    ]
    owners = assignments.given_in({event.entry for event in moved})
    for event in moved:
        owner = owners.get((event.entry, event.subject))
        if owner is not None and owner != event.actor:
            yield Telling(
                owner,
                HANDED_OVER,
                event.id,
                (_LEAD, event.subject),
                event.at,
                {"by": event.actor},
            )


def _read(rows: Sequence[About]) -> Mapping[int, Words]:
    names = called({row.subject for row in rows})
    givers = people.names({by for row in rows if (by := _giver(row))})
    return {
        row.id: Words(
            _("%(lead)s is yours now") % {"lead": names[row.subject]},
            _given_by(givers.get(_giver(row))),
            reverse("leads:lead-detail", args=[row.subject]),
        )
        for row in rows
        if row.subject in names
    }


def _giver(row: About) -> int:
    return int(row.data.get("by") or 0)


def _given_by(name: str | None) -> str:
    return _("Given to you by %(name)s.") % {"name": name} if name else ""


def _count(n: int) -> str:
    return ngettext("%(n)s lead given to you", "%(n)s leads given to you", n) % {"n": n}


kind(
    Kind(
        HANDED_OVER,
        gettext_lazy("A lead was given to you"),
        _count,
        _read,
        {Role.SALES_REP, Role.HEAD_OF_SALES},
    )
)
