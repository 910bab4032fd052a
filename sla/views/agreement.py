"""What both sides promised each other, on one page to read and to print."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.kernel.periods import Period, Step, around
from foundation.ledger.queries import live
from sla.domain.tally import Tally
from sla.enums import PauseReason, Side
from sla.models import Agreement, Clause
from sla.queries import agreement as queries
from sla.queries import attainment
from sla.views import working_hours
from sla.views.promises import is_measured, pact, period_of, shares, tally_of
from sla.views.wording import narrowing, percent, sentence

_PARTS = {
    Side.BOTH: _("For both"),
    Side.SALES: _("Sales"),
    Side.MARKETING: _("Marketing"),
    Side.LEADERSHIP: _("Leadership"),
}
_STEPS = {
    Step.WEEK: _("Week"),
    Step.MONTH: _("Month"),
    Step.QUARTER: _("Quarter"),
    Step.YEAR: _("Year"),
}


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def agreement(request: UserRequest) -> HttpResponse:
    """Show the agreement in force with what became of each promise in a period.

    The period stands in the address; without one it is the present quarter.
    """
    frame, at = live(), clock.now()
    period, today = period_of(request), workspace.current().today(at)
    found, calendars = queries.in_force(at=at), queries.calendars(at=at)
    context = {
        "agreement": found,
        "parts": _parts(found, period) if found else [],
        "period": period,
        "choices": _choices(period, today),
        "weeks": working_hours.weeks(calendars),
        "days_off": working_hours.days_off(calendars, today=today),
        "pause_reasons": [reason.label for reason in PauseReason],
        "warning": percent(found.warning_share) if found else "",
        "as_of": at,
        **frame,
    }
    return page(request, "sla/agreement.html", context, partial="promised")


def _choices(period: Period, today: date) -> list[dict[str, Any]]:
    spans = {label: around(today, step) for step, label in _STEPS.items()}
    return [
        {
            "label": label,
            "url": f"?period={span.label}",
            "current": span.label == period.label,
        }
        for label, span in spans.items()
    ]


def _parts(found: Agreement, period: Period) -> list[dict[str, Any]]:
    """Return the parts of the contract that have clauses, numbered through."""
    tallies = attainment.tally([period], by="clause")
    clauses = list(found.clauses.all())
    numbers = _numbers(clauses)
    return [
        {
            "side": side.value,
            "label": label,
            "clauses": [
                _clause(clause, numbers[clause.pk], tally_of(clause, tallies), period)
                for clause in clauses
                if clause.side == side
            ],
        }
        for side, label in _PARTS.items()
        if any(clause.side == side for clause in clauses)
    ]


def _numbers(clauses: list[Clause]) -> dict[int, int]:
    """Number the clauses as they are read: part after part, in the agreed order."""
    sides = list(_PARTS)
    read = sorted(clauses, key=lambda clause: sides.index(Side(clause.side)))
    return {clause.pk: number for number, clause in enumerate(read, 1)}


def _clause(
    clause: Clause, number: int, found: Tally, period: Period
) -> dict[str, Any]:
    return {
        "number": number,
        "sentence": sentence(clause),
        "narrowing": narrowing(clause),
        "measured": is_measured(clause),
        "share": percent(clause.attainment),
        "pact": pact(clause, found, period),
        "shares": shares(found, period=period.label, clause=clause.pk),
        "history": percent(found.history_attainment),
        "history_n": found.history_met + found.history_breached,
    }
