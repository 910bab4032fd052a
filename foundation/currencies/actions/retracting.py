from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from foundation.currencies.models import ExchangeRate
from foundation.ledger import actions as ledger


def retract_many(
    ids: Collection[int], *, by: AbstractBaseUser | None, at: datetime
) -> int:
    """Take published rates back, which nothing was converted with; return how many.

    Whoever calls this has made sure of that: converted sums stay as they are. The
    ledger says how many went; repeating it changes nothing.
    """
    with ledger.entry(by=by, at=at, cause="rates") as entry:
        gone, _ = ExchangeRate.objects.filter(pk__in=ids).delete()
        if gone:
            entry.record(
                "currencies.rates.retracted", subject=("workspace", 1), data={"n": gone}
            )
    return gone
