"""Which documents wait for somebody's own signature."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.documents.models import Version
from foundation.documents.queries import kinds, versions
from foundation.documents.rules import capacities
from foundation.kernel import clock
from foundation.kernel.htmx import page


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def yours(request: UserRequest) -> HttpResponse:
    """Show the proposals that wait for somebody's own signature; a region of Today."""
    mine = set(capacities(request.user))
    rows = versions.awaiting_signature() if mine else []
    proposals = [
        _shown(row)
        for row in rows
        if mine & set(versions.unsigned(row)) and kinds.address_of(row)
    ]
    return page(request, "documents/yours.html", {"proposals": proposals})


def _shown(row: Version) -> dict[str, Any]:
    return {
        "version": row,
        "kind": kinds.label_of(row),
        "address": kinds.address_of(row),
        "overdue": row.sign_by_at is not None and row.sign_by_at <= clock.now(),
    }
