"""Definitions of a qualified lead: all versions, one of them, what is done to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.accounts.enums import Function, Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.accounts.rules import has_permission
from foundation.documents.actions import versions as actions
from foundation.documents.actions.versions import NotASigner, WrongDocument
from foundation.documents.enums import Capacity, Standing, State
from foundation.documents.models import Comment, Version
from foundation.documents.queries import versions
from foundation.documents.rules import capacities
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from foundation.kernel.periods import start_of
from foundation.ledger.queries import live
from leads.actions import definitions
from leads.actions.definitions import Draft
from leads.enums import Stage
from leads.forms import CommentForm, ProposeForm, RejectForm
from leads.queries.definitions import KINDS, STAGES, Definition, definition_of
from leads.queries.matching import matching
from leads.queries.words.reading import Line, Words, names_of, reading
from leads.views.comparing import compared

STAGE_NAMES = {
    Stage.MQL: gettext_lazy("Marketing qualified lead"),
    Stage.SQL: gettext_lazy("Sales qualified lead"),
}
TONES = {
    Standing.DRAFT: "warn",
    Standing.PROPOSED: "warn",
    Standing.UPCOMING: "good",
    Standing.ACTIVE: "good",
}
_PAGE = "leads/definition_detail.html"
_FIRST: dict[str, Any] = {
    "rules": {"all": [{"field": "lead.email", "op": "present"}]},
}
"""What the very first version begins with."""


# All versions


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def definition_list(request: UserRequest) -> HttpResponse:
    frame, at = live(), clock.now()
    rows = list(
        Version.objects.filter(kind__in=STAGES)
        .order_by("-number")
        .select_related("drafted_by", "proposed_by", "closed_by")
        .prefetch_related("signatures__signed_by")
    )
    standings = versions.standings(rows, at=at)
    mine = set(capacities(request.user))
    context = {
        "stages": [
            _of_stage(stage, [row for row in rows if row.kind == kind], standings, mine)
            for stage, kind in KINDS.items()
        ],
        **frame,
    }
    return page(
        request, "leads/definition_list.html", context, partial="definition-stages"
    )


def _of_stage(
    stage: Stage,
    rows: list[Version],
    standings: dict[int, Standing],
    mine: set[Function],
) -> dict[str, Any]:
    by: dict[Standing, list[Version]] = {standing: [] for standing in Standing}
    for row in rows:
        by[standings[row.pk]].append(row)
    active = next(iter(by[Standing.ACTIVE]), None)
    definition = definition_of(active) if active else None
    return {
        "stage": stage,
        "name": STAGE_NAMES[stage],
        "active": active,
        "reading": reading(definition.criteria) if definition else None,
        "upcoming": by[Standing.UPCOMING],
        "proposals": [_proposal(row, mine) for row in by[Standing.PROPOSED]],
        "drafts": by[Standing.DRAFT],
        "past": [
            (row, standings[row.pk])
            for row in rows
            if standings[row.pk]
            in {Standing.SUPERSEDED, Standing.REJECTED, Standing.WITHDRAWN}
        ],
        "any": bool(rows),
    }


def _proposal(row: Version, mine: set[Function]) -> dict[str, Any]:
    signed = {Function(each.function): each for each in row.signatures.all()}
    return {
        "version": row,
        "waits_for": [each for each in Function if each not in signed],
        "signed": list(signed.values()),
        "is_mine": bool(mine - set(signed)),
    }


# One version


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def definition_detail(request: UserRequest, pk: int) -> HttpResponse:
    frame = live()
    context = {**version_context(request.user, version_of(pk)), **frame}
    return page(request, _PAGE, context, partial="definition-body")


def version_of(pk: int) -> Version:
    """Return a version of a definition, or say that there is none."""
    rows = Version.objects.filter(kind__in=STAGES)
    return get_object_or_404(
        rows.select_related("drafted_by", "proposed_by", "closed_by"), pk=pk
    )


def heading(version: Version, at: datetime) -> dict[str, Any]:
    """Return what stands at the top of every page about a version."""
    standing = versions.standings([version], at=at)[version.pk]
    holding = versions.in_force(version.kind, at=at)
    return {
        "version": version,
        "stage_name": STAGE_NAMES[STAGES[version.kind]],
        "standing": standing,
        "tone": TONES.get(standing, ""),
        "holding": holding if holding != version else None,
        "counts": standing in {Standing.DRAFT, Standing.PROPOSED, Standing.UPCOMING},
    }


def version_context(user: User, version: Version, **sent: forms.Form) -> dict[str, Any]:
    """Return what the page of a version shows; ``sent`` replaces forms."""
    at = clock.now()
    definition = definition_of(version)
    words = Words(definition.criteria)
    places = places_of(words)
    signatures = list(version.signatures.select_related("signed_by"))
    signed = {each.function for each in signatures}
    mine = capacities(user)
    proposed = version.state == State.PROPOSED
    context = {
        **heading(version, at),
        **document(definition, words),
        "signatures": signatures,
        "waits_for": [f for f in Function if f not in signed] if proposed else [],
        "may_edit": has_permission(user, Permission.DEFINITIONS_EDIT),
        "may_sign": proposed and bool(set(mine) - signed),
        "may_reject": proposed and bool(mine),
        "comments": _comments(version, places),
        "others": _others(version, at),
        "until": versions.next_after(version),
        "overdue": proposed
        and version.sign_by_at is not None
        and version.sign_by_at <= at,
        "propose_form": ProposeForm(
            initial={
                "revision": version.revision,
                "sign_by": workspace.current().today(at) + timedelta(days=14),
            },
            auto_id="propose_%s",
        ),
        "reject_form": RejectForm(auto_id="reject_%s"),
        "comment_form": CommentForm(places=list(places.items()), auto_id="comment_%s"),
    }
    return {**context, **sent}


def document(definition: Definition, words: Words | None = None) -> dict[str, Any]:
    """Return a definition as it is read: its rules line by line, and in words."""
    words = words or Words(definition.criteria)
    found = reading(definition.criteria, words.names)
    return {
        "reading": found,
        "tree": nested(found.lines),
        "second_chance": definition.second_chance * 100,
    }


def places_of(words: Words) -> dict[str, str]:
    """Return what can be commented on: each condition in words, by its pointer."""
    return {
        condition.pointer: str(words.condition(condition).capitalized)
        for condition in words.criteria.conditions()
    }


type Tree = list[tuple[Line, Tree]]


def nested(lines: list[Line]) -> Tree:
    """Return lines with those that belong to each."""
    root: Tree = []
    levels = [root]
    for line in lines:
        inner: Tree = []
        levels[line.depth].append((line, inner))
        levels[line.depth + 1 :] = [inner]
    return root


def _comments(version: Version, places: dict[str, str]) -> list[dict[str, Any]]:
    rows: list[Comment] = list(version.comments.select_related("written_by"))
    return [
        {"row": row, "team": row.written_by.function, "about": places.get(row.place)}
        for row in rows
    ]


def _others(version: Version, at: datetime) -> list[tuple[Version, Standing]]:
    rows = [row for row in versions.of_kind(version.kind) if row != version]
    standings = versions.standings(rows, at=at)
    return [(row, standings[row.pk]) for row in rows]


# What is done to a version: one post each, answered with its page


type Act = Callable[[Version, datetime], Version | None]


@requires(Permission.DEFINITIONS_EDIT)
@require_POST
def definition_create(request: UserRequest) -> HttpResponse:
    """Begin the first version of a definition, or open the draft there is."""
    stage = Stage.SQL if request.POST.get("stage") == Stage.SQL else Stage.MQL
    at = clock.now()
    newest = versions.of_kind(KINDS[stage]).first()
    if newest is not None:
        return _draft_next(newest, by=request.user, at=at)
    new = Draft(str(STAGE_NAMES[stage]), criteria=_FIRST)
    row = definitions.draft(stage, new, by=request.user, at=at)
    return redirect("leads:definition-edit", pk=row.pk)


@requires(Permission.DEFINITIONS_EDIT)
@require_POST
def definition_next(request: UserRequest, pk: int) -> HttpResponse:
    """Begin the next version as a copy of this one."""
    return _draft_next(version_of(pk), by=request.user, at=clock.now())


def _draft_next(version: Version, *, by: User, at: datetime) -> HttpResponse:
    """Copy a version; a copy of it that nobody has touched yet is opened instead."""
    text = definitions.written(version)
    new = Draft(text.title, text.prose, text.criteria, text.second_chance)
    same = versions.of_kind(version.kind).filter(
        state=State.DRAFT,
        drafted_by=by,
        revision=1,
        title=new.title,
        prose=new.prose,
        content=version.content,
    )
    row = same.first() or definitions.draft(STAGES[version.kind], new, by=by, at=at)
    return redirect("leads:definition-edit", pk=row.pk)


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
@require_http_methods(["GET", "POST"])
def definition_sign(request: UserRequest, pk: int) -> HttpResponse:
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
            messages.success(request, _signed(version))
            return redirect("leads:definition-detail", pk=pk)
    context = {**_signing(request.user, version, at), "refusal": refusal}
    status = refusal.status if refusal else 200
    return page(request, "leads/definition_sign.html", context, status=status)


def _signing(user: User, version: Version, at: datetime) -> dict[str, Any]:
    signatures = list(version.signatures.select_related("signed_by"))
    signed = {each.function for each in signatures}
    proposed = version.state == State.PROPOSED
    return {
        **heading(version, at),
        **document(definition_of(version)),
        "signatures": signatures,
        "for": [
            {"function": function, "capacity": Capacity(capacity)}
            for function, capacity in capacities(user).items()
            if proposed and function not in signed
        ],
        "at": at,
    }


def _signed(version: Version) -> str:
    if version.state == State.SIGNED:
        return _("Signed by both teams.")
    return _("Signed. It holds once the other team has signed, too.")


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
    return page(request, _PAGE, {**context, **live()}, status=status)


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
    messages.error(request, str(refusal))


# Regions


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def definition_count(request: UserRequest, pk: int) -> HttpResponse:
    """Count the leads that meet a version, and the one in force, in one statement."""
    version, at = version_of(pk), clock.now()
    holding = versions.in_force(version.kind, at=at)
    asked = [version]
    if holding is not None and holding != version:
        asked.append(holding)
    counts = matching([definition_of(each).criteria for each in asked], at=at)
    context = {
        "version": version,
        "count": counts[0],
        "holding": holding if len(counts) > 1 else None,
        "holding_count": counts[-1],
    }
    return page(request, "leads/definition_count.html", context)


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def definition_reading(request: UserRequest, pk: int) -> HttpResponse:
    """Say in the reader's language what a version asks for."""
    version = version_of(pk)
    context = {"version": version, **document(definition_of(version))}
    return page(request, "leads/definition_reading.html", context)


@requires(Permission.DEFINITIONS_VIEW)
@require_http_methods(["GET", "POST"])
def definition_comments(request: UserRequest, pk: int) -> HttpResponse:
    """Show what was said about a version, or say something."""
    version, at = version_of(pk), clock.now()
    places = places_of(Words(definition_of(version).criteria))
    form = CommentForm(
        request.POST or None, places=list(places.items()), auto_id="comment_%s"
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            actions.comment(
                version, data["text"], by=request.user, at=at, place=data["place"]
            )
            if not request.htmx:
                return redirect("leads:definition-detail", pk=pk)
            status, form = (
                200,
                CommentForm(places=list(places.items()), auto_id="comment_%s"),
            )
    context = {
        "version": version,
        "comments": _comments(version, places),
        "comment_form": form,
    }
    return page(request, "leads/definition_comments.html", context, status=status)


# Comparison


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def definition_compare(request: UserRequest, pk: int, other: int) -> HttpResponse:
    """Show what two versions of a definition differ in, side by side."""
    after, before = version_of(pk), version_of(other)
    if before.kind == after.kind and before.number > after.number:
        return redirect("leads:definition-compare", pk=other, other=pk)
    rows = [definition_of(each) for each in (before, after)]
    names = names_of(*(row.criteria for row in rows))
    context = {
        **heading(after, clock.now()),
        "before": before,
        "before_name": STAGE_NAMES[STAGES[before.kind]],
        "parts": compared(rows[0], rows[1], names),
    }
    return page(request, "leads/definition_compare.html", context)
