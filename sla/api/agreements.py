"""The agreement over the API: read, drafted, revised, proposed, signed, rejected.

A signature is a person's: programs, which sign for no function, are refused.
"""

from typing import Any, override

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
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
from foundation.kernel.api.if_match import revision_of
from sla.actions import agreements
from sla.actions.agreements import Draft
from sla.api.agreement_serializers import (
    AgreementBody,
    AgreementChangeBody,
    AgreementOut,
    AgreementProposalBody,
    AgreementRejectionBody,
    AgreementSignatureBody,
    AgreementWithdrawalBody,
    ClauseOut,
)
from sla.enums import ClauseKind, Side
from sla.models import Clause
from sla.queries.agreement import DOCUMENT, in_force

_TEXT = ("title", "prose", "effective_at", "review_on")


def _rows() -> QuerySet[Version]:
    rows = Version.objects.filter(kind=DOCUMENT).prefetch_related("signatures")
    return with_standing(rows, at=clock.now())


def _version(pk: int) -> Version:
    return get_object_or_404(_rows(), pk=pk)


def _tagged(endpoint: Endpoint, row: Version) -> Response:
    """Write a version as it stands now, with the ETag that a change of it needs."""
    answer = endpoint.answer(_version(row.pk))
    answer["ETag"] = f'"{row.revision}"'
    return answer


def _draft(sent: dict[str, Any], said: Draft) -> Draft:
    """Return what a draft says with what was sent in place of it."""
    text = {name: sent.pop(name) for name in _TEXT if name in sent}
    return Draft(**{**vars(said), **text, "form": {**said.form, **sent}})


class Agreements(ListEndpoint[Version]):
    """Versions of the agreement; POST drafts the next one.

    What came with the product is version 1 and nobody's document; `clauses` has what
    is in force.
    """

    permission = Permission.AGREEMENT_VIEW
    write_permission = Permission.AGREEMENT_EDIT
    out = AgreementOut
    body = AgreementBody
    filters = {"state": filters.word("state", State)}

    @override
    def rows(self) -> QuerySet[Version]:
        return _rows()

    def post(self, request: Request) -> Response:
        new = _draft(dict(self.sent()), Draft(""))
        return _tagged(self, agreements.draft(new, by=self.user, at=clock.now()))


class AgreementDetail(Endpoint):
    """One version; PATCH changes a draft and needs ``If-Match`` with its ETag."""

    permission = Permission.AGREEMENT_VIEW
    write_permission = Permission.AGREEMENT_EDIT
    out = AgreementOut
    body = AgreementChangeBody

    def get(self, request: Request, pk: int) -> Response:
        return _tagged(self, _version(pk))

    def patch(self, request: Request, pk: int) -> Response:
        row, revision = _version(pk), revision_of(request)
        new = _draft(dict(self.sent()), agreements.written(row))
        row = agreements.revise(
            row, new, revision=revision, by=self.user, at=clock.now()
        )
        return _tagged(self, row)


class _Act(Endpoint):
    """What is done to a version, answered with the version."""

    permission = Permission.AGREEMENT_VIEW
    write_permission = Permission.AGREEMENT_EDIT
    out = AgreementOut
    status = {"POST": 200}


class AgreementProposal(_Act):
    """POST puts a draft before both functions, with the hours written into it."""

    body = AgreementProposalBody

    def post(self, request: Request, pk: int) -> Response:
        row = agreements.propose(
            _version(pk),
            by=self.user,
            at=clock.now(),
            sign_by_at=self.sent().get("sign_by_at"),
        )
        return _tagged(self, row)


class AgreementSignature(_Act):
    """POST signs for every function that the caller signs for, the text of a digest."""

    write_permission = Permission.AGREEMENT_VIEW
    body = AgreementSignatureBody

    def post(self, request: Request, pk: int) -> Response:
        row = versions.sign(
            _version(pk), digest=self.sent()["digest"], by=self.user, at=clock.now()
        )
        return _tagged(self, row)


class AgreementRejection(_Act):
    """POST says no to a proposal for the caller's function, with the reason."""

    write_permission = Permission.AGREEMENT_VIEW
    body = AgreementRejectionBody

    def post(self, request: Request, pk: int) -> Response:
        row = versions.reject(
            _version(pk), reason=self.sent()["reason"], by=self.user, at=clock.now()
        )
        return _tagged(self, row)


class AgreementWithdrawal(_Act):
    """POST takes back a draft or a proposal that is not signed by both."""

    body = AgreementWithdrawalBody

    def post(self, request: Request, pk: int) -> Response:
        self.sent()
        return _tagged(
            self, versions.withdraw(_version(pk), by=self.user, at=clock.now())
        )


class Clauses(ListEndpoint[Clause]):
    """The clauses of the agreement in force, in their agreed order."""

    permission = Permission.AGREEMENT_VIEW
    out = ClauseOut
    filters = {
        "kind": filters.word("kind", ClauseKind),
        "side": filters.word("side", Side),
    }
    ordering = "id"

    @override
    def rows(self) -> QuerySet[Clause]:
        agreement = in_force(at=clock.now())
        return Clause.objects.filter(agreement=agreement).select_related("agreement")
