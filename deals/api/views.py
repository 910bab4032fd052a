from typing import Any, override

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from deals.actions import deals
from deals.actions.deals import DealFacts
from deals.api.serializers import DealBody, DealChangeBody, DealOut
from deals.enums import Outcome
from deals.models import Deal
from foundation.accounts.api.endpoints import Endpoint, ListEndpoint
from foundation.accounts.enums import Permission
from foundation.kernel import clock
from foundation.kernel.api import filters
from leads.queries import references

_OWN = {
    *("external_system", "external_id", "name", "lost_reason", "owner_id"),
    *("source", "campaign_id", "segment", "country"),
}


class Deals(ListEndpoint[Deal]):
    """Deals, the newest first; POST creates one, or changes the one it names."""

    permission = Permission.LEADS_VIEW
    write_permission = Permission.DEALS_EDIT
    out = DealOut
    body = DealBody
    filters = {
        "lead": filters.number("lead_id"),
        "company": filters.number("company_id"),
        "owner": filters.number("owner_id"),
        "outcome": filters.word("outcome", Outcome),
        "source": filters.text("source"),
        "segment": filters.text("segment"),
        "country": filters.text("country"),
        "external_system": filters.text("external_system"),
        "external_id": filters.text("external_id"),
        **filters.moments("opened_at"),
        **filters.moments("closed_at"),
    }
    orderings = ("opened_at",)

    @override
    def rows(self) -> QuerySet[Deal]:
        return Deal.objects.filter(withdrawn_at__isnull=True)

    def post(self, request: Request) -> Response:
        sent = self.sent()
        facts = _facts(references.resolve([sent])[0], sent)
        saved = deals.save(facts, by=self.user, at=clock.now())
        status = 201 if saved.code == "created" else 200
        return Response(DealOut(self.rows().get(pk=saved.deal_id)).data, status=status)


class DealDetail(Endpoint):
    """One deal; PATCH tells what became of it."""

    permission = Permission.LEADS_VIEW
    write_permission = Permission.DEALS_EDIT
    out = DealOut
    body = DealChangeBody

    def get(self, request: Request, pk: int) -> Response:
        return self.answer(self._deal(pk))

    def patch(self, request: Request, pk: int) -> Response:
        deals.change(self._deal(pk), self.sent(), by=self.user, at=clock.now())
        return self.answer(self._deal(pk))

    def _deal(self, pk: int) -> Deal:
        return get_object_or_404(Deal, pk=pk, withdrawn_at__isnull=True)


def _facts(lead: int, sent: dict[str, Any]) -> DealFacts:
    return DealFacts(
        lead_id=lead,
        outcome=sent.get("outcome", Outcome.OPEN),
        opened_at=sent.get("opened_at"),
        closed_at=sent.get("closed_at"),
        amount=sent.get("amount"),
        currency=sent.get("currency") or "",
        values={k: v for k, v in sent.items() if k in _OWN},
    )
