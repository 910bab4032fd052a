"""Draw up when teams work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from foundation.accounts.models import Team, User
from foundation.accounts.queries import workspace
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger
from sla.domain.calendar_form import WEEKDAYS
from sla.domain.errors import BusinessTimeError
from sla.domain.public_holidays import public_holidays
from sla.models import Calendar

OFFICE_HOURS = {day: [["09:00", "18:00"]] for day in WEEKDAYS[:5]}
YEARS_BACK, YEARS_AHEAD = 20, 10

type Intervals = Sequence[Sequence[str]]


class WrongCalendar(Invalid):
    """The hours cannot be counted with; the message names the place and the mend."""

    code = "wrong_calendar"


@dataclass(frozen=True)
class Draft:
    """Hours as people write them down.

    ``weekly`` and ``special`` are in the written form of calendars (``mon`` … ``sun``
    and local dates, each with intervals of ``HH:MM``); ``days_off`` names local dates;
    a blank ``country`` has no public holidays. Without ``team`` the hours are those of
    everybody who has none of their own.
    """

    name: str
    time_zone: str
    country: str = ""
    weekly: Mapping[str, Intervals] = field(default_factory=lambda: OFFICE_HOURS)
    days_off: Mapping[date, str] = field(default_factory=dict)
    special: Mapping[date, Intervals] = field(default_factory=dict)
    team: Team | None = None


def draw_up(
    draft: Draft,
    *,
    by: User | None,
    at: datetime,
    effective_at: datetime | None = None,
) -> Calendar:
    """Agree on hours from a moment on, as the next version of the team's calendar.

    Clocks that run keep the version in whose hours they began. The public holidays of
    20 years back and 10 years ahead are written down with the version, named in the
    workspace's language. The same hours again make no version.

    Args:
        draft: the hours.
        by: who drew them up; None for the product itself.
        at: now.
        effective_at: from when they hold; now, if not given.

    Raises:
        WrongCalendar: the hours never open, or something in them is malformed.
    """
    with ledger.entry(by=by, at=at, cause="calendar") as entry:
        row = make(draft, effective_at=effective_at or at, year=at.year)
        latest = _latest(draft.team)
        if latest is not None and _says_the_same(latest, row):
            return latest
        row.version, row.entry_id = (latest.version if latest else 0) + 1, entry.pk
        row.save(force_insert=True)
        entry.record(
            "sla.calendar.drawn_up",
            subject=("sla.calendar", row.pk),
            data={"team": row.team_id, "version": row.version},
        )
    return row


def make(draft: Draft, *, effective_at: datetime, year: int) -> Calendar:
    """Return the row of a first version, not stored, after checking its hours.

    Raises:
        WrongCalendar: as for `draw_up`.
    """
    row = Calendar(
        team=draft.team,
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
        _ = row.hours
    except BusinessTimeError as error:
        raise WrongCalendar(str(error), field=error.place) from error
    return row


def _listed(spans: Intervals) -> list[list[str]]:
    return [list(span) for span in spans]


def _public_holidays(country: str, year: int) -> dict[str, str]:
    if not country:
        return {}
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    named = public_holidays(country, years, workspace.current().language)
    return {day.isoformat(): name for day, name in named.items()}


def _latest(team: Team | None) -> Calendar | None:
    """Return the highest version; other writers of the team's calendar wait."""
    rows = Calendar.objects.filter(team=team).order_by("-version")
    return rows.select_for_update().first()


def _says_the_same(one: Calendar, other: Calendar) -> bool:
    return (one.name, one.country, one.form) == (other.name, other.country, other.form)
