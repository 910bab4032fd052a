"""What was agreed at a moment: which clause binds a lead, in whose hours it counts.

Moments are whole microseconds since 1970, as everywhere where clocks are judged in
sets; targets and warnings are business seconds.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import NamedTuple, Self

from sla.domain.calendars import Calendar
from sla.domain.open_hours import OpenHours, open_hours

type Moment = int
"""Microseconds since 1970, UTC."""


class ClauseTerms(NamedTuple):
    """A clause that runs clocks, as far as clocks need it."""

    id: int
    kind: str
    target: int
    warning: int
    source: str = ""
    segment: str = ""
    priority: int | None = None

    def fits(self, source: str, segment: str, priority: int) -> bool:
        """Tell whether a lead with these values is bound; blank and None fit all."""
        return (
            self.source in {"", source}
            and self.segment in {"", segment}
            and self.priority in {None, priority}
        )


class CalendarTerms(NamedTuple):
    """One version of the hours of a team, of a person, or of all who have none.

    One that ``follows`` says that from then on the hours above count.
    """

    id: int
    team: int | None
    since: Moment
    calendar: Calendar
    hours: OpenHours
    person: int | None = None
    follows: bool = False

    @classmethod
    def of(
        cls,
        id_: int,
        team: int | None,
        since: Moment,
        hours: Calendar,
        *,
        person: int | None = None,
        follows: bool = False,
    ) -> Self:
        """Return a version with the shared counter of its calendar."""
        return cls(id_, team, since, hours, open_hours(hours), person, follows)

    @property
    def holder(self) -> "Holder":
        """Return whose hours these are."""
        return self.team, self.person


type Holder = tuple[int | None, int | None]
"""A team, a person, or neither: everybody who has no hours of their own."""

EVERYBODY: Holder = (None, None)


class AgreementTerms(NamedTuple):
    """One version of the agreement with its clauses in their agreed order."""

    version: int
    since: Moment
    clauses: tuple[ClauseTerms, ...]


class Named(NamedTuple):
    """The values clauses are narrowed by; teams and people with hours of their own."""

    sources: list[str]
    segments: list[str]
    priorities: list[int]
    teams: list[int]
    people: list[int]


class Terms:
    """All versions of the agreement and of the calendars, the later ones taking over.

    At a moment the last of them that holds by then is in force. A clock that began
    before all of them counts by the earliest, so that facts from before the product
    can be read by the same measure.
    """

    def __init__(
        self,
        agreements: Iterable[AgreementTerms],
        calendars: Iterable[CalendarTerms],
    ) -> None:
        """Keep the versions as they come."""
        self._agreements = tuple(agreements)
        self._calendars: dict[Holder, list[CalendarTerms]] = {}
        self.calendars: dict[int, CalendarTerms] = {}
        for version in calendars:
            self._calendars.setdefault(version.holder, []).append(version)
            self.calendars[version.id] = version
        self.clauses = {c.id: c for a in self._agreements for c in a.clauses}
        self._found: dict[tuple[object, ...], ClauseTerms | None] = {}

    def with_clauses(self, more: Iterable[ClauseTerms]) -> Self:
        """Return the same with further clauses that bind nobody by themselves."""
        terms = copy(self)
        terms.clauses = {**self.clauses, **{clause.id: clause for clause in more}}
        return terms

    @property
    def named(self) -> Named:
        """Return all values that make a difference; leads with others are alike."""
        clauses = self.clauses.values()
        return Named(
            sorted({clause.source for clause in clauses if clause.source}),
            sorted({clause.segment for clause in clauses if clause.segment}),
            sorted({c.priority for c in clauses if c.priority is not None}),
            sorted(team for team, _ in self._calendars if team is not None),
            sorted(person for _, person in self._calendars if person is not None),
        )

    def turns(self, begin: Moment, end: Moment) -> list[Moment]:
        """Return when, after ``begin`` and up to ``end``, a version begins to hold."""
        since = {version.since for version in self._agreements}
        since |= {version.since for version in self.calendars.values()}
        return sorted(moment for moment in since if begin < moment <= end)

    def clause(
        self, kind: str, at: Moment, *, source: str, segment: str, priority: int
    ) -> ClauseTerms | None:
        """Return the first clause of a kind, in the agreed order, that binds a lead.

        None where the agreement in force at that moment promises nothing of the kind.
        """
        version = _in_force(self._agreements, at)
        if version is None:
            return None
        key = (version.version, kind, source, segment, priority)
        if key not in self._found:
            fitting = (
                clause
                for clause in version.clauses
                if clause.kind == kind and clause.fits(source, segment, priority)
            )
            self._found[key] = next(fitting, None)
        return self._found[key]

    def calendar(
        self, team: int | None, at: Moment, *, person: int | None = None
    ) -> CalendarTerms:
        """Return the hours that count for a person of a team at a moment.

        The person's own if they hold by then, else the team's, else everybody's.

        Raises:
            LookupError: there is no calendar for everybody.
        """
        found = _latest(self._calendars.get((None, person), ()), at) if person else None
        if found is None or found.follows:
            found = _in_force(self._calendars.get((team, None), ()), at)
        if found is None or found.follows:
            found = _in_force(self._calendars.get(EVERYBODY, ()), at)
        if found is None:
            raise LookupError("No calendar holds for everybody.")
        return found


def _in_force[V: (AgreementTerms, CalendarTerms)](
    versions: Sequence[V], at: Moment
) -> V | None:
    """Return the last version that holds at a moment; before all, the earliest."""
    earliest = min(versions, key=lambda version: version.since, default=None)
    return _latest(versions, at) or earliest


def _latest[V: (AgreementTerms, CalendarTerms)](
    versions: Sequence[V], at: Moment
) -> V | None:
    """Return the last version that holds at a moment, if any does by then."""
    holding = (version for version in reversed(versions) if version.since <= at)
    return next(holding, None)
