"""Draws that anybody can check afterwards. Pure functions."""

from decimal import Decimal
from hashlib import sha256

_DIGITS = 12
_BOUND = 10**_DIGITS


def draw(*parts: str | int) -> Decimal:
    """Return a number from 0 to below 1, the same for the same parts, at twelve places.

    It is the SHA-256 of the parts, joined by colons, modulo 10 ** 12. The digest of a
    signed document among them was fixed before anybody could know what it will draw.
    """
    digest = sha256(":".join(map(str, parts)).encode()).digest()
    return Decimal(int.from_bytes(digest) % _BOUND).scaleb(-_DIGITS)
