"""Hours as people look at them: whose they are, which version holds, what is above."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from foundation.accounts.models import Team, User
from sla.models import Calendar

_WITH = ("team", "person", "person__team", "entry__actor")
_LONGEST = 18


@dataclass(frozen=True)
class Holder:
    """Whose hours: a team's, a person's, or everybody's who has none of their own."""

    team: Team | None = None
    person: User | None = None

    @property
    def slug(self) -> str:
        """Return how addresses name it."""
        if self.person is not None:
            return f"person-{self.person.pk}"
        return "all" if self.team is None else f"team-{self.team.pk}"

    @cached_property
    def above(self) -> list["Holder"]:
        """Return whose hours count where these do not, the nearest first."""
        if self.person is not None:
            team = self.person.team
            return [*([Holder(team=team)] if team else []), Holder()]
        return [Holder()] if self.team is not None else []


EVERYBODY = Holder()


def holder(slug: str) -> Holder | None:
    """Return whose hours an address names; None where there is nobody like that."""
    kind, _, number = slug.partition("-")
    if slug == EVERYBODY.slug:
        return EVERYBODY
    if not number.isdecimal() or len(number) > _LONGEST:
        return None
    if kind == "team" and (team := Team.objects.filter(pk=number).first()):
        return Holder(team=team)
    people = User.objects.select_related("team")
    if kind == "person" and (person := people.filter(pk=number).first()):
        return Holder(person=person)
    return None


def holder_of(row: Calendar) -> Holder:
    """Return whose hours a version holds."""
    return Holder(row.team, row.person)


def versions(whose: Holder) -> QuerySet[Calendar]:
    """Return all versions of one holder, the latest first."""
    rows = Calendar.objects.filter(team=whose.team, person=whose.person)
    return rows.select_related(*_WITH).order_by("-version")


def own(whose: Holder, *, at: datetime) -> Calendar | None:
    """Return the version of their own that holds at a moment, if there is one.

    A team's first version, and everybody's, holds for what was before it too; a
    person's only from then on.
    """
    found = versions(whose).filter(effective_at__lte=at).first()
    if found is None and whose.person is None:
        found = versions(whose).order_by("effective_at", "-version").first()
    return None if found is None or found.follows else found


def counting(whose: Holder, *, at: datetime) -> Calendar:
    """Return the hours that count for somebody at a moment, be they those above.

    Raises:
        LookupError: there is no calendar for everybody.
    """
    for one in (whose, *whose.above):
        if (found := own(one, at=at)) is not None:
            return found
    raise LookupError("No calendar holds for everybody.")


def above(row: Calendar, *, at: datetime) -> Calendar:
    """Return the hours that count without a holder's own ones."""
    first, *_ = holder_of(row).above
    return counting(first, at=at)


def latest() -> QuerySet[Calendar]:
    """Return the latest version of each holder, those to come included."""
    rows = Calendar.objects.order_by("team_id", "person_id", "-version")
    ids = rows.distinct("team_id", "person_id").values("pk")
    return Calendar.objects.filter(pk__in=ids).select_related(*_WITH)


def in_force(*, at: datetime) -> QuerySet[Calendar]:
    """Return the version of each holder that holds at a moment, ended ones left out."""
    holds = Q(effective_at__lte=at) | Q(version=1, person=None)
    rows = Calendar.objects.filter(holds)
    ids = rows.order_by("team_id", "person_id", "-version")
    ids = ids.distinct("team_id", "person_id")
    return Calendar.objects.filter(pk__in=ids.values("pk"), follows=False)
