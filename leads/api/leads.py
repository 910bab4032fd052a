from datetime import datetime
from typing import Any, override

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.api.endpoints import Endpoint, ListEndpoint
from foundation.accounts.enums import Permission, Role
from foundation.accounts.models import User
from foundation.kernel import clock
from foundation.kernel.api import filters
from foundation.ledger import actions as ledger
from leads import rules
from leads.actions import assignments, leads
from leads.actions.leads import NewLead
from leads.actions.referred import Referred
from leads.api.serializers import LeadBody, LeadChangeBody, LeadOut
from leads.enums import Cause, Exclusion, Stage
from leads.models import Lead

_APART = ("created_at", "stage", "stage_at")
_EXTERNAL = ("external_system", "external_id")


class Leads(ListEndpoint[Lead]):
    """Leads, the newest first; POST creates one."""

    permission = Permission.LEADS_VIEW
    write_permission = Permission.LEADS_EDIT
    out = LeadOut
    body = LeadBody
    filters = {
        "stage": filters.word("stage", Stage),
        "source": filters.text("source"),
        "segment": filters.text("segment"),
        "country": filters.text("country"),
        "campaign": filters.number("campaign_id"),
        "company": filters.number("company_id"),
        "owner": filters.number("owner_id"),
        "exclusion": filters.word("exclusion", Exclusion),
        "external_system": filters.text("external_system"),
        "external_id": filters.text("external_id"),
        "email": filters.text("email_folded", "The address, in lower case."),
        **filters.moments("created_at"),
        **filters.moments("mql_at", "first_mql_at"),
        **filters.moments("customer_at", "first_customer_at"),
    }
    orderings = ("created_at",)
    search_fields = ("email_folded",)

    @override
    def rows(self) -> QuerySet[Lead]:
        return rules.leads_visible_to(self.user)

    @override
    def search(self, rows: QuerySet[Lead], text: str) -> QuerySet[Lead]:
        """Find by the beginning of address, last name or company, or the whole id."""
        return rows.filter(
            Q(email_folded__startswith=text.casefold())
            | Q(last_name__istartswith=text)
            | Q(external_id=text)
            | Q(company__name__istartswith=text)
        )

    def post(self, request: Request) -> Response:
        return self.answer(_create(self.sent(), by=self.user, at=clock.now()))


def _create(sent: dict[str, Any], *, by: User, at: datetime) -> Lead:
    require_may_refer(sent, Referred([sent]), by=by)
    return leads.create(new_lead(sent, at), by=by, at=at, cause=cause_of(by))


class LeadDetail(Endpoint):
    """One lead; PATCH changes what is known of it."""

    permission = Permission.LEADS_VIEW
    write_permission = Permission.LEADS_EDIT
    out = LeadOut
    body = LeadChangeBody

    def get(self, request: Request, pk: int) -> Response:
        return self.answer(self._lead(pk))

    def patch(self, request: Request, pk: int) -> Response:
        lead, sent, at = self._lead(pk), dict(self.sent()), clock.now()
        _change(lead, sent, by=self.user, at=at)
        return self.answer(self._lead(pk))

    def _lead(self, pk: int) -> Lead:
        return get_object_or_404(rules.leads_visible_to(self.user), pk=pk)


def _change(lead: Lead, sent: dict[str, Any], *, by: User, at: datetime) -> None:
    """Change a lead as a body says, all of it or nothing."""
    referred = Referred([sent])
    referred.require(sent)
    owner = referred.owner(sent)
    with ledger.entry(by=by, at=at, cause="leads"):
        owner_id = sent.pop("owner_id", lead.owner_id)
        leads.change(lead, sent, by=by, at=at)
        if owner_id != lead.owner_id:
            assignments.assign([lead.pk], owner=owner, by=by, at=at)


class LeadByExternalId(Endpoint):
    """PUT creates the lead with this external id, or changes the one there is.

    Without one of this id, the lead with the e-mail address of the body is the one, and
    gets the id if it has none yet. Where id and address name two leads the answer is
    `identity_conflict`. What is told of new leads only (`created_at`, `stage`,
    `stage_at`) is refused of a known one, unless it is so.
    """

    permission = Permission.LEADS_VIEW
    write_permission = Permission.LEADS_EDIT
    out = LeadOut
    body = LeadBody
    status = {"PUT": 200}

    def get(self, request: Request, system: str, external_id: str) -> Response:
        return self.answer(get_object_or_404(self._found(system, external_id)))

    @extend_schema(responses={200: LeadOut, 201: LeadOut})
    def put(self, request: Request, system: str, external_id: str) -> Response:
        at, sent = clock.now(), self._sent_for(system, external_id)
        known = leads.named(system, external_id, sent.get("email", ""))
        if known is None:
            row = _create(sent, by=self.user, at=at)
            return Response(self.out(row).data, status=201)
        leads.require_as_created(known, sent)
        told = {k: v for k, v in sent.items() if k not in _APART}
        if known.external_id:
            told = {k: v for k, v in told.items() if k not in _EXTERNAL}
        _change(known, told, by=self.user, at=at)
        return self.answer(rules.leads_visible_to(self.user).get(pk=known.pk))

    def _sent_for(self, system: str, external_id: str) -> dict[str, Any]:
        """Return the body with the address's id; another one in it is refused."""
        own = dict(zip(_EXTERNAL, (system, external_id), strict=True))
        sent: dict[str, Any] = {**own, **self.sent()}
        wrong = [name for name in _EXTERNAL if sent[name] != own[name]]
        if wrong:
            text = _("The address names another one.")
            raise ValidationError(
                {name: [text] for name in wrong}, code="other_address"
            )
        read = LeadBody(data=own)
        read.is_valid(raise_exception=True)
        return sent

    def _found(self, system: str, external_id: str) -> QuerySet[Lead]:
        rows = rules.leads_visible_to(self.user)
        return rows.filter(external_system=system, external_id=external_id)


def new_lead(sent: dict[str, Any], at: datetime) -> NewLead:
    """Read a checked body: the row's values, and when it came to its stage."""
    return NewLead(
        {k: v for k, v in sent.items() if k not in _APART},
        sent.get("created_at") or at,
        sent.get("stage", Stage.LEAD),
        sent.get("stage_at"),
    )


def require_may_refer(sent: dict[str, Any], referred: Referred, *, by: User) -> None:
    """Refuse what a new lead refers to and is not there, or not for ``by`` to choose.

    Raises:
        UnknownReference, assignments.NotAllowed, assignments.NoOwner
    """
    referred.require(sent)
    assignments.require_may_give(referred.owner(sent), by=by)


def cause_of(user: User) -> str:
    """Programs act by the API, people by hand."""
    return Cause.API if user.role == Role.INTEGRATION else Cause.HAND
