"""Versions of documents, and which of them holds at a moment."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, QuerySet

from foundation.documents.enums import Standing, State
from foundation.documents.models import Version


def in_force(kind: str, *, at: datetime) -> Version | None:
    """Return the version that holds at a moment; None where there is none yet."""
    rows = Version.objects.filter(kind=kind, in_force_at__lte=at)
    return rows.order_by("-in_force_at").first()


def upcoming(kind: str, *, at: datetime) -> QuerySet[Version]:
    """Return signed versions that hold later, the next one first."""
    rows = Version.objects.filter(kind=kind, in_force_at__gt=at)
    return rows.order_by("in_force_at")


def of_kind(kind: str) -> QuerySet[Version]:
    """Return all versions, the newest first."""
    rows = Version.objects.filter(kind=kind).order_by("-number")
    return rows.select_related("drafted_by", "proposed_by", "closed_by")


def standings(versions: Sequence[Version], *, at: datetime) -> dict[int, Standing]:
    """Return what each version is at a moment, by its id, in one statement."""
    kinds = {version.kind for version in versions}
    holding = dict(
        Version.objects.filter(kind__in=kinds, in_force_at__lte=at)
        .values_list("kind")
        .annotate(Max("in_force_at"))
    )
    return {
        version.pk: _standing(version, holding.get(version.kind), at)
        for version in versions
    }


def _standing(version: Version, holding: datetime | None, at: datetime) -> Standing:
    if version.state != State.SIGNED or version.in_force_at is None:
        return Standing(version.state)
    if version.in_force_at > at:
        return Standing.UPCOMING
    return Standing.ACTIVE if version.in_force_at == holding else Standing.SUPERSEDED


def next_after(version: Version) -> datetime | None:
    """Return when the version stops holding; None while nothing follows it."""
    if version.in_force_at is None:
        return None
    rows = Version.objects.filter(
        kind=version.kind, in_force_at__gt=version.in_force_at
    )
    return rows.order_by("in_force_at").values_list("in_force_at", flat=True).first()
