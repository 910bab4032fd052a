from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from integrations.domain.values import Sign


class Type(StrEnum):
    """What the cells of a column hold."""

    LINE = "line"
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    DOMAIN = "domain"
    MOMENT = "moment"
    DAY = "day"
    AMOUNT = "amount"
    RATE = "rate"
    COUNT = "count"
    FLAG = "flag"
    CHOICE = "choice"
    COUNTRY = "country"
    CURRENCY = "currency"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing a file can say about a record.

    ``limit``: most characters of a line or text. ``below``: what a number stays below.
    ``sign``: which amounts there can be. ``choices``: each value with the other words
    that mean it. ``words``: other names a column for it may have, in English, Romanian
    and Polish, separated by commas.
    """

    name: str
    type: Type
    help: str
    words: str = ""
    required: bool = False
    limit: int = 200
    below: int = 10**12
    sign: Sign = "zero or more"
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def but(self, **changes: str | bool | int) -> "Target":
        """Return the same target with some of its attributes changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
