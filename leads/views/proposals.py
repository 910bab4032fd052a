"""Putting a draft before both functions, and closing a proposal without signatures."""

from datetime import datetime

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.documents.actions import versions as actions
from foundation.documents.forms import ProposeForm, RejectForm
from foundation.documents.models import Version
from foundation.documents.rules import capacities
from foundation.documents.views import pages
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from leads.validators import WrongDefinition
from leads.views.versions import (
    PAGE,
    version_context,
    version_of,
)


@requires(Permission.DEFINITIONS_EDIT)
@require_POST
def definition_propose(request: UserRequest, pk: int) -> HttpResponse:
    form = ProposeForm(request.POST, auto_id="propose_%s")

    def act(version: Version, at: datetime) -> Version:
        revision, until = form.cleaned_data["revision"], pages.sign_by(form)
        return actions.propose(
            version, by=request.user, at=at, sign_by_at=until, revision=revision
        )

    done = _("Proposed. Both teams can read, comment and sign it now.")
    return _do(request, pk, act, done, propose_form=form)


@requires(Permission.DEFINITIONS_VIEW)
@require_POST
def definition_reject(request: UserRequest, pk: int) -> HttpResponse:
    if not capacities(request.user):
        raise PermissionDenied
    form = RejectForm(request.POST, auto_id="reject_%s")

    def act(version: Version, at: datetime) -> Version:
        reason = form.cleaned_data["reason"]
        return actions.reject(version, reason=reason, by=request.user, at=at)

    return _do(request, pk, act, _("Rejected, with your reason."), reject_form=form)


@requires(Permission.DEFINITIONS_EDIT)
@require_POST
def definition_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    def act(version: Version, at: datetime) -> Version:
        return actions.withdraw(version, by=request.user, at=at)

    return _do(request, pk, act, _("Withdrawn."))


def _do(
    request: UserRequest, pk: int, act: pages.Act, done: str, **sent: forms.Form
) -> HttpResponse:
    """Do one act and go to the page of the version, or say there what is amiss."""
    status = pages.do(request, version_of(pk), act, done, sent, said=_said)
    if status == 302:
        return redirect("leads:definition-detail", pk=pk)
    context = version_context(request.user, version_of(pk), **sent)
    return page(request, PAGE, {**context, **live()}, status=status)


def _said(refusal: DomainError) -> str:
    if isinstance(refusal, WrongDefinition):
        return _("It cannot run yet: %(why)s") % {"why": str(refusal)}
    return str(refusal)
