from datetime import datetime
from typing import Any, override

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.enums import Channel
from foundation.accounts.api.endpoints import ListEndpoint
from foundation.accounts.enums import Permission
from foundation.accounts.models import User
from foundation.kernel import clock
from foundation.kernel.api import filters
from leads.actions import touchpoints
from leads.actions.referred import Referred
from leads.actions.touchpoints import Touch
from leads.api.serializers import TouchpointBody, TouchpointOut
from leads.enums import Direction, TouchType
from leads.models import Touchpoint
from leads.queries import references

_APART = {"lead_id", "lead_external_system", "lead_external_id", "occurred_at"}


class Touchpoints(ListEndpoint[Touchpoint]):
    """Touches of both teams that count, the newest first; POST logs one."""

    permission = Permission.LEADS_VIEW
    write_permission = Permission.TOUCHES_EDIT
    out = TouchpointOut
    body = TouchpointBody
    filters = {
        "lead": filters.number("lead_id"),
        "campaign": filters.number("campaign_id"),
        "channel": filters.word("channel", Channel),
        "type": filters.word("type", TouchType),
        "direction": filters.word("direction", Direction),
        **filters.moments("occurred_at"),
    }

    @override
    def rows(self) -> QuerySet[Touchpoint]:
        return Touchpoint.objects.filter(in_force=True, is_withdrawal=False)

    def post(self, request: Request) -> Response:
        at, sent = clock.now(), self.sent()
        require_may_log(sent, Referred([sent]), by=self.user)
        lead = references.resolve([sent])[0]
        touch = touch_of(sent, lead, by=self.user, at=at)
        return self.answer(touchpoints.log(touch, by=self.user, at=at))


def require_may_log(sent: dict[str, Any], referred: Referred, *, by: User) -> None:
    """Refuse a touch that refers to what is not there, or says more than ``by`` can.

    Raises:
        UnknownReference, touchpoints.NotYourTeam, touchpoints.NotYourProof
    """
    referred.require(sent)
    touchpoints.require_may_claim(sent, by=by)


def touch_of(sent: dict[str, Any], lead: int, *, by: User, at: datetime) -> Touch:
    """Make a touch of a checked body; without a team it is the caller's."""
    values = {k: v for k, v in sent.items() if k not in _APART}
    if values.get("cost") is None:
        values.pop("cost", None)
        values.pop("currency", None)
    values["team"] = values.get("team") or by.function or ""
    values.setdefault("actor_id", by.pk)
    return Touch(lead, sent.get("occurred_at") or at, values)
