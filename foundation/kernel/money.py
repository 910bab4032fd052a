"""Amounts of money: exact decimals, cents at the edges, nothing lost on the way."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round an amount half-up (away from zero at the half) to two places."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def share_out(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split ``amount`` by ``weights`` into cents that add up to it exactly.

    Largest remainder: every part is rounded down to the cent and the cents left over
    go to the largest remainders, ties to the earlier part. Weights are not negative
    and one at least is positive.
    """
    total, sign = sum(weights, Decimal()), -1 if amount < 0 else 1
    exact = [abs(amount) * weight / total for weight in weights]
    parts = [part.quantize(CENT, rounding=ROUND_DOWN) for part in exact]
    left = int((abs(amount) - sum(parts, Decimal())) / CENT)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[:left]:
        parts[index] += CENT
    return [part * sign for part in parts]
