"""Conversion with the last rate published on or before the event's own date."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext

from django.db import connection

from foundation.kernel.money import cents

type Pair = tuple[str, date]

_LAST_RATES = """
    SELECT wanted.currency, wanted.day, found.rate
    FROM unnest(%s::text[], %s::date[]) AS wanted(currency, day)
    LEFT JOIN LATERAL (
        SELECT rate FROM currencies_exchangerate r
        WHERE r.currency = wanted.currency AND r.reference = %s AND r.day <= wanted.day
        ORDER BY r.day DESC LIMIT 1
    ) AS found ON true
"""
REFERENCE = "EUR"


def factors(pairs: Iterable[Pair], *, to: str) -> dict[Pair, Decimal | None]:
    """Return what one unit of each currency was worth in ``to`` on each day.

    One statement for all pairs. The factor is unrounded (28 significant digits); it
    is None where no rate was published on or before the day, which callers keep as a
    missing conversion and show.
    """
    wanted = set(pairs)
    asked = {(c, d) for pair in wanted for c, d in (pair, (to, pair[1]))}
    rates = _last_rates({pair for pair in asked if pair[0] != REFERENCE})
    with localcontext() as context:
        context.prec = 28
        return {pair: _factor(pair, to, rates) for pair in wanted}


def _factor(pair: Pair, to: str, rates: dict[Pair, Decimal | None]) -> Decimal | None:
    currency, day = pair
    if currency == to:
        return Decimal(1)
    ours = Decimal(1) if currency == REFERENCE else rates[pair]
    theirs = Decimal(1) if to == REFERENCE else rates[to, day]
    return None if ours is None or theirs is None else theirs / ours


def _last_rates(pairs: set[Pair]) -> dict[Pair, Decimal | None]:
    if not pairs:
        return {}
    currencies, days = zip(*sorted(pairs), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_LAST_RATES, [list(currencies), list(days), REFERENCE])
        return {(row[0], row[1]): row[2] for row in cursor.fetchall()}


def convert(amount: Decimal, factor: Decimal | None) -> Decimal | None:
    """Return the amount converted, half-up to the cent; None without a rate."""
    return None if factor is None else cents(amount * factor)
