"""What leads are called in a sentence."""

from collections.abc import Collection

from leads.enums import Exclusion
from leads.models import Lead


def called(lead_ids: Collection[int]) -> dict[int, str]:
    """Return what these leads are called: the person and the company. One statement.

    One that was withdrawn with its load is not there any more.
    """
    rows = Lead.objects.filter(pk__in=lead_ids).exclude(exclusion=Exclusion.WITHDRAWN)
    return {row.pk: _name(row) for row in rows.select_related("company")}


def _name(lead: Lead) -> str:
    company = lead.company.name if lead.company is not None else ""
    return f"{lead.name} ({company})" if company and company != lead.name else lead.name
