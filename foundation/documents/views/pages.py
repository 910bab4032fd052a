"""What the pages of all documents have in common: life, signatures, comments."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.enums import Function, Permission
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.accounts.rules import has_permission
from foundation.documents.actions.versions import NotASigner, WrongDocument
from foundation.documents.enums import Capacity, Standing, State
from foundation.documents.forms import CommentForm, ProposeForm, RejectForm
from foundation.documents.models import Comment, Version
from foundation.documents.queries import versions
from foundation.documents.rules import capacities
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.periods import start_of

TONES = {
    Standing.DRAFT: "warn",
    Standing.PROPOSED: "warn",
    Standing.UPCOMING: "good",
    Standing.ACTIVE: "good",
}
_PLACES = ("detail", "edit", "next", "propose", "sign", "reject", "withdraw")

type Act = Callable[[Version, datetime], Version | None]


def addresses(prefix: str, version: Version) -> dict[str, str]:
    """Return where the pages of a version are: ``prefix`` names them in common."""
    names = {name: f"{prefix}-{name}" for name in _PLACES}
    names["comments"] = f"{prefix}-comments-region"
    return {name: reverse(told, args=[version.pk]) for name, told in names.items()}


def heading(prefix: str, version: Version, at: datetime) -> dict[str, Any]:
    """Return what stands at the top of every page about a version."""
    standing = versions.standings([version], at=at)[version.pk]
    holding = versions.in_force(version.kind, at=at)
    return {
        "version": version,
        "address": addresses(prefix, version),
        "standing": standing,
        "tone": TONES.get(standing, ""),
        "holding": holding if holding != version else None,
    }


def life(
    user: User,
    version: Version,
    *,
    edit: Permission,
    places: Mapping[str, str],
    at: datetime,
) -> dict[str, Any]:
    """Return signatures, comments, and what somebody may do with a version.

    ``places`` are what can be commented on, in words, by JSON pointer.
    """
    signatures = list(version.signatures.select_related("signed_by"))
    signed = {each.function for each in signatures}
    mine, proposed = capacities(user), version.state == State.PROPOSED
    sign_by_at = version.sign_by_at
    return {
        "signatures": signatures,
        "waits_for": [f for f in Function if f not in signed] if proposed else [],
        "may_edit": has_permission(user, edit),
        "may_sign": proposed and bool(set(mine) - signed),
        "may_reject": proposed and bool(mine),
        "comments": comments(version, places),
        "others": _others(version, at),
        "until": versions.next_after(version),
        "overdue": proposed and sign_by_at is not None and sign_by_at <= at,
        "propose_form": propose_form(version.revision, at),
        "reject_form": RejectForm(auto_id="reject_%s"),
        "comment_form": comment_form(places),
    }


def propose_form(revision: int, at: datetime) -> ProposeForm:
    """Return the form that proposes a revision, to be signed within two weeks."""
    day = workspace.current().today(at) + timedelta(days=14)
    return ProposeForm(
        initial={"revision": revision, "sign_by": day}, auto_id="propose_%s"
    )


def comment_form(places: Mapping[str, str], data: Any = None) -> CommentForm:  # noqa: ANN401 -- what was posted
    """Return the form for a comment on the whole or on one of ``places``."""
    return CommentForm(data, places=list(places.items()), auto_id="comment_%s")


def comments(version: Version, places: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what was said about a version, with whose side and about what."""
    rows: list[Comment] = list(version.comments.select_related("written_by"))
    return [
        {"row": row, "team": row.written_by.function, "about": places.get(row.place)}
        for row in rows
    ]


def _others(version: Version, at: datetime) -> list[tuple[Version, Standing]]:
    rows = [row for row in versions.of_kind(version.kind) if row != version]
    standings = versions.standings(rows, at=at)
    return [(row, standings[row.pk]) for row in rows]


def signing(user: User, version: Version, at: datetime) -> dict[str, Any]:
    """Return what somebody who reads and signs a version is asked."""
    signatures = list(version.signatures.select_related("signed_by"))
    signed = {each.function for each in signatures}
    proposed = version.state == State.PROPOSED
    return {
        "signatures": signatures,
        "for": [
            {"function": function, "capacity": Capacity(capacity)}
            for function, capacity in capacities(user).items()
            if proposed and function not in signed
        ],
        "at": at,
    }


def told_of(version: Version) -> str:
    """Say what a signature has brought about."""
    if version.state == State.SIGNED:
        return _("Signed by both teams.")
    return _("Signed. It holds once the other team has signed, too.")


def sign_by(form: ProposeForm) -> datetime | None:
    """Return the end of the day by which a valid form asks for signatures."""
    day = form.cleaned_data["sign_by"]
    if day is None:
        return None
    return start_of(day + timedelta(days=1), workspace.zone())


def do(
    request: HttpRequest,
    version: Version,
    act: Act,
    done: str,
    sent: Mapping[str, forms.Form],
    *,
    said: Callable[[DomainError], str] = str,
) -> int:
    """Do one act, or say at its field or above the page what is amiss.

    ``sent`` are the forms by the names of their context. ``said`` puts a refusal into
    words. Returns 302 once it is done, else the status of
    the page that says why not.

    Raises:
        PermissionDenied: somebody who signs for nothing would have.
    """
    if not all(form.is_valid() for form in sent.values()):
        return 422
    try:
        act(version, clock.now())
    except NotASigner as refusal:
        raise PermissionDenied from refusal
    except DomainError as refusal:
        _tell(request, refusal, said(refusal), sent)
        return refusal.status
    messages.success(request, done)
    return 302


def _tell(
    request: HttpRequest,
    refusal: DomainError,
    said: str,
    sent: Mapping[str, forms.Form],
) -> None:
    names = {"sign_by_at": "sign_by"}
    field = names.get(refusal.field, refusal.field)
    for form in sent.values():
        if isinstance(refusal, WrongDocument) and field in form.fields:
            form.add_error(field, said)
            return
    messages.error(request, said)
