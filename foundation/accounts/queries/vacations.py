"""Who is away, and who stands in for them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from foundation.accounts.enums import Function, Role
from foundation.accounts.models import User, Vacation
from foundation.accounts.queries import workspace

HEADS = {
    Function.SALES: Role.HEAD_OF_SALES,
    Function.MARKETING: Role.HEAD_OF_MARKETING,
}


def away(*, at: datetime) -> QuerySet[Vacation]:
    """Return the vacations that last at a moment."""
    kept = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at)
    return Vacation.objects.filter(kept, starts_at__lte=at, ends_at__gt=at)


def to_come(*, at: datetime) -> QuerySet[Vacation]:
    """Return the vacations that last or begin later, by their start."""
    rows = Vacation.objects.filter(withdrawn_at__isnull=True, ends_at__gt=at)
    return rows.select_related("person", "deputy").order_by("starts_at", "pk")


def between(person: User, first: date, last: date) -> QuerySet[Vacation]:
    """Return somebody's vacations that touch a span of local dates, by their start.

    One that was taken back before it began is none.
    """
    rows = Vacation.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=F("starts_at")),
        person=person,
        starts_on__lte=last,
        ends_on__gte=first,
    )
    return rows.select_related("deputy").order_by("starts_on", "pk")


def zone_of(person: User) -> ZoneInfo:
    """Return the zone of somebody's days: their own, the team's, the workspace's."""
    name = person.time_zone or (person.team.time_zone if person.team else "")
    return ZoneInfo(name) if name else workspace.zone()


def stand_ins(*, at: datetime) -> dict[int, int]:
    """Return who has whose clocks at a moment: the person away → who stands in.

    The deputy of the vacation; where there is none, or the deputy is away too, that
    one's deputy, and so on; at last the head of the department, or for a head who
    deputises. Somebody for whom nobody is there keeps their clocks. Three statements.
    """
    deputies = dict(away(at=at).order_by("pk").values_list("person_id", "deputy_id"))
    if not deputies:
        return {}
    people = {row.pk: row for row in _able()}
    gone = User.objects.in_bulk(deputies)
    found = {
        pk: _stand_in(person, deputies, people) for pk, person in sorted(gone.items())
    }
    return {pk: other for pk, other in found.items() if other is not None}


def unsettled(*, at: datetime) -> list[int]:
    """Return the people whose clocks are not with whoever stands in for them now."""
    wanted = stand_ins(at=at)
    known = User.objects.filter(Q(stood_in_by__isnull=False) | Q(pk__in=wanted))
    now = dict(known.values_list("pk", "stood_in_by_id"))
    return sorted(pk for pk, other in now.items() if wanted.get(pk) != other)


def _able() -> QuerySet[User]:
    return User.objects.filter(is_active=True).order_by("pk")


def _stand_in(
    person: User, deputies: Mapping[int, int | None], people: Mapping[int, User]
) -> int | None:
    """Follow the deputies until somebody is there; nobody is asked twice."""
    asked, at = {person.pk}, deputies[person.pk]
    while at is not None and at not in asked:
        if at not in deputies:
            if at in people:
                return at
            break
        asked.add(at)
        at = deputies[at]
    return _head(person, deputies, people)


def _head(
    person: User, deputies: Mapping[int, int | None], people: Mapping[int, User]
) -> int | None:
    """Return the head who is there, else who deputises for the head."""
    function = person.function
    if function is None:
        return None
    wanted: list[Callable[[User], bool]] = [
        lambda one: one.role == HEADS[function],
        lambda one: one.deputy_for == function and one.function == function,
    ]
    for fits in wanted:
        for pk, one in people.items():
            if fits(one) and pk not in deputies and pk != person.pk:
                return pk
    return None
