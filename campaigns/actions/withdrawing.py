"""Take back campaigns and spend that a load brought, in sets."""

from collections.abc import Collection, Mapping
from copy import copy
from datetime import datetime

from django.db.models import QuerySet

from campaigns.actions.putting_back import Values, put_back
from campaigns.models import Campaign, SpendEntry
from foundation.accounts.models import User
from foundation.ledger import actions as ledger


def withdraw_spend(ids: Collection[int], *, by: User | None, at: datetime) -> int:
    """Take spend back by withdrawals; what it had replaced is in force again.

    Returns how many entries were in force. Repeating it changes nothing.
    """
    with ledger.entry(by=by, at=at, cause="spend") as entry:
        gone = list(_in_force(ids).order_by("pk").select_for_update())
        numbers = [row.pk for row in gone]
        SpendEntry.objects.filter(pk__in=numbers).update(in_force=False)
        before = [row.corrects_id for row in gone if row.corrects_id]
        SpendEntry.objects.filter(pk__in=before).update(in_force=True)
        made = SpendEntry.objects.bulk_create(
            [_withdrawal(row, entry.pk, at) for row in gone], batch_size=10_000
        )
        entry.record_many(
            "campaigns.spend.withdrawn",
            (
                (("campaigns.spend", row.pk), {"campaign": row.campaign_id})
                for row in made
            ),
        )
    return len(gone)


def _in_force(ids: Collection[int]) -> QuerySet[SpendEntry]:
    return SpendEntry.objects.filter(pk__in=ids, in_force=True, is_withdrawal=False)


def _withdrawal(row: SpendEntry, entry: int, at: datetime) -> SpendEntry:
    made = copy(row)
    made.corrects_id, made.pk = row.pk, None
    made._state = copy(row._state)
    made._state.adding = True
    made.entry_id, made.recorded_at, made.is_withdrawal = entry, at, True
    return made


def withdraw_campaigns(ids: Collection[int], *, by: User | None, at: datetime) -> int:
    """Leave campaigns out of lists and numbers; loading them again brings them back.

    Returns how many there were. Repeating it changes nothing.
    """
    with ledger.entry(by=by, at=at, cause="campaigns") as entry:
        rows = Campaign.objects.filter(pk__in=ids, withdrawn_at__isnull=True)
        gone = sorted(rows.select_for_update().values_list("pk", flat=True))
        Campaign.objects.filter(pk__in=gone).update(withdrawn_at=at)
        entry.record_many(
            "campaigns.campaign.withdrawn",
            ((("campaigns.campaign", pk), {}) for pk in gone),
        )
    return len(gone)


def put_back_campaigns(
    values: Mapping[int, Values], *, by: User | None, at: datetime
) -> None:
    """Give campaigns these values (by id, then by attribute name)."""
    with ledger.entry(by=by, at=at, cause="campaigns") as entry:
        vacate = {"name": "\x01{id}", "external_system": "", "external_id": ""}
        put_back(Campaign, values, vacate=vacate)
        entry.record_many(
            "campaigns.campaign.changed",
            (
                (("campaigns.campaign", pk), {"fields": ",".join(sorted(given))})
                for pk, given in sorted(values.items())
            ),
        )
