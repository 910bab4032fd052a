"""What is known of leads, as criteria see it."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from leads.domain.criteria.fields import FIELDS
from leads.domain.criteria.judging import Facts, Touch
from leads.models import Company, Lead, Touchpoint

_OTHER = {"lead.campaign": "campaign_id", "lead.owner": "owner_id"}


def facts_of(lead_ids: Collection[int]) -> dict[int, Facts]:
    """Return what is known of leads today, by their ids, in two statements."""
    touches = defaultdict(list)
    rows = Touchpoint.objects.filter(
        Q(lead_id__in=lead_ids), in_force=True, is_withdrawal=False
    ).order_by("occurred_at", "pk")
    for pk, *touch in rows.values_list("lead_id", *Touch._fields):
        touches[pk].append(Touch(*touch))
    leads = Lead.objects.filter(pk__in=lead_ids).select_related("company")
    return {lead.pk: Facts(values_of(lead), touches[lead.pk]) for lead in leads}


def values_of(lead: Lead) -> dict[str, object]:
    """Return the values of a lead and its company by the names of fields."""
    values: dict[str, object] = {}
    for name, field in FIELDS.items():
        row: Lead | Company | None = lead if field.owner == "lead" else lead.company
        if name == "lead.email_domain":
            _, at, domain = lead.email_folded.rpartition("@")
            values[name] = domain if at else ""
        else:
            column = _OTHER.get(name, field.column)
            values[name] = None if row is None else getattr(row, column)
    return values
