"""Take back what a load said of deals and revenue, in sets."""

from collections.abc import Collection, Mapping
from datetime import datetime

from campaigns.actions.putting_back import Values, put_back
from deals import signals
from deals.models import Deal, DealChange, RevenueEntry
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads.actions.corrections import withdraw_facts


def withdraw_deal_changes(
    ids: Collection[int], *, by: User | None, at: datetime
) -> None:
    """Take changes of deals back; their rows are put back or withdrawn apart."""
    with ledger.entry(by=by, at=at, cause="deals") as entry:
        changes: dict[str, object] = {
            "recorded_at": at,
            "actor_id": by.pk if by else None,
        }
        rows = withdraw_facts(DealChange, ids, entry, changes=changes)
        if rows is not None:
            signals.deals_changed.send(DealChange, rows=rows, by=by, at=at)


def withdraw_deals(ids: Collection[int], *, by: User | None, at: datetime) -> int:
    """Leave deals out of lists and numbers; telling them again brings them back.

    Returns how many there were. Repeating it changes nothing.
    """
    with ledger.entry(by=by, at=at, cause="deals") as entry:
        rows = Deal.objects.filter(pk__in=ids, withdrawn_at__isnull=True)
        gone = dict(rows.select_for_update().values_list("pk", "lead_id"))
        Deal.objects.filter(pk__in=gone).update(withdrawn_at=at)
        entry.record_many(
            "deals.deal.withdrawn",
            ((("deals.deal", pk), {"lead": lead}) for pk, lead in sorted(gone.items())),
        )
    return len(gone)


def put_back_deals(
    values: Mapping[int, Values], *, by: User | None, at: datetime
) -> None:
    """Give deals these values (by id, then by attribute name)."""
    with ledger.entry(by=by, at=at, cause="deals") as entry:
        put_back(Deal, values, vacate={})
        entry.record_many(
            "deals.deal.put_back",
            (
                (("deals.deal", pk), {"fields": ",".join(sorted(given))})
                for pk, given in sorted(values.items())
            ),
        )


def withdraw_revenue(ids: Collection[int], *, by: User | None, at: datetime) -> None:
    """Take revenue entries back by withdrawals.

    Whoever calls this has made sure that no later reduction takes away from them.
    """
    with ledger.entry(by=by, at=at, cause="revenue") as entry:
        changes: dict[str, object] = {"recorded_at": at}
        rows = withdraw_facts(RevenueEntry, ids, entry, changes=changes)
        if rows is not None:
            signals.revenue_entered.send(RevenueEntry, rows=rows, by=by, at=at)
