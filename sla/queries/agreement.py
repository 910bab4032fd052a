"""The agreement and the hours, as people read them."""

from datetime import datetime
from typing import Any

from django.db.models import Case, When

from foundation.documents.domain import digest_of
from sla.models import Agreement, Calendar
from sla.queries import calendars as queries

DOCUMENT = "agreement"
"""The kind of document that the agreement is."""


def in_force(*, at: datetime) -> Agreement | None:
    """Return the agreement in force at a moment, with its clauses; else the earliest.

    The one that came with the product holds only while no other does. None only where
    there is no agreement at all.
    """
    rows = Agreement.objects.select_related("document").prefetch_related("clauses")
    own_last = Case(When(entry__isnull=True, then=1), default=0)
    begun = rows.filter(effective_at__lte=at)
    found = begun.order_by(own_last, "-effective_at").first()
    return found or rows.order_by("effective_at").first()


def calendars(*, at: datetime) -> list[Calendar]:
    """Return the hours in force at a moment: those of everybody, then of each team."""
    found = queries.in_force(at=at).filter(person=None).select_related("team")
    return sorted(found, key=lambda row: (row.team_id is not None, row.name))


def written_calendars(*, at: datetime) -> list[dict[str, Any]]:
    """Return the hours in force at a moment as they are written into a signed text.

    The table of public holidays, ten years ahead, is named by its hash; the row of the
    calendar, which never changes, holds it.
    """
    return [
        {
            "id": row.pk,
            "team": row.team_id,
            "team_name": row.team.name if row.team else "",
            "version": row.version,
            "time_zone": row.time_zone,
            "country": row.country,
            "weekly": row.weekly,
            "days_off": row.days_off,
            "special": row.special,
            "public_holidays": digest_of(row.public_holidays),
        }
        for row in calendars(at=at)
    ]
