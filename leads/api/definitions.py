"""Definitions over the API: read, draft, revise, propose. People sign on their page."""

from typing import override

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.api.endpoints import Endpoint, ListEndpoint
from foundation.accounts.enums import Permission
from foundation.documents.actions import versions
from foundation.documents.enums import State
from foundation.documents.models import Version
from foundation.documents.queries.versions import with_standing
from foundation.kernel import clock
from foundation.kernel.api import filters
from foundation.kernel.api.filters import Filter
from foundation.kernel.api.if_match import revision_of
from leads import rules
from leads.actions import definitions
from leads.actions.definitions import Draft
from leads.api.definition_serializers import (
    DefinitionBody,
    DefinitionChangeBody,
    DefinitionOut,
    LeadExplanationOut,
    ProposalBody,
    explanation_of,
)
from leads.domain.criteria.schema import schema
from leads.enums import Stage
from leads.queries.definitions import KINDS, STAGES
from leads.queries.explanations import explain

STAGE = serializers.ChoiceField([Stage.MQL.value, Stage.SQL.value])


def _rows() -> QuerySet[Version]:
    rows = Version.objects.filter(kind__in=STAGES).prefetch_related("signatures")
    return with_standing(rows, at=clock.now())


def _definition(pk: int) -> Version:
    return get_object_or_404(_rows(), pk=pk)


def _tagged(endpoint: Endpoint, row: Version) -> Response:
    """Write a version as it stands now, with the ETag that a change of it needs."""
    answer = endpoint.answer(_definition(row.pk))
    answer["ETag"] = f'"{row.revision}"'
    return answer


class Definitions(ListEndpoint[Version]):
    """Versions of the definitions of MQL and SQL; POST drafts the next one."""

    permission = Permission.DEFINITIONS_VIEW
    write_permission = Permission.DEFINITIONS_EDIT
    out = DefinitionOut
    body = DefinitionBody
    filters = {
        "stage": Filter("", STAGE, "MQL or SQL."),
        "state": filters.word("state", State),
    }

    @override
    def rows(self) -> QuerySet[Version]:
        stage = self.asked.get("stage")
        return _rows().filter(kind=KINDS[stage]) if stage else _rows()

    def post(self, request: Request) -> Response:
        sent = dict(self.sent())
        stage = Stage(sent.pop("stage"))
        row = definitions.draft(stage, Draft(**sent), by=self.user, at=clock.now())
        return _tagged(self, row)


class DefinitionDetail(Endpoint):
    """One version; PATCH changes a draft and needs ``If-Match`` with its ETag."""

    permission = Permission.DEFINITIONS_VIEW
    write_permission = Permission.DEFINITIONS_EDIT
    out = DefinitionOut
    body = DefinitionChangeBody

    def get(self, request: Request, pk: int) -> Response:
        return _tagged(self, _definition(pk))

    def patch(self, request: Request, pk: int) -> Response:
        row = _definition(pk)
        revision = revision_of(request)
        said = definitions.written(row)
        new = Draft(**{**vars(said), **self.sent()})
        row = definitions.revise(
            row, new, revision=revision, by=self.user, at=clock.now()
        )
        return _tagged(self, row)


class DefinitionProposal(Endpoint):
    """POST puts a draft before both functions, which sign on its page."""

    permission = Permission.DEFINITIONS_VIEW
    write_permission = Permission.DEFINITIONS_EDIT
    out = DefinitionOut
    body = ProposalBody
    status = {"POST": 200}

    def post(self, request: Request, pk: int) -> Response:
        sent = self.sent()
        row = versions.propose(
            _definition(pk),
            by=self.user,
            at=clock.now(),
            sign_by_at=sent.get("sign_by_at"),
        )
        return _tagged(self, row)


class CriteriaSchema(Endpoint):
    """The JSON Schema of criteria."""

    permission = Permission.DEFINITIONS_VIEW

    def get(self, request: Request) -> Response:
        return Response(schema())


class LeadExplanation(Endpoint):
    """Why a lead meets the definition of a stage, or what is missing.

    It is judged now, by the version it was stamped with in its present round, else by
    the one in force; 404 where there is none.
    """

    permission = Permission.LEADS_VIEW
    out = LeadExplanationOut
    parameters = {"stage": Filter("", STAGE, "MQL, if not given.")}

    def get(self, request: Request, pk: int) -> Response:
        lead = get_object_or_404(rules.leads_visible_to(self.user), pk=pk)
        stage = Stage(self.asked.get("stage") or Stage.MQL)
        found = explain(lead, stage, at=clock.now())
        if found is None:
            raise Http404
        return Response(explanation_of(found))
