from typing import override

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.api.endpoints import Endpoint, ListEndpoint
from foundation.accounts.enums import Permission
from foundation.kernel import clock
from foundation.kernel.api import filters
from leads.actions import corrections, decisions
from leads.api.leads import cause_of
from leads.api.serializers import StageChangeBody, StageChangeOut, WithdrawalBody
from leads.enums import Cause, Stage
from leads.models import StageChange
from leads.queries import references


class StageChanges(ListEndpoint[StageChange]):
    """Every change ever recorded, the newest first; POST tells of one.

    Those not ``in_force`` were corrected by another; withdrawals only take back.
    """

    permission = Permission.LEADS_VIEW
    write_permission = Permission.LEADS_EDIT
    out = StageChangeOut
    body = StageChangeBody
    filters = {
        "lead": filters.number("lead_id"),
        "to_stage": filters.word("to_stage", Stage),
        "cause": filters.word("cause", Cause),
        "in_force": filters.flag("in_force"),
        **filters.moments("occurred_at"),
    }

    @override
    def rows(self) -> QuerySet[StageChange]:
        return StageChange.objects.all()

    def post(self, request: Request) -> Response:
        sent, at = self.sent(), clock.now()
        change = decisions.tell(
            references.resolve([sent])[0],
            Stage(sent["to_stage"]),
            occurred_at=sent.get("occurred_at") or at,
            reason=sent.get("reason", ""),
            re_entry_on=sent.get("re_entry_on"),
            although_met=sent["although_met"],
            cause=cause_of(self.user),
            by=self.user,
            at=at,
        )
        return self.answer(change)


class StageChangeDetail(Endpoint):
    """One stage change."""

    permission = Permission.LEADS_VIEW
    out = StageChangeOut

    def get(self, request: Request, pk: int) -> Response:
        return self.answer(get_object_or_404(StageChange, pk=pk))


class StageChangeWithdrawal(Endpoint):
    """POST takes a change back, with a reason; what was known stays known."""

    permission = Permission.LEADS_ASSIGN
    out = StageChangeOut
    body = WithdrawalBody

    def post(self, request: Request, pk: int) -> Response:
        change = get_object_or_404(StageChange, pk=pk)
        reason = self.sent()["reason"]
        return self.answer(
            corrections.withdraw_change(
                change, reason=reason, by=self.user, at=clock.now()
            )
        )
