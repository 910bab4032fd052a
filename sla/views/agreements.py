"""The agreement as a document: its versions, one of them, and what is done to it."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.accounts.enums import Function, Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import User
from foundation.documents.actions import versions as actions
from foundation.documents.enums import Standing, State
from foundation.documents.forms import ProposeForm, RejectForm
from foundation.documents.models import Version
from foundation.documents.queries import versions
from foundation.documents.rules import capacities
from foundation.documents.views import pages
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from sla.actions import agreements
from sla.actions.agreements import Draft
from sla.queries import agreement as queries
from sla.queries.agreement import DOCUMENT
from sla.views import documents

PREFIX = "sla:agreement"
_PAGE = "sla/agreement_detail.html"


def version_of(pk: int) -> Version:
    """Return a version of the agreement, or say that there is none."""
    rows = Version.objects.filter(kind=DOCUMENT)
    return get_object_or_404(
        rows.select_related("drafted_by", "proposed_by", "closed_by"), pk=pk
    )


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def agreement_list(request: UserRequest) -> HttpResponse:
    """Show all versions: what holds, what waits for signatures, drafts, the past."""
    frame, at = live(), clock.now()
    rows = list(versions.of_kind(DOCUMENT).prefetch_related("signatures__signed_by"))
    standings = versions.standings(rows, at=at)
    mine = set(capacities(request.user))
    context = {
        "rows": [_row(row, standings[row.pk], mine) for row in rows],
        "holding": queries.in_force(at=at),
        **frame,
    }
    return page(request, "sla/agreement_list.html", context, partial="versions")


def _row(row: Version, standing: Standing, mine: set[Function]) -> dict[str, Any]:
    signed = {Function(each.function) for each in row.signatures.all()}
    proposed = row.state == State.PROPOSED
    return {
        "version": row,
        "standing": standing,
        "tone": pages.TONES.get(standing, ""),
        "address": pages.addresses(PREFIX, row),
        "signed": list(row.signatures.all()),
        "waits_for": [f for f in Function if f not in signed] if proposed else [],
        "is_mine": proposed and bool(mine - signed),
    }


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def agreement_detail(request: UserRequest, pk: int) -> HttpResponse:
    frame = live()
    context = {**version_context(request.user, version_of(pk)), **frame}
    return page(request, _PAGE, context, partial="agreement-body")


def version_context(user: User, version: Version, **sent: forms.Form) -> dict[str, Any]:
    """Return what the page of a version shows; ``sent`` replaces forms."""
    at, form = clock.now(), version.content
    return {
        **pages.heading(PREFIX, version, at),
        **documents.document(form),
        **pages.life(
            user,
            version,
            edit=Permission.AGREEMENT_EDIT,
            places=documents.places(form),
            at=at,
        ),
        **sent,
    }


@requires(Permission.AGREEMENT_EDIT)
@require_POST
def agreement_create(request: UserRequest) -> HttpResponse:
    """Draft the next version from what is in force, signed or not."""
    at = clock.now()
    holding = queries.in_force(at=at)
    newest = versions.of_kind(DOCUMENT).first()
    if holding is not None and holding.document is not None:
        return _draft_next(holding.document, by=request.user, at=at)
    if newest is not None and newest.state == State.DRAFT:
        return redirect("sla:agreement-edit", pk=newest.pk)
    form = agreements.form_from(holding) if holding else {"clauses": []}
    new = Draft(_("Between sales and marketing"), form=form)
    row = agreements.draft(new, by=request.user, at=at)
    return redirect("sla:agreement-edit", pk=row.pk)


@requires(Permission.AGREEMENT_EDIT)
@require_POST
def agreement_next(request: UserRequest, pk: int) -> HttpResponse:
    """Begin the next version as a copy of this one."""
    return _draft_next(version_of(pk), by=request.user, at=clock.now())


def _draft_next(version: Version, *, by: User, at: datetime) -> HttpResponse:
    """Copy a version; a copy of it that nobody has touched yet is opened instead."""
    said = agreements.written(version)
    new = Draft(said.title, said.prose, said.form)
    text = agreements.text_of(new)
    same = versions.of_kind(DOCUMENT).filter(
        state=State.DRAFT,
        drafted_by=by,
        revision=1,
        title=text.title,
        prose=text.prose,
        content=text.content,
    )
    row = same.first() or agreements.draft(new, by=by, at=at)
    return redirect("sla:agreement-edit", pk=row.pk)


@requires(Permission.AGREEMENT_EDIT)
@require_POST
def agreement_propose(request: UserRequest, pk: int) -> HttpResponse:
    form = ProposeForm(request.POST, auto_id="propose_%s")

    def act(version: Version, at: datetime) -> Version:
        revision, until = form.cleaned_data["revision"], pages.sign_by(form)
        return agreements.propose(
            version, by=request.user, at=at, sign_by_at=until, revision=revision
        )

    done = _("Proposed. Both teams can read, comment and sign it now.")
    return _do(request, pk, act, done, propose_form=form)


@requires(Permission.AGREEMENT_VIEW)
@require_http_methods(["GET", "POST"])
def agreement_sign(request: UserRequest, pk: int) -> HttpResponse:
    """Show the text that is signed with its hash; sign the hash that was read."""
    version, at = version_of(pk), clock.now()
    if not capacities(request.user):
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        try:
            digest = request.POST.get("digest", "")
            version = actions.sign(version, digest=digest, by=request.user, at=at)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, pages.told_of(version))
            return redirect("sla:agreement-detail", pk=pk)
    context = {
        **pages.heading(PREFIX, version, at),
        **documents.document(version.content),
        **pages.signing(request.user, version, at),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return page(request, "sla/agreement_sign.html", context, status=status)


@requires(Permission.AGREEMENT_VIEW)
@require_POST
def agreement_reject(request: UserRequest, pk: int) -> HttpResponse:
    if not capacities(request.user):
        raise PermissionDenied
    form = RejectForm(request.POST, auto_id="reject_%s")

    def act(version: Version, at: datetime) -> Version:
        reason = form.cleaned_data["reason"]
        return actions.reject(version, reason=reason, by=request.user, at=at)

    return _do(request, pk, act, _("Rejected, with your reason."), reject_form=form)


@requires(Permission.AGREEMENT_EDIT)
@require_POST
def agreement_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    def act(version: Version, at: datetime) -> Version:
        return actions.withdraw(version, by=request.user, at=at)

    return _do(request, pk, act, _("Withdrawn."))


def _do(
    request: UserRequest, pk: int, act: pages.Act, done: str, **sent: forms.Form
) -> HttpResponse:
    """Do one act and go to the page of the version, or say there what is amiss."""
    status = pages.do(request, version_of(pk), act, done, sent)
    if status == 302:
        return redirect("sla:agreement-detail", pk=pk)
    context = version_context(request.user, version_of(pk), **sent)
    return page(request, _PAGE, {**context, **live()}, status=status)


@requires(Permission.AGREEMENT_VIEW)
@require_http_methods(["GET", "POST"])
def agreement_comments(request: UserRequest, pk: int) -> HttpResponse:
    """Show what was said about a version, or say something."""
    version, at = version_of(pk), clock.now()
    places = documents.places(version.content)
    form, status = pages.comment_form(places, request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            actions.comment(
                version, data["text"], by=request.user, at=at, place=data["place"]
            )
            if not request.htmx:
                return redirect("sla:agreement-detail", pk=pk)
            status, form = 200, pages.comment_form(places)
    context = {
        "version": version,
        "address": pages.addresses(PREFIX, version),
        "comments": pages.comments(version, places),
        "comment_form": form,
    }
    return page(request, "documents/comments.html", context, status=status)


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def agreement_compare(request: UserRequest, pk: int, other: int) -> HttpResponse:
    """Show what two versions differ in, prose and promises side by side."""
    after, before = version_of(pk), version_of(other)
    if before.number > after.number:
        return redirect("sla:agreement-compare", pk=other, other=pk)
    context = {
        **pages.heading(PREFIX, after, clock.now()),
        "before": before,
        "before_address": pages.addresses(PREFIX, before),
        "parts": documents.compared(before, after),
    }
    return page(request, "sla/agreement_compare.html", context)
