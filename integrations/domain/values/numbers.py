"""Numbers as people of several countries write them, kept exactly.

Thousands may be grouped by spaces, apostrophes, points or commas; decimals follow a
point or a comma: ``1234.5``, ``1 234,50``, ``1.234,50``, ``1,234.50``, ``1'234.50``.
One separator before exactly three digits (``1,234``, ``1.234``) may be read two ways.
Being wrong by a thousand is worse than asking, so it is refused unless the file says
what separates its decimals; exchange rates have no thousands, there it is a decimal.
"""

import re
from decimal import Decimal
from typing import Literal

from integrations.domain.problems import BadValue
from integrations.domain.values.columns import Parser, cut

type Sign = Literal["any", "zero or more", "above zero"]

# Hard and thin spaces, the typographic apostrophe and minus.
_MARKS = str.maketrans("\u00a0\u202f\u2009\u2019\u2212", "   '-")
_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,2})?", re.ASCII)
_SIMPLE = re.compile(r"(\d+)(?:([.,])(\d+))?", re.ASCII)
_GROUPED = re.compile(
    r"([1-9]\d{0,2}(?:([ '.,])\d{3})(?:\2\d{3})*)(?:((?!\2)[.,])(\d+))?", re.ASCII
)
_SEPARATORS = str.maketrans("", "", " '.,")


def amount_reader(
    places: int, *, below: int, sign: Sign = "any", decimal: str = ""
) -> Parser[Decimal]:
    """Read an amount of money with at most ``places`` decimals, not counting zeros.

    ``places`` is two at least; the amount stays between minus and plus ``below``.

    Raises:
        BadValue: no number, one that may be read two ways, or one outside these bounds.
    """

    def parse(text: str) -> Decimal:
        plain = _PLAIN.fullmatch(text)
        value = Decimal(text) if plain else _exact(text, places, decimal)
        return _bounded(value, text, below, sign)

    return parse


def rate_reader(places: int, *, below: int) -> Parser[Decimal]:
    """Read a positive ratio; a single separator always begins its decimals.

    Raises:
        BadValue: no number, or one outside these bounds.
    """

    def parse(text: str) -> Decimal:
        lone = _SIMPLE.fullmatch(text)
        value = _exact(text, places, (lone and lone[2]) or "")
        return _bounded(value, text, below, "above zero")

    return parse


def count_reader(*, below: int, decimal: str = "") -> Parser[int]:
    """Read a whole number from zero up to, but not including, ``below``.

    Raises:
        BadValue: no number, not whole, or outside these bounds.
    """

    def parse(text: str) -> int:
        value = _bounded(_decimal(text, decimal), text, below, "zero or more")
        if value != int(value):
            raise BadValue("not_a_whole_number", text=cut(text))
        return int(value)

    return parse


def _bounded(value: Decimal, text: str, below: int, sign: Sign) -> Decimal:
    if not -below < value < below:
        raise BadValue("number_too_large", text=cut(text))
    if value < 0 and sign != "any":
        raise BadValue("negative_number", text=cut(text))
    if value == 0 and sign == "above zero":
        raise BadValue("not_positive", text=cut(text))
    return value


def _exact(text: str, places: int, decimal: str) -> Decimal:
    value = _decimal(text, decimal)
    fraction = str(value).partition(".")[2]
    if len(fraction.rstrip("0")) > places:
        raise BadValue("too_many_decimals", text=cut(text), limit=places)
    return round(value, places) if len(fraction) > places else value


def _decimal(text: str, decimal: str) -> Decimal:
    unified = text.translate(_MARKS).strip()
    sign = "-" if unified.startswith("-") else ""
    digits = unified[1:].lstrip() if unified.startswith(("-", "+")) else unified
    whole, fraction = _parts(digits, decimal, text)
    return Decimal(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")


def _parts(digits: str, decimal: str, text: str) -> tuple[str, str]:
    """Return the digits before and after the decimal mark."""
    simple, grouped = _SIMPLE.fullmatch(digits), _GROUPED.fullmatch(digits)
    if simple and grouped and not decimal:
        raise BadValue("ambiguous_number", text=cut(text))
    if simple and (not grouped or simple[2] == decimal):
        return simple[1], simple[3] or ""
    if grouped:
        return grouped[1].translate(_SEPARATORS), grouped[4] or ""
    raise BadValue("not_a_number", text=cut(text))
