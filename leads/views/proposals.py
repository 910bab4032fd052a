"""Putting a draft before both functions, and closing a proposal without signatures."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.documents.actions import versions as actions
from foundation.documents.actions.versions import NotASigner, WrongDocument
from foundation.documents.models import Version
from foundation.documents.rules import capacities
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from foundation.kernel.periods import start_of
from foundation.ledger.queries import live
from leads.forms import ProposeForm, RejectForm
from leads.validators import WrongDefinition
from leads.views.versions import (
    PAGE,
    version_context,
    version_of,
)

type Act = Callable[[Version, datetime], Version | None]


@requires(Permission.DEFINITIONS_EDIT)
@require_POST
def definition_propose(request: UserRequest, pk: int) -> HttpResponse:
    form = ProposeForm(request.POST, auto_id="propose_%s")

    def act(version: Version, at: datetime) -> Version:
        day = form.cleaned_data["sign_by"]
        sign_by_at = (
            start_of(day + timedelta(days=1), workspace.zone()) if day else None
        )
        revision = form.cleaned_data["revision"]
        return actions.propose(
            version, by=request.user, at=at, sign_by_at=sign_by_at, revision=revision
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
    request: UserRequest, pk: int, act: Act, done: str, **sent: forms.Form
) -> HttpResponse:
    """Do one act and go to the page of the version, or say there what is amiss."""
    version = version_of(pk)
    status = 200 if all(form.is_valid() for form in sent.values()) else 422
    if status == 200:
        try:
            act(version, clock.now())
        except NotASigner as refusal:
            raise PermissionDenied from refusal
        except DomainError as refusal:
            status = refusal.status
            _tell(request, refusal, sent)
        else:
            if done:
                messages.success(request, done)
            return redirect(reverse("leads:definition-detail", args=[pk]))
    context = version_context(request.user, version_of(pk), **sent)
    return page(request, PAGE, {**context, **live()}, status=status)


def _tell(
    request: UserRequest, refusal: DomainError, sent: dict[str, forms.Form]
) -> None:
    """Say a refusal at its field, or above the page."""
    names = {"sign_by_at": "sign_by"}
    field = names.get(refusal.field, refusal.field)
    for form in sent.values():
        if isinstance(refusal, WrongDocument) and field in form.fields:
            form.add_error(field, str(refusal))
            return
    if isinstance(refusal, WrongDefinition):
        words = _("It cannot run yet: %(why)s")
        messages.error(request, words % {"why": str(refusal)})
        return
    messages.error(request, str(refusal))
