"""Versions of documents, and which of them holds at a moment."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from foundation.accounts.enums import Function
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


def with_standing(rows: QuerySet[Version], *, at: datetime) -> QuerySet[Version]:
    """Add to each version as ``standing`` what it is at a moment."""
    later = Version.objects.filter(
        kind=OuterRef("kind"),
        in_force_at__lte=at,
        in_force_at__gt=OuterRef("in_force_at"),
    )
    told = Case(
        When(~Q(state=State.SIGNED), then=F("state")),
        When(in_force_at__gt=at, then=Value(Standing.UPCOMING.value)),
        When(Exists(later), then=Value(Standing.SUPERSEDED.value)),
        default=Value(Standing.ACTIVE.value),
        output_field=CharField(),
    )
    return rows.annotate(standing=told)


def standings(versions: Sequence[Version], *, at: datetime) -> dict[int, Standing]:
    """Return what each version is at a moment, by its id, in one statement."""
    rows = Version.objects.filter(pk__in=[version.pk for version in versions])
    return {
        row.pk: Standing(row.standing)  # type: ignore[attr-defined]
        for row in with_standing(rows, at=at)
    }


def next_after(version: Version) -> datetime | None:
    """Return when the version stops holding; None while nothing follows it."""
    if version.in_force_at is None:
        return None
    rows = Version.objects.filter(
        kind=version.kind, in_force_at__gt=version.in_force_at
    )
    return rows.order_by("in_force_at").values_list("in_force_at", flat=True).first()


def awaiting_signature() -> QuerySet[Version]:
    """Return proposals with their signatures, the one that was proposed first first."""
    rows = Version.objects.filter(state=State.PROPOSED).order_by("proposed_at", "pk")
    return rows.prefetch_related("signatures__signed_by")


def to_review(*, on: date, at: datetime) -> list[Version]:
    """Return the versions that hold and were to be looked at again by a local day."""
    due = Version.objects.filter(state=State.SIGNED, review_on__lte=on)
    rows = list(due.order_by("review_on", "pk"))
    found = standings(rows, at=at)
    return [row for row in rows if found[row.pk] == Standing.ACTIVE]


def unsigned(version: Version) -> list[Function]:
    """Return the functions whose signature a proposal waits for."""
    signed = {each.function for each in version.signatures.all()}
    return [function for function in Function if function not in signed]


def authors(ids: Collection[int]) -> dict[int, set[int]]:
    """Return who drafted and who proposed each of these versions. One statement."""
    rows = Version.objects.filter(pk__in=ids)
    found = rows.values_list("pk", "drafted_by", "proposed_by")
    return {pk: {*people} - {None} for pk, *people in found}
