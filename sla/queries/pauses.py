"""Which clocks could stand still now, and what could show why."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from foundation.accounts.enums import Function
from leads.enums import Direction
from leads.models import Lead, Touchpoint
from sla.enums import ClockState
from sla.models import Clock


def pausable(clocks: Iterable[Clock], *, at: datetime) -> list[Clock]:
    """Return those that run, are in time and have a pause left; history has none."""
    return [
        row
        for row in clocks
        if row.state == ClockState.RUNNING
        and at <= row.breach_at
        and not row.history
        and row.pauses < row.clause.agreement.pauses_per_clock
    ]


def evidence_of(lead: Lead) -> QuerySet[Touchpoint]:
    """Return what came from the lead or from marketing, the latest first."""
    theirs = Q(direction=Direction.INBOUND) | Q(team=Function.MARKETING)
    rows = Touchpoint.objects.filter(
        theirs, lead=lead, in_force=True, is_withdrawal=False
    )
    return rows.order_by("-occurred_at", "-pk")
