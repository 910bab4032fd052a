"""How numbers are written: as exact decimal strings, the same everywhere."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

from kpis.domain.ratios import tenth

_PLACES = {"count": 0, "money": 2}
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def rounded(number: Decimal, unit: str) -> Decimal:
    """Round as the unit is written: counts and cents half-up, others to ten places.

    See `ratios.tenth` for the ten places.
    """
    if unit not in _PLACES:
        return tenth(number)
    return number.quantize(Decimal(1).scaleb(-_PLACES[unit]), context=_EXACT)


def written(number: Decimal | int | None, unit: str) -> str | None:
    """Write a number with all its places and no exponent; None stays None."""
    return None if number is None else f"{rounded(Decimal(number), unit):f}"


def written_all(
    numbers: Mapping[str, Decimal | None], unit: str
) -> dict[str, str | None]:
    """Write several numbers of one unit."""
    return {name: written(number, unit) for name, number in numbers.items()}
