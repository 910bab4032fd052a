"""What all pages about one version of a definition share."""

from datetime import datetime
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404

from foundation.accounts.enums import Permission
from foundation.accounts.models import User
from foundation.documents.enums import Standing
from foundation.documents.models import Version
from foundation.documents.views import pages
from foundation.kernel import clock
from leads.queries.definitions import NAMES, STAGES, Definition, draft_of
from leads.queries.words.reading import Line, Words, reading

PREFIX = "leads:definition"
PAGE = "leads/definition_detail.html"


def version_of(pk: int) -> Version:
    """Return a version of a definition, or say that there is none."""
    rows = Version.objects.filter(kind__in=STAGES)
    return get_object_or_404(
        rows.select_related("drafted_by", "proposed_by", "closed_by"), pk=pk
    )


def heading(version: Version, at: datetime) -> dict[str, Any]:
    """Return what stands at the top of every page about a version."""
    told = pages.heading(PREFIX, version, at)
    return {
        **told,
        "stage_name": NAMES[STAGES[version.kind]],
        "counts": told["standing"]
        in {Standing.DRAFT, Standing.PROPOSED, Standing.UPCOMING},
    }


def version_context(user: User, version: Version, **sent: forms.Form) -> dict[str, Any]:
    """Return what the page of a version shows; ``sent`` replaces forms."""
    at = clock.now()
    definition, faults = draft_of(version)
    words = Words(definition.criteria)
    return {
        **heading(version, at),
        **document(definition, words),
        "unfinished": len({fault.pointer for fault in faults}) + (not version.title),
        **pages.life(
            user,
            version,
            edit=Permission.DEFINITIONS_EDIT,
            places=places_of(words),
            at=at,
        ),
        **sent,
    }


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
