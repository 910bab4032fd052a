"""Shares and their 95 % interval, exact to the tenth place."""

from dataclasses import dataclass
from decimal import ROUND_05UP, Context, Decimal, localcontext

Z = Decimal("1.959963984540054")
"""The 97.5 % quantile of the standard normal distribution, for 95 % on both sides."""

PLACES = Decimal("1e-10")
SMALL = 30
_EXACT = Context(prec=60, rounding=ROUND_05UP)


@dataclass(frozen=True)
class Interval:
    """Where the true share lies with 95 % confidence; both ends are included."""

    low: Decimal
    high: Decimal


def tenth(number: Decimal) -> Decimal:
    """Cut to ten places so that rounding further gives what the exact number would.

    Towards zero, but never to a last place of 0 or 5 that was not exact: 15 ÷ 493 =
    0.030425963488… is 0.0304259634, and at nine places 0.030425963 as it should be.
    """
    return number.quantize(PLACES, context=_EXACT)


def ratio(numerator: Decimal | int, denominator: Decimal | int) -> Decimal | None:
    """Return numerator ÷ denominator at ten places; no value at denominator 0."""
    if not denominator:
        return None
    return tenth(_EXACT.divide(Decimal(numerator), Decimal(denominator)))


def wilson(successes: int, n: int) -> Interval | None:
    """Return Wilson's score interval of a share at ten places.

    There is none without cases, nor where more are counted above the line than below,
    which only damaged records can show (`manage.py verify_numbers` names them).

    Wilson, "Probable inference, the law of succession, and statistical inference"
    (1927): (p + z²/2n ± z √(p·q/n + z²/4n²)) ÷ (1 + z²/n), q = 1 - p.
    """
    if not 0 <= successes <= n or not n:
        return None
    with localcontext(_EXACT):
        share, square = Decimal(successes) / n, Z * Z
        half = Z * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
        middle, whole = share + square / (2 * n), 1 + square / n
        low = (middle - half) / whole if successes else Decimal(0)
        high = (middle + half) / whole if successes < n else Decimal(1)
    return Interval(tenth(low), tenth(high))


def is_small(n: int) -> bool:
    """Tell whether so few cases make a value that nothing is built on."""
    return n < SMALL
