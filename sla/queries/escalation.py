"""Whom a breach is told to next. The one place where the ladder is read."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from sla.domain import ladder
from sla.domain.ladder import Step
from sla.models import Agreement, Clock, Escalation


def steps_of(agreement: Agreement) -> tuple[Step, ...]:
    """Return the steps that an agreement holds, else the usual ones."""
    return ladder.read(agreement.escalation)


def breached(clock_ids: Sequence[int]) -> list[Clock]:
    """Return clocks with what their steps depend on. One statement."""
    rows = Clock.objects.filter(pk__in=clock_ids).select_related(
        "clause__agreement", "calendar"
    )
    return list(rows.order_by("pk"))


def due(*, at: datetime) -> QuerySet[Escalation]:
    """Return the steps whose time has come and that nobody has looked at yet."""
    return Escalation.objects.filter(settled_at__isnull=True, due_at__lte=at)
