"""What a period will bring if it goes on as it went."""

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

from kpis.domain.ratios import Z

_EXACT = Context(prec=30)


@dataclass(frozen=True)
class Forecast:
    """What is expected by the end, and the 95 % interval about it."""

    value: Decimal
    low: Decimal
    high: Decimal


def forecast(n: int, so_far: Decimal, *, passed: int, days: int) -> Forecast | None:
    """Return what a sum of ``n`` records comes to by the end of its period.

    Domain, chapter 5: count ÷ elapsed share, with a Poisson interval of the count; a
    sum of money goes with the count, each record being worth what the others were. The
    lower end is never below what there is already. There is none before the first
    record, nor once the period is over.

    Args:
        n: how many records there are so far.
        so_far: what they add up to, or ``n`` itself.
        passed: days of the period that have come, today included.
        days: all days of the period.
    """
    if n < 1 or so_far <= 0 or not 0 < passed < days:
        return None
    with localcontext(_EXACT):
        each, whole = so_far / n, Decimal(days) / passed
        low, high = poisson(n)
        return Forecast(
            so_far * whole, max(so_far, low * each * whole), high * each * whole
        )


def poisson(n: int) -> tuple[Decimal, Decimal]:
    """Return the 95 % interval of a Poisson mean of which ``n`` (≥ 1) were counted.

    Byar's approximation of the exact limits, within 1 % from five records on (Breslow
    and Day, "Statistical methods in cancer research", volume II, 1987, page 69):
    n(1 - 1/9n - z/3√n)³ and the same of n + 1 with a plus.
    """
    with localcontext(_EXACT):
        return _limit(Decimal(n), -Z), _limit(Decimal(n + 1), Z)


def _limit(n: Decimal, z: Decimal) -> Decimal:
    return n * (1 - 1 / (9 * n) + z / (3 * n.sqrt())) ** 3
