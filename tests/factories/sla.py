from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sla.actions import agreement, calendars
from sla.actions.agreement import Promise
from sla.domain.calendar_form import WEEKDAYS
from sla.enums import ClauseKind
from sla.models import Agreement, Calendar, Clock

HOUR = timedelta(hours=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ALWAYS = {day: [["00:00", "24:00"]] for day in WEEKDAYS}


def make_calendar(*, at: datetime = LONG_AGO, **fields) -> Calendar:
    """Draw up hours; without a country there are no holidays."""
    fields.setdefault("name", "Hours")
    fields.setdefault("time_zone", "Europe/Bucharest")
    return calendars.draw_up(calendars.Draft(**fields), by=None, at=at)


def make_agreement(
    *promises: Promise,
    at: datetime = LONG_AGO,
    response: timedelta = 2 * HOUR,
    acceptance: timedelta = 4 * HOUR,
) -> Agreement:
    """Put an agreement into force: the promises given, or the two usual ones."""
    usual = (
        Promise(ClauseKind.FIRST_RESPONSE, response, Decimal("0.9")),
        Promise(ClauseKind.ACCEPTANCE, acceptance, Decimal("0.9")),
    )
    draft = agreement.Draft(promises or usual)
    return agreement.put_in_force(draft, by=None, at=at)


def clock_of(lead, kind="first_response", *, round_=1) -> Clock:
    return Clock.objects.get(lead=lead, kind=kind, round=round_)
