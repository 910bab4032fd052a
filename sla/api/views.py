from typing import override

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.api.endpoints import Endpoint, ListEndpoint
from foundation.accounts.enums import Permission
from foundation.kernel import clock
from foundation.kernel.api import filters
from foundation.kernel.api.filters import Filter
from leads.rules import leads_visible_to
from sla.api.serializers import PROMISES, ClockDetailOut, ClockOut
from sla.enums import ClockState
from sla.models import Clock
from sla.queries import explanations


class Clocks(ListEndpoint[Clock]):
    """Clocks of promises about leads, the newest first."""

    permission = Permission.AGREEMENT_VIEW
    out = ClockOut
    filters = {
        "promise": Filter("kind", serializers.ChoiceField(PROMISES)),
        "state": filters.word("state", ClockState),
        "waiting": filters.flag("waiting", "Whether somebody still waits."),
        "breached": filters.flag(
            "", "Whether it went past its time, whatever became of it since."
        ),
        "history": filters.flag("history"),
        "excepted": filters.flag("excepted"),
        "clause": filters.number("clause_id"),
        "lead": filters.number("lead_id"),
        "owner": filters.number("owner_id"),
        "team": filters.number("owner__team_id", "The owner's team."),
        "source": filters.text("source"),
        "segment": filters.text("segment"),
        "country": filters.text("country"),
        "campaign": filters.number("campaign_id"),
        **filters.moments("started_at"),
        **filters.moments("due_at"),
        **filters.moments("ended_at"),
    }
    orderings = ("breach_at",)

    @override
    def rows(self) -> QuerySet[Clock]:
        return _shown(Clock.objects.all())

    @override
    def narrowed(self) -> QuerySet[Clock]:
        rows, breached = super().narrowed(), self.asked.get("breached")
        if breached is None:
            return rows
        past = Q(state=ClockState.BREACHED) | Q(breach__isnull=False)
        return rows.filter(past if breached else ~past)


class ClockDetail(Endpoint):
    """One clock, and why it is due then: each stretch of time, counted or not."""

    permission = Permission.AGREEMENT_VIEW
    out = ClockDetailOut

    def get(self, request: Request, pk: int) -> Response:
        visible = leads_visible_to(self.user)
        rows = _shown(Clock.objects.filter(lead__in=visible))
        row = get_object_or_404(rows.select_related("clause", "calendar"), pk=pk)
        at = clock.now()
        vars(row)["explanation"] = {
            **vars(explanations.explain(row, at=at)),
            "as_of": at,
            "pauses": explanations.pauses_of(row),
        }
        return self.answer(row)


def _shown(rows: QuerySet[Clock]) -> QuerySet[Clock]:
    return rows.annotate(
        agreement_version=F("clause__agreement__version"),
        target_seconds=F("clause__target_seconds"),
        team_id=F("owner__team_id"),
        flagged_at=F("breach__flagged_at"),
    )
