"""Definitions of a qualified lead: all versions, and one of them."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Function, Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.documents.enums import Standing
from foundation.documents.models import Version
from foundation.documents.queries import versions
from foundation.documents.rules import capacities
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from leads.enums import Stage
from leads.queries.definitions import KINDS, NAMES, STAGES, definition_of, draft_of
from leads.queries.matching import matching
from leads.queries.words.reading import reading
from leads.views.versions import (
    PAGE,
    document,
    version_context,
    version_of,
)


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
        "name": NAMES[stage],
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


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def definition_detail(request: UserRequest, pk: int) -> HttpResponse:
    frame = live()
    context = {**version_context(request.user, version_of(pk)), **frame}
    return page(request, PAGE, context, partial="definition-body")


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def definition_count(request: UserRequest, pk: int) -> HttpResponse:
    """Count the leads that meet a version, and the one in force, in one statement."""
    version, at = version_of(pk), clock.now()
    holding = versions.in_force(version.kind, at=at)
    definition, faults = draft_of(version)
    asked = [] if faults else [definition]
    if holding is not None and holding != version:
        asked.append(definition_of(holding))
    counts = matching([each.criteria for each in asked], at=at) if asked else []
    context = {
        "version": version,
        "unfinished": bool(faults),
        "count": None if faults else counts[0],
        "holding": holding if holding != version else None,
        "holding_count": counts[-1] if counts else None,
    }
    return page(request, "leads/definition_count.html", context)


@requires(Permission.DEFINITIONS_VIEW)
@require_GET
def definition_reading(request: UserRequest, pk: int) -> HttpResponse:
    """Say in the reader's language what a version asks for."""
    version = version_of(pk)
    context = {"version": version, **document(draft_of(version)[0])}
    return page(request, "leads/definition_reading.html", context)
