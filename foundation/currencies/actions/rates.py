from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser

from foundation.currencies.models import ExchangeRate
from foundation.ledger import actions as ledger


def publish_many(
    rates: Iterable[tuple[str, date, Decimal]],
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    reference: str = "EUR",
) -> int:
    """Add published rates: units of each currency for one unit of ``reference``.

    A rate that is there already stays as it is, because sums of the past never move.
    Returns how many were new.
    """
    rows = [
        ExchangeRate(reference=reference, currency=currency, day=day, rate=rate)
        for currency, day, rate in rates
    ]
    with ledger.entry(by=by, at=at, cause="rates") as entry:
        before = ExchangeRate.objects.count()
        ExchangeRate.objects.bulk_create(rows, batch_size=5_000, ignore_conflicts=True)
        new = ExchangeRate.objects.count() - before
        entry.record(
            "currencies.rates.published", subject=("workspace", 1), data={"n": new}
        )
    return new
