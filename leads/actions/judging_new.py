"""Judge leads before they are written, so that one that qualifies is written once."""

from collections.abc import Sequence
from datetime import datetime

from foundation.documents.models import Version
from leads.domain.criteria.judging import Facts, evaluate
from leads.enums import Stage
from leads.models import Company, Lead
from leads.queries import definitions
from leads.queries.facts import values_of


def qualified(rows: Sequence[Lead], *, at: datetime) -> tuple[Version | None, set[int]]:
    """Return the MQL definition in force, and the places of the leads that meet it.

    A lead that is not there yet has no touches. Takes one statement, another where
    leads have companies, and another where the definition speaks of days.
    """
    held = definitions.in_force(Stage.MQL, at=at) if rows else None
    if held is None:
        return None, set()
    companies = Company.objects.in_bulk({r.company_id for r in rows if r.company_id})
    days = definitions.days_of(held.criteria, at)
    found = set()
    for place, row in enumerate(rows):
        if row.company_id in companies:
            row.company = companies[row.company_id]
        if evaluate(held.criteria, Facts(values_of(row)), days).met:
            found.add(place)
    return held.version, found
