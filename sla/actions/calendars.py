"""Draw up when teams and people work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Team, User
from foundation.accounts.queries import workspace
from foundation.kernel.errors import DomainError, Forbidden, Invalid
from foundation.ledger import actions as ledger
from sla import rules
from sla.actions.calendar_faults import refuse_overlaps, said
from sla.domain.calendar_form import WEEKDAYS
from sla.domain.errors import BusinessTimeError
from sla.domain.public_holidays import public_holidays
from sla.models import Calendar
from sla.queries import calendars as queries

OFFICE_HOURS = {day: [["09:00", "18:00"]] for day in WEEKDAYS[:5]}
YEARS_BACK, YEARS_AHEAD = 20, 10
LOCK = 4_207_042
"""The advisory lock of whoever draws up hours, so that versions count through."""

type Intervals = Sequence[Sequence[str]]


class WrongCalendar(Invalid):
    """The hours cannot be counted with; the message names the place and the mend."""

    code = "wrong_calendar"


class NotYourHours(Forbidden):
    """Heads draw up hours for their side and for everybody, operations for all."""

    code = "not_your_hours"


class NothingToFollow(DomainError):
    """There are no hours of one's own to give up."""

    code = "nothing_to_follow"


@dataclass(frozen=True)
class Draft:
    """Hours as people write them down.

    ``weekly`` and ``special`` are in the written form of calendars (``mon`` … ``sun``
    and local dates, each with intervals of ``HH:MM``); ``days_off`` names local dates;
    a blank ``country`` has no public holidays. Without ``team`` and ``person`` the
    hours are those of everybody who has none of their own.
    """

    name: str
    time_zone: str
    country: str = ""
    weekly: Mapping[str, Intervals] = field(default_factory=lambda: OFFICE_HOURS)
    days_off: Mapping[date, str] = field(default_factory=dict)
    special: Mapping[date, Intervals] = field(default_factory=dict)
    team: Team | None = None
    person: User | None = None


def draw_up(
    draft: Draft,
    *,
    by: User | None,
    at: datetime,
    effective_at: datetime | None = None,
) -> Calendar:
    """Agree on hours from a moment on, as the holder's next version.

    Clocks that run keep the version in whose hours they began, unless the signers
    choose otherwise (`sla.actions.recounts`). The public holidays of 20 years back and
    10 years ahead are written down with the version, named in the workspace's language.
    The same hours again make no version.

    Args:
        draft: the hours.
        by: who drew them up; None for the product itself.
        at: now.
        effective_at: from when they hold; now, if not given.

    Raises:
        WrongCalendar: the hours never open, or something in them is malformed or
            overlaps, or they begin in the past.
        NotYourHours: ``by`` may not draw up hours for this team or person.
    """
    _check(draft.team, draft.person, by, effective_at, at)
    with ledger.entry(by=by, at=at, cause="calendar") as entry:
        row = make(draft, effective_at=effective_at or at, year=at.year)
        latest = _latest(draft.team, draft.person)
        if latest is not None and _says_the_same(latest, row):
            return latest
        return _add(row, latest, entry)


def follow(
    *,
    team: Team | None = None,
    person: User | None = None,
    by: User | None,
    at: datetime,
    effective_at: datetime | None = None,
) -> Calendar:
    """Give up hours of one's own from a moment on; those above count again.

    Repeating it makes no version.

    Raises:
        NothingToFollow: there are none.
        NotYourHours, WrongCalendar: as for `draw_up`.
    """
    _check(team, person, by, effective_at, at)
    with ledger.entry(by=by, at=at, cause="calendar") as entry:
        latest = _latest(team, person)
        if latest is None or (team, person) == (None, None):
            raise NothingToFollow(_("There are no hours of their own to give up."))
        if latest.follows:
            return latest
        above = queries.above(latest, at=at)
        row = make(
            replace(draft_of(above), team=team, person=person, name=latest.name),
            effective_at=effective_at or at,
            year=at.year,
        )
        row.follows = True
        return _add(row, latest, entry)


def draft_of(row: Calendar) -> Draft:
    """Return what a version was drawn up from, to begin another with."""
    return Draft(
        name=row.name,
        time_zone=row.time_zone,
        country=row.country,
        weekly=row.weekly,
        days_off={date.fromisoformat(day): name for day, name in row.days_off.items()},
        special={date.fromisoformat(day): s for day, s in row.special.items()},
        team=row.team,
        person=row.person,
    )


def make(draft: Draft, *, effective_at: datetime, year: int) -> Calendar:
    """Return the row of a first version, not stored, after checking its hours.

    Raises:
        WrongCalendar: as for `draw_up`.
    """
    row = Calendar(
        team=draft.team,
        person=draft.person,
        version=1,
        name=draft.name,
        time_zone=draft.time_zone,
        country=draft.country,
        weekly={day: _listed(spans) for day, spans in draft.weekly.items()},
        days_off={day.isoformat(): name for day, name in draft.days_off.items()},
        special={day.isoformat(): _listed(s) for day, s in draft.special.items()},
        effective_at=effective_at,
    )
    try:
        row.public_holidays = _public_holidays(draft.country, year)
        hours = row.hours
    except BusinessTimeError as error:
        raise WrongCalendar(said(error), field=error.place) from error
    refuse_overlaps(hours, WrongCalendar)
    return row


def _check(
    team: Team | None,
    person: User | None,
    by: User | None,
    effective_at: datetime | None,
    at: datetime,
) -> None:
    if by is not None and not rules.may_draw_up(by, team=team, person=person):
        raise NotYourHours(_("Ask a head or revenue operations to change these hours."))
    if effective_at is not None and effective_at < at:
        raise WrongCalendar(_("Hours cannot begin in the past."), field="effective_at")


def _add(row: Calendar, latest: Calendar | None, entry: ledger.Writer) -> Calendar:
    row.version, row.entry_id = (latest.version if latest else 0) + 1, entry.pk
    row.save(force_insert=True)
    entry.record(
        "sla.calendar.drawn_up",
        subject=("sla.calendar", row.pk),
        data={
            "team": row.team_id,
            "person": row.person_id,
            "version": row.version,
            "follows": row.follows,
        },
    )
    return row


def _listed(spans: Intervals) -> list[list[str]]:
    return [list(span) for span in spans]


def _public_holidays(country: str, year: int) -> dict[str, str]:
    if not country:
        return {}
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    named = public_holidays(country, years, workspace.current().language)
    return {day.isoformat(): name for day, name in named.items()}


def _latest(team: Team | None, person: User | None) -> Calendar | None:
    """Return the highest version; other writers of calendars wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    rows = Calendar.objects.filter(team=team, person=person)
    return rows.select_related("team", "person").order_by("-version").first()


def _says_the_same(one: Calendar, other: Calendar) -> bool:
    return not one.follows and (
        (one.name, one.country, one.form) == (other.name, other.country, other.form)
    )
