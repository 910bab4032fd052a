"""Judge leads before they are written, so that one that qualifies is written once."""

from collections.abc import Sequence
from datetime import datetime

from foundation.accounts.queries import workspace
from leads.domain.criteria.days import Days
from leads.domain.criteria.fields import FIELDS, Type
from leads.domain.criteria.judging import Facts, evaluate
from leads.enums import Exclusion, Stage
from leads.models import Company, Lead
from leads.queries import definitions
from leads.queries.facts import values_of


def qualified(rows: Sequence[Lead], *, at: datetime) -> tuple[int | None, set[int]]:
    """Return the MQL definition in force, and the places of the leads that meet it.

    A lead that is not there yet has no touches, so only fields are looked at. Takes one
    statement, another where the definition speaks of companies, and another where it
    speaks of how old something is.
    """
    held = definitions.held(Stage.MQL, at=at) if rows else None
    if held is None:
        return None, set()
    pk, criteria = held
    fields = criteria.fields
    if any(FIELDS[name].owner == "company" for name in fields):
        _read_companies(rows)
    dated = any(FIELDS[name].type == Type.DATE for name in fields)
    # Without touches nothing fades, so no table of days is needed.
    days = Days(at, workspace.zone() if dated else definitions.UTC, 0)
    met = {
        place
        for place, row in enumerate(rows)
        if row.exclusion == Exclusion.NONE
        and evaluate(criteria, Facts(values_of(row, fields)), days).met
    }
    return pk, met


def _read_companies(rows: Sequence[Lead]) -> None:
    companies = Company.objects.in_bulk({r.company_id for r in rows if r.company_id})
    for row in rows:
        if row.company_id in companies:
            row.company = companies[row.company_id]
