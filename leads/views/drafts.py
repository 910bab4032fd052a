"""Versions that are begun: the first of a definition, and the next one as a copy."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import User
from foundation.documents.enums import State
from foundation.documents.models import Version
from foundation.documents.queries import versions
from foundation.kernel import clock
from leads.actions import definitions
from leads.actions.definitions import Draft
from leads.enums import Stage
from leads.queries.definitions import KINDS, NAMES, STAGES
from leads.views.versions import version_of

_FIRST: dict[str, Any] = {
    "rules": {"all": [{"field": "lead.email", "op": "present"}]},
}
"""What the very first version begins with."""


@requires(Permission.DEFINITIONS_EDIT)
@require_POST
def definition_create(request: UserRequest) -> HttpResponse:
    """Begin the first version of a definition, or open the draft there is."""
    stage = Stage.SQL if request.POST.get("stage") == Stage.SQL else Stage.MQL
    at = clock.now()
    newest = versions.of_kind(KINDS[stage]).first()
    if newest is not None:
        return _draft_next(newest, by=request.user, at=at)
    new = Draft(str(NAMES[stage]), criteria=_FIRST)
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
    row = same.first() or definitions.draft(
        STAGES[version.kind], new, by=by, at=at, unfinished=True
    )
    return redirect("leads:definition-edit", pk=row.pk)
