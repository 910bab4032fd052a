"""Write a number of qualified leads into the draft of the agreement."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.documents.enums import State
from foundation.documents.models import Version
from foundation.documents.queries import versions
from foundation.ledger import actions as ledger
from sla.actions import agreements
from sla.actions.agreements import Draft
from sla.enums import ClauseKind
from sla.queries import agreement as queries
from sla.queries.agreement import DOCUMENT

_FREE: dict[str, Any] = {"segment": "", "source": "", "priority": None}


def set_volume(leads: int, period: str, *, by: User, at: datetime) -> Version:
    """Make the number of leads of a period the volume clause of the newest draft.

    Without a draft one begins with what is in force. The clause that is narrowed to
    nothing is replaced, others stay.

    Raises:
        WrongAgreementText: so many cannot be promised.
    """
    with ledger.entry(by=by, at=at, cause="documents"):
        row = versions.of_kind(DOCUMENT).filter(state=State.DRAFT).first()
        said = agreements.written(row) if row else _begun(at)
        own = {
            "kind": ClauseKind.VOLUME.value,
            "measure": "count",
            "period": period,
            "leads": leads,
        }
        clauses = _with(said.form["clauses"], own)
        new = Draft(**{**vars(said), "form": {**said.form, "clauses": clauses}})
        if row is None:
            return agreements.draft(new, by=by, at=at)
        return agreements.revise(row, new, revision=row.revision, by=by, at=at)


def _begun(at: datetime) -> Draft:
    holding = queries.in_force(at=at)
    title = _("Between sales and marketing")
    if holding is None:
        return Draft(title, form={"clauses": []})
    if holding.document is None:
        return Draft(title, form=agreements.form_from(holding))
    said = agreements.written(holding.document)
    return Draft(said.title, said.prose, said.form)


def _with(clauses: list[dict[str, Any]], own: dict[str, Any]) -> list[dict[str, Any]]:
    def is_general(clause: dict[str, Any]) -> bool:
        free = all(clause[name] == blank for name, blank in _FREE.items())
        return clause["kind"] == ClauseKind.VOLUME and free

    kept = [own if is_general(clause) else clause for clause in clauses]
    return kept if own in kept else [*kept, own]
