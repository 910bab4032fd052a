"""A few leads ask to be called later, so that their clocks stand still."""

from datetime import datetime, timedelta

from leads.actions import touchpoints
from leads.actions.touchpoints import Touch
from sla.actions import pauses
from sla.actions.pauses import Wish
from sla.enums import ClockState, PauseReason
from sla.models import Clock

_FEW = 3
_REPLY = {
    "type": "email",
    "channel": "email",
    "direction": "inbound",
    "team": "",
    "proof": "email_id",
}


def pause_some(*, at: datetime, most: int = _FEW) -> None:
    """Pause the clocks of some leads that wait in time, each with the lead's reply."""
    running = Clock.objects.filter(
        state=ClockState.RUNNING, breach_at__gt=at, lead__owner__isnull=False
    ).select_related("lead__owner")
    by_lead: dict[int, list[Clock]] = {}
    for row in running.order_by("-started_at", "pk"):
        by_lead.setdefault(row.lead_id, []).append(row)
    for number, rows in enumerate(list(by_lead.values())[::2][:most], 2):
        _pause(rows, at, until=at + timedelta(days=number))


def _pause(rows: list[Clock], at: datetime, *, until: datetime) -> None:
    lead = rows[0].lead
    owner = lead.owner
    if owner is None:
        return
    asked = Touch(lead.pk, at, {**_REPLY, "actor_id": None})
    reply = touchpoints.log(asked, by=None, at=at)
    for row in rows:
        wish = Wish(PauseReason.LEAD_ASKED, until, reply)
        pauses.pause(row, wish, by=owner, at=at)
