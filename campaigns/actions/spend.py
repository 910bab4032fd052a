from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from campaigns.models import SpendEntry
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.currencies.queries import rates
from foundation.ledger import actions as ledger


@dataclass(frozen=True)
class NewSpend:
    """Money spent on a campaign on one local day."""

    campaign_id: int
    day: date
    amount: Decimal
    currency: str
    category: str = ""
    external_system: str = ""
    external_id: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        own = (self.external_system, self.external_id)
        return (self.campaign_id, self.day, self.category, *own)


def enter_many(
    new: Sequence[NewSpend], *, by: User | None, at: datetime, cause: str = "spend"
) -> list[str]:
    """Enter spend; ``created``, ``updated`` or ``unchanged`` for each.

    One campaign, day, category and external id have one amount: another amount takes
    the earlier one's place, which stays known as it was. Amounts are converted at the
    rate of the day and stay so. The number of statements is constant.
    """
    base = workspace.current().base_currency
    factors = rates.factors({(item.currency, item.day) for item in new}, to=base)
    with ledger.entry(by=by, at=at, cause=cause) as entry:
        known = _known(new)
        codes: list[str] = []
        rows: list[SpendEntry] = []
        replaced: list[int] = []
        for item in new:
            old = known.get(item.key)
            same = old and (old.amount, old.currency) == (item.amount, item.currency)
            codes.append("unchanged" if same else "updated" if old else "created")
            if same:
                continue
            row = _row(item, factors[item.currency, item.day], at=at, entry=entry.pk)
            if old is not None and old._state.adding:
                rows.remove(old)
            elif old is not None:
                row.corrects_id = old.pk
                replaced.append(old.pk)
            rows.append(row)
            known[item.key] = row
        SpendEntry.objects.filter(pk__in=replaced).update(in_force=False)
        made = SpendEntry.objects.bulk_create(rows)
        entry.record_many(
            "campaigns.spend.entered",
            (
                (("campaigns.spend", row.pk), {"campaign": row.campaign_id})
                for row in made
            ),
        )
    return codes


def _known(new: Sequence[NewSpend]) -> dict[tuple[object, ...], SpendEntry]:
    rows = SpendEntry.objects.filter(
        campaign__in={item.campaign_id for item in new},
        day__in={item.day for item in new},
        in_force=True,
        is_withdrawal=False,
    )
    return {
        (r.campaign_id, r.day, r.category, r.external_system, r.external_id): r
        for r in rows.select_for_update()
    }


def _row(
    item: NewSpend, factor: Decimal | None, *, at: datetime, entry: int
) -> SpendEntry:
    return SpendEntry(
        entry_id=entry,
        campaign_id=item.campaign_id,
        day=item.day,
        category=item.category,
        amount=item.amount,
        currency=item.currency,
        base_amount=rates.convert(item.amount, factor),
        external_system=item.external_system,
        external_id=item.external_id,
        recorded_at=at,
    )
