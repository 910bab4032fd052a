from collections.abc import Collection

from leads.models import AttributeChange


def given_in(entry_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Return who got which lead in these ledger entries, by entry and lead.

    Leads that were taken away from somebody and given to nobody are left out. One
    statement.
    """
    rows = AttributeChange.objects.filter(
        entry__in=entry_ids, subject="lead", field="owner"
    ).order_by("pk")
    found = rows.values_list("entry_id", "subject_id", "value")
    return {(entry, lead): int(value) for entry, lead, value in found if value}
