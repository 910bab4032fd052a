from datetime import UTC, datetime, timedelta
from decimal import Decimal

from foundation.accounts.enums import Function
from foundation.documents.actions import versions
from foundation.documents.models import Version
from foundation.ledger.models import Event
from leads.actions import touchpoints
from leads.enums import Direction, Proof, TouchType
from leads.models import Touchpoint
from sla.actions import agreement, agreements, calendars, sweeping
from sla.actions.agreement import Promise
from sla.domain.agreement_form import DEFAULT_RULES
from sla.domain.calendar_form import WEEKDAYS
from sla.enums import ClauseKind
from sla.models import Agreement, Calendar, Clock
from tests.factories.definitions import head_of

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


def call(lead, when, *, at=None, by=None, **values) -> Touchpoint:
    """Log a call of sales, as the queue does; ``at`` is when it is recorded."""
    values = {
        "type": TouchType.CALL,
        "direction": Direction.OUTBOUND,
        "team": Function.SALES,
        "proof": Proof.CALL_RECORD,
        **values,
    }
    touch = touchpoints.Touch(lead.pk, when, values)
    return touchpoints.log(touch, by=by, at=at or when)


def sweep_all(at) -> int:
    """Sweep until nothing is due; return how many clocks it was."""
    found = 0
    while swept := sweeping.sweep(at=at):
        found += swept
    return found


def states(lead) -> dict[str, str]:
    """Return the state of each of a lead's clocks: ``acceptance 1``."""
    rows = Clock.objects.filter(lead=lead)
    return {f"{row.kind} {row.round}": row.state for row in rows}


def events(kind="sla.clock.") -> list[str]:
    """Return the kinds of the events so far, in order, without their first words."""
    rows = Event.objects.filter(kind__startswith=kind).order_by("pk")
    return [row.kind.removeprefix(kind) for row in rows]


FORM = {
    "clauses": [
        {"kind": "first_response", "minutes": 60, "share": "0.9"},
        {"kind": "acceptance", "minutes": 240, "share": "0.9"},
    ]
}


def make_draft(*clauses, at=LONG_AGO, by=None, title="Agreement", **values) -> Version:
    """Draft an agreement: the clauses given, or the two usual ones."""
    rules = {n: values.pop(n) for n in list(values) if n in DEFAULT_RULES}
    form = {**FORM, **({"clauses": list(clauses)} if clauses else {}), **rules}
    new = agreements.Draft(title, form=form, **values)
    return agreements.draft(new, by=by, at=at)


def make_proposal(*clauses, at=LONG_AGO, **values) -> Version:
    by = head_of("marketing")
    return agreements.propose(
        make_draft(*clauses, at=at, by=by, **values), by=by, at=at
    )


def make_signed(*clauses, at=LONG_AGO, **values) -> Version:
    """Make an agreement that both heads have signed."""
    row = make_proposal(*clauses, at=at, **values)
    for function in ("marketing", "sales"):
        row = versions.sign(row, digest=row.digest, by=head_of(function), at=at)
    return row
