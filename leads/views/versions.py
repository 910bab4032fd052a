"""What all pages about one version of a definition share."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from foundation.accounts.enums import Function, Permission
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.accounts.rules import has_permission
from foundation.documents.enums import Standing, State
from foundation.documents.models import Comment, Version
from foundation.documents.queries import versions
from foundation.documents.rules import capacities
from foundation.kernel import clock
from leads.enums import Stage
from leads.forms import CommentForm, ProposeForm, RejectForm
from leads.queries.definitions import STAGES, Definition, draft_of
from leads.queries.words.reading import Line, Words, reading

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
PAGE = "leads/definition_detail.html"


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
    definition, faults = draft_of(version)
    words = Words(definition.criteria)
    places = places_of(words)
    signatures = list(version.signatures.select_related("signed_by"))
    signed = {each.function for each in signatures}
    mine = capacities(user)
    proposed = version.state == State.PROPOSED
    context = {
        **heading(version, at),
        **document(definition, words),
        "unfinished": len({fault.pointer for fault in faults}) + (not version.title),
        "signatures": signatures,
        "waits_for": [f for f in Function if f not in signed] if proposed else [],
        "may_edit": has_permission(user, Permission.DEFINITIONS_EDIT),
        "may_sign": proposed and bool(set(mine) - signed),
        "may_reject": proposed and bool(mine),
        "comments": comments_of(version, places),
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


def comments_of(version: Version, places: dict[str, str]) -> list[dict[str, Any]]:
    rows: list[Comment] = list(version.comments.select_related("written_by"))
    return [
        {"row": row, "team": row.written_by.function, "about": places.get(row.place)}
        for row in rows
    ]


def _others(version: Version, at: datetime) -> list[tuple[Version, Standing]]:
    rows = [row for row in versions.of_kind(version.kind) if row != version]
    standings = versions.standings(rows, at=at)
    return [(row, standings[row.pk]) for row in rows]
