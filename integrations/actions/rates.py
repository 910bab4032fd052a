"""Take exchange rates from a file."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from campaigns.actions.merge_outcomes import Change, Outcome, Told
from foundation.accounts.models import User
from foundation.currencies.actions.rates import publish_many
from foundation.currencies.models import ExchangeRate
from foundation.currencies.queries.rates import REFERENCE
from foundation.ledger import actions as ledger

type Key = tuple[str, str, date]
"""Reference, currency and day."""


def merge(told: Told, *, by: User | None, at: datetime, live: bool = False) -> Outcome:
    """Take the rows; see `Outcome` for the answer. ``live`` makes no difference.

    The targets are those of files of exchange rates
    (`integrations.domain.kinds.exchange_rates`). A rate that is published stays, so
    that sums of the past never move. The number of statements is constant.

    Refusals: ``rate_known`` (another rate is published for that day),
    ``same_currency``.
    """
    outcome = Outcome()
    with ledger.entry(by=by, at=at, cause="rates"):
        columns = ("base_currency", "currency", "day", "rate")
        cells = list(zip(*map(told.column, columns), strict=True))
        known = _known({day for _, _, day, _ in cells})
        new: dict[Key, Decimal] = {}
        for place, (base, currency, day, rate) in enumerate(cells):
            key = (base or REFERENCE, currency, day)
            published = known.get(key, new.get(key))
            if key[0] == currency:
                outcome.refuse(place, "same_currency", "currency")
            elif published is None:
                new[key] = rate
                outcome.count("created")
            elif published == rate:
                outcome.count("unchanged")
            else:
                outcome.refuse(place, "rate_known", "rate", rate=str(published))
        outcome.changes += _publish(new, by=by, at=at)
    return outcome


def _known(days: set[date]) -> dict[Key, Decimal]:
    rows = ExchangeRate.objects.filter(day__in=days)
    found = rows.values_list("reference", "currency", "day", "rate")
    return {
        (reference, currency, day): rate for reference, currency, day, rate in found
    }


def _publish(new: dict[Key, Decimal], *, by: User | None, at: datetime) -> list[Change]:
    """Publish rates by their reference; return the rows that were made."""
    by_reference: dict[str, list[tuple[str, date, Decimal]]] = defaultdict(list)
    for (reference, currency, day), rate in new.items():
        by_reference[reference].append((currency, day, rate))
    for reference, rates in sorted(by_reference.items()):
        publish_many(rates, by=by, at=at, reference=reference)
    if not new:
        return []
    days = {day for _, _, day in new}
    rows = ExchangeRate.objects.filter(day__in=days)
    ids = {(row.reference, row.currency, row.day): row.pk for row in rows}
    return [Change("currencies.rate", ids[key], {}, {}) for key in new]
