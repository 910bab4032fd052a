"""The agreement and the hours, as people read them."""

from datetime import datetime

from django.db.models import Q

from sla.models import Agreement, Calendar


def in_force(*, at: datetime) -> Agreement | None:
    """Return the agreement in force at a moment, with its clauses; else the earliest.

    None only where there is no agreement at all.
    """
    rows = Agreement.objects.prefetch_related("clauses")
    found = rows.filter(effective_at__lte=at).order_by("-version").first()
    return found or rows.order_by("effective_at").first()


def calendars(*, at: datetime) -> list[Calendar]:
    """Return the hours in force at a moment: those of everybody, then of each team."""
    rows = Calendar.objects.filter(Q(effective_at__lte=at) | Q(version=1))
    latest = rows.order_by("team_id", "-version").distinct("team_id")
    found = Calendar.objects.filter(pk__in=latest.values("pk")).select_related("team")
    return sorted(found, key=lambda row: (row.team_id is not None, row.name))
